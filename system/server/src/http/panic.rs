//! The last line of defence: a panic in a handler is a problem of status 500, and ends nothing.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use lakehouse_base::ErrorCode;

use crate::http::problem::Problem;

/// What a client is told after a panic; what it said is logged, not told.
pub fn respond(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    tracing::error!(panic = text, "a handler panicked");
    Problem::new(ErrorCode::Internal, "internal error").into_response()
}
