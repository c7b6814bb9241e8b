//! Errors as `application/problem+json` (RFC 9457), made in this one place.
//!
//! A handler returns a [`Problem`]. Its response carries it along, and the trace-id middleware,
//! through which every response goes, writes the body: `type`, `title`, `status`, `detail`,
//! `trace_id`.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_base::{ErrorCode, TraceId, UpstreamError};
use lakehouse_json::{BodyError, FieldError, ObjectWriter};
use lakehouse_matrix::{MatrixError, matrix::IntakeError};
use lakehouse_models::embed::EmbedError;
use lakehouse_vector::{FilterError, VectorError, VectorFault};

/// The content type of every problem.
pub(crate) const CONTENT_TYPE: &str = "application/problem+json";

/// An error as the client is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: ErrorCode,
    detail: String,
    refusing_index: Option<Box<str>>,
}

impl Problem {
    /// A problem with the contract's text as `detail`.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            refusing_index: None,
        }
    }

    /// A request that is not of the form asked for.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, detail)
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        status_and_title(self.code).0
    }

    /// What is told.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The index that takes no more writes, where that is the problem.
    pub(crate) fn refusing_index(&self) -> Option<&str> {
        self.refusing_index.as_deref()
    }

    fn of_vector_error(mut self, error: &VectorError) -> Self {
        if let VectorError::Refusing { index, .. } = error {
            self.refusing_index = Some(index.clone());
        }
        self
    }

    /// The problem as its JSON text; without a trace id where there is no request to trace.
    pub fn body(&self, trace_id: Option<&TraceId>) -> String {
        let (status, title) = status_and_title(self.code);
        let mut body = String::with_capacity(160 + self.detail.len());
        let mut object = ObjectWriter::new(&mut body);
        object
            .string("type", "about:blank")
            .string("title", title)
            .integer("status", i64::from(status.as_u16()))
            .string("detail", &self.detail);
        if let Some(trace_id) = trace_id {
            object.string("trace_id", trace_id.as_str());
        }
        object.finish();
        body
    }
}

/// The one table from kinds of errors to statuses, with the titles of RFC 9110 and RFC 4918.
fn status_and_title(code: ErrorCode) -> (StatusCode, &'static str) {
    match code {
        ErrorCode::BadRequest => (StatusCode::BAD_REQUEST, "Bad Request"),
        ErrorCode::NotFound => (StatusCode::NOT_FOUND, "Not Found"),
        ErrorCode::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"),
        ErrorCode::Conflict => (StatusCode::CONFLICT, "Conflict"),
        ErrorCode::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Content Too Large"),
        ErrorCode::Unprocessable => (StatusCode::UNPROCESSABLE_ENTITY, "Unprocessable Content"),
        ErrorCode::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        ErrorCode::Upstream => (StatusCode::BAD_GATEWAY, "Bad Gateway"),
        ErrorCode::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        ErrorCode::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "Gateway Timeout"),
        ErrorCode::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "Insufficient Storage"),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if self.code == ErrorCode::Overloaded {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Errors whose texts are the contract's own.
macro_rules! told_as_they_are {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                Self::new(error.code(), error.to_string())
            }
        }
    )+};
}

told_as_they_are!(
    BodyError,
    FieldError,
    EmbedError,
    UpstreamError,
    FilterError,
);

impl From<VectorError> for Problem {
    fn from(error: VectorError) -> Self {
        Self::new(error.code(), error.to_string()).of_vector_error(&error)
    }
}

impl From<VectorFault> for Problem {
    fn from(fault: VectorFault) -> Self {
        VectorError::from(fault).into()
    }
}

impl From<MatrixError> for Problem {
    fn from(error: MatrixError) -> Self {
        let problem = Self::new(error.code(), error.to_string());
        match &error {
            MatrixError::Vector(error) => problem.of_vector_error(error),
            _ => problem,
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        Self {
            code,
            detail,
            ..error.source.into()
        }
    }
}
