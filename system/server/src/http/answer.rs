//! Answers that are JSON.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_wire::{Write, to_text};

/// A body with status 200.
pub(crate) fn ok(body: &impl Write) -> Response {
    with_status(StatusCode::OK, body)
}

/// A body with a status.
pub(crate) fn with_status(status: StatusCode, body: &impl Write) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (status, content_type, to_text(body)).into_response()
}
