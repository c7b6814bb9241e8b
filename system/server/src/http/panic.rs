//! A panic in a handler becomes a problem with status 500, and the server keeps running.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use lakehouse_base::ErrorCode;

use crate::http::problem::Problem;

/// The response to a panic. The panic's text is logged and not sent to the client.
pub fn respond(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    tracing::error!(panic = text, "a handler panicked");
    Problem::new(ErrorCode::Internal, "internal error").into_response()
}
