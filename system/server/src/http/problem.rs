//! Errors as `application/problem+json` (RFC 9457), written in this one place.
//!
//! A handler returns a [`Problem`]. The response carries it as an extension, and the trace-id
//! middleware writes the body of every such response: `type`, `title`, `status`, `detail`,
//! `trace_id`.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_base::{ErrorCode, TraceId};
use lakehouse_json::{BodyError, FieldError};
use lakehouse_wire::{
    Count, ReadError,
    problem::{self, LineProblem, ProblemType},
    to_text,
};

/// An error as clients see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: ErrorCode,
    detail: String,
}

impl Problem {
    /// A problem with the contract's text as `detail`.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }

    /// A malformed request.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, detail)
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        status_and_title(self.code).0
    }

    /// What is wrong, in the contract's words.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The body of the response to a request.
    pub(crate) fn body(&self, trace_id: &TraceId) -> String {
        let (status, title) = status_and_title(self.code);
        to_text(&problem::Problem {
            r#type: ProblemType::AboutBlank,
            title,
            status: Count::clamped(status.as_u16().into()),
            detail: &self.detail,
            trace_id: trace_id.as_str(),
        })
    }

    /// The body of the answer to a line, which has no request to trace.
    pub(crate) fn line_body(&self) -> String {
        let (status, title) = status_and_title(self.code);
        to_text(&LineProblem {
            r#type: ProblemType::AboutBlank,
            title,
            status: Count::clamped(status.as_u16().into()),
            detail: &self.detail,
        })
    }
}

/// The value of a header as a detail shows it.
pub(crate) fn shown(value: &HeaderValue) -> String {
    let is_printable = |byte: &u8| matches!(byte, b' '..=b'~');
    let bytes = value.as_bytes().iter();
    let characters = bytes.map(|byte| {
        if is_printable(byte) {
            char::from(*byte)
        } else {
            '?'
        }
    });
    characters.collect()
}

/// The status of each kind of error, with its title from RFC 9110 or RFC 4918.
fn status_and_title(code: ErrorCode) -> (StatusCode, &'static str) {
    match code {
        ErrorCode::BadRequest => (StatusCode::BAD_REQUEST, "Bad Request"),
        ErrorCode::Forbidden => (StatusCode::FORBIDDEN, "Forbidden"),
        ErrorCode::NotFound => (StatusCode::NOT_FOUND, "Not Found"),
        ErrorCode::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"),
        ErrorCode::Conflict => (StatusCode::CONFLICT, "Conflict"),
        ErrorCode::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Content Too Large"),
        ErrorCode::TargetTooLong => (StatusCode::URI_TOO_LONG, "URI Too Long"),
        ErrorCode::UnsupportedType => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type")
        }
        ErrorCode::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, "Unprocessable Content"),
        ErrorCode::HeaderTooLarge => (
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Request Header Fields Too Large",
        ),
        ErrorCode::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        ErrorCode::Upstream => (StatusCode::BAD_GATEWAY, "Bad Gateway"),
        ErrorCode::NotImplemented => (StatusCode::NOT_IMPLEMENTED, "Not Implemented"),
        ErrorCode::Overloaded | ErrorCode::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        }
        ErrorCode::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "Gateway Timeout"),
        ErrorCode::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "Insufficient Storage"),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(problem::CONTENT_TYPE),
        );
        if self.code == ErrorCode::Overloaded {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes errors problems with the error's text as `detail`, for errors with texts of the contract.
macro_rules! problem_from {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for $crate::http::problem::Problem {
            fn from(error: $error) -> Self {
                Self::new(error.code(), error.to_string())
            }
        }
    )+};
}
pub(crate) use problem_from;

problem_from!(BodyError, FieldError, ReadError);
