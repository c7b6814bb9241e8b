//! Why a value is not of its shape.

use std::borrow::Cow;

use lakehouse_base::ErrorCode;
use lakehouse_json::FieldError;

/// Why a value is not of its shape, in the contract's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A member that is unknown, absent or wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A part of a filter.
    #[error("`{path}` must be {must_be}")]
    Filter {
        /// Where: `filter.and[1].eq`.
        path: String,
        /// What the contract wants there.
        must_be: Cow<'static, str>,
    },
    /// A member of an element of `items`.
    #[error("item {at}: {source}")]
    Item {
        /// The element's place, counted from 0.
        at: usize,
        /// What is wrong with it.
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
