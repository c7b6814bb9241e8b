//! The kinds of failure that the system tells apart.

use std::io;

/// What kind of failure an error is. Typed errors carry one; the server alone maps it to an HTTP
/// status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The request is not of the form that the contract asks for.
    BadRequest,
    /// There is nothing under that name.
    NotFound,
    /// The route exists, the method does not.
    MethodNotAllowed,
    /// What is there already is not what the request says it is.
    Conflict,
    /// The request is larger than the limit.
    TooLarge,
    /// The request is well-formed, and what it says does not hold.
    Unprocessable,
    /// Too many requests at a time; the same request may pass later.
    Overloaded,
    /// The request took longer than its limit.
    TimedOut,
    /// Another program that is needed failed.
    Upstream,
    /// What had to be kept could not be written.
    StorageFull,
    /// A defect of our own.
    Internal,
}

impl ErrorCode {
    /// The kind of an error of the operating system: [`Self::StorageFull`] for a full disk or an
    /// exhausted quota, else [`Self::Internal`].
    pub fn from_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull,
            _ => Self::Internal,
        }
    }
}
