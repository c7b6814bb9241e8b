//! Errors of reading.

use std::borrow::Cow;

use lakehouse_base::ErrorCode;
use lakehouse_json::FieldError;

/// Why a value is rejected, worded as in the contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A member is unknown, absent or invalid.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A part of a filter is invalid.
    #[error("`{path}` must be {must_be}")]
    Filter {
        /// The path to that part: `filter.and[1].eq`.
        path: String,
        /// The requirement.
        must_be: Cow<'static, str>,
    },
    /// A member of an element of `items` is invalid.
    #[error("item {at}: {source}")]
    Item {
        /// The element's index.
        at: usize,
        /// The error.
        source: Box<ReadError>,
    },
    /// The value is not an object.
    #[error("must be a JSON object")]
    NotAnObject,
}

impl ReadError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}
