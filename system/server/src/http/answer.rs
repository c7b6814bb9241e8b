//! Answers that are JSON.

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_wire::{Write, to_text};

/// A body with status 200.
pub(crate) fn ok(body: &impl Write) -> Response {
    with_status(StatusCode::OK, body)
}

/// The body for a resource that now exists: status 201 when it is new, else 200.
pub(crate) fn created(is_new: bool, body: &impl Write) -> Response {
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    with_status(status, body)
}

/// A body with a status.
pub(crate) fn with_status(status: StatusCode, body: &impl Write) -> Response {
    json(status, to_text(body))
}

/// A body that is written already.
pub(crate) fn json(status: StatusCode, text: impl Into<Body>) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (status, content_type, text.into()).into_response()
}
