//! The kinds of failure that the system distinguishes.

use std::io;

/// The kind of a failure. Every typed error has one; only the server maps it to an HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The request does not have the form that the contract requires.
    BadRequest,
    /// The request comes from a place that may not send it.
    Forbidden,
    /// The named thing does not exist.
    NotFound,
    /// The route exists, but not with this method.
    MethodNotAllowed,
    /// The request contradicts what already exists.
    Conflict,
    /// The request exceeds a size limit.
    TooLarge,
    /// The target of the request exceeds a size limit.
    TargetTooLong,
    /// The content is of a type that is not read.
    UnsupportedType,
    /// The request is well-formed, but its content is not acceptable.
    Unprocessable,
    /// The header of the request exceeds a size limit.
    HeaderTooLarge,
    /// The request needs a part of the protocol that is not supported.
    NotImplemented,
    /// What the request needs cannot be used until a person repairs it.
    Unavailable,
    /// There are too many requests at the same time; the same request may succeed later.
    Overloaded,
    /// The request exceeded its time limit.
    TimedOut,
    /// Another program that the request needs failed.
    Upstream,
    /// Data that must be stored could not be written.
    StorageFull,
    /// A defect of this program.
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
