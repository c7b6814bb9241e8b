//! Answers that are JSON.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// A body that is JSON already, with status 200.
pub(crate) fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// `{"name":count}` with status 200.
pub(crate) fn count(name: &str, count: usize) -> Response {
    json(format!("{{\"{name}\":{count}}}"))
}

/// `{"dropped":"name"}` with status 200; names have no character that is escaped.
pub(crate) fn dropped(name: &str) -> Response {
    json(format!("{{\"dropped\":\"{name}\"}}"))
}
