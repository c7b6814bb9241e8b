//! What goes wrong with a store.

use std::error::Error;
use std::io;
use std::ops::Range;

use lakehouse_base::ErrorCode;

use crate::Key;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A key that is not of its form.
    #[error("key `{key}` is not valid: {fault}")]
    InvalidKey {
        /// As it came.
        key: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A location that no store can be opened at.
    #[error("cannot open store `{location}`: {fault}; use `file:///…`, `memory://` or a path")]
    InvalidLocation {
        /// As it came.
        location: String,
        /// What is wrong with it.
        fault: String,
    },
    /// There is no object under that key.
    #[error("no object `{key}`")]
    NotFound {
        /// The key.
        key: Key,
    },
    /// There is an object under that key already.
    #[error("object `{key}` exists already")]
    AlreadyExists {
        /// The key.
        key: Key,
    },
    /// A range that is empty or reaches beyond the object's end.
    #[error("object `{key}` has {size} bytes, not the range {}..{}", range.start, range.end)]
    OutOfRange {
        /// The key.
        key: Key,
        /// The bytes asked for.
        range: Range<u64>,
        /// The object's size in bytes.
        size: u64,
    },
    /// The disk is full, or a quota is used up.
    #[error("cannot {action} `{subject}`: no space left; make room and try again")]
    Full {
        /// What was done.
        action: &'static str,
        /// The key, or the location of the store.
        subject: String,
        /// What the backend said.
        source: io::Error,
    },
    /// It did not work now and may work later; what a write has done is not known.
    #[error("cannot {action} `{subject}` for now: {source}")]
    Unavailable {
        /// What was done.
        action: &'static str,
        /// The key, or the location of the store.
        subject: String,
        /// What the backend said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Anything else that the backend refused.
    #[error("cannot {action} `{subject}`: {source}")]
    Backend {
        /// What was done.
        action: &'static str,
        /// The key, or the location of the store.
        subject: String,
        /// What the backend said.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// What kind of failure it is.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidKey { .. } | Self::InvalidLocation { .. } | Self::OutOfRange { .. } => {
                ErrorCode::BadRequest
            }
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::AlreadyExists { .. } => ErrorCode::Conflict,
            Self::Full { .. } => ErrorCode::StorageFull,
            Self::Unavailable { .. } => ErrorCode::Upstream,
            Self::Backend { .. } => ErrorCode::Internal,
        }
    }

    /// An error of the operating system while doing `action` with `subject`.
    pub(crate) fn from_io(action: &'static str, subject: &str, error: io::Error) -> Self {
        let subject = subject.to_owned();
        match kind(&error) {
            Kind::Full => Self::Full {
                action,
                subject,
                source: error,
            },
            Kind::Transient => Self::Unavailable {
                action,
                subject,
                source: Box::new(error),
            },
            Kind::Other => Self::Backend {
                action,
                subject,
                source: Box::new(error),
            },
        }
    }

    /// An error of `object_store` while doing `action` with the object `key`.
    pub(crate) fn from_backend(
        action: &'static str,
        key: &Key,
        error: object_store::Error,
    ) -> Self {
        let key = key.clone();
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound { key },
            object_store::Error::AlreadyExists { .. }
            | object_store::Error::Precondition { .. } => Self::AlreadyExists { key },
            error => match io_error(&error).map(|e| (kind(e), e)) {
                Some((Kind::Full, io)) => Self::Full {
                    action,
                    subject: key.to_string(),
                    source: io::Error::new(io.kind(), error),
                },
                Some((Kind::Transient, _)) => Self::Unavailable {
                    action,
                    subject: key.to_string(),
                    source: Box::new(error),
                },
                _ => Self::Backend {
                    action,
                    subject: key.to_string(),
                    source: Box::new(error),
                },
            },
        }
    }
}

enum Kind {
    Full,
    Transient,
    Other,
}

fn kind(error: &io::Error) -> Kind {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::Full,
        io::ErrorKind::Interrupted
        | io::ErrorKind::WouldBlock
        | io::ErrorKind::TimedOut
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionRefused => Kind::Transient,
        _ => Kind::Other,
    }
}

/// The error of the operating system that is at the bottom of another, if one is.
fn io_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref() {
            return Some(io);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("as `object_store` wraps it")]
    struct Wrapped(#[source] io::Error);

    #[test]
    fn a_full_disk_and_a_passing_trouble_are_told_apart_from_the_rest() {
        let key = Key::parse("a/x").unwrap();
        let cases = [
            (io::ErrorKind::StorageFull, ErrorCode::StorageFull),
            (io::ErrorKind::QuotaExceeded, ErrorCode::StorageFull),
            (io::ErrorKind::TimedOut, ErrorCode::Upstream),
            (io::ErrorKind::PermissionDenied, ErrorCode::Internal),
        ];
        for (kind, code) in cases {
            let own = StoreError::from_io("write", "a/x", kind.into());
            let backend = object_store::Error::Generic {
                store: "test",
                source: Box::new(Wrapped(kind.into())),
            };
            let backend = StoreError::from_backend("write", &key, backend);
            assert_eq!(own.code(), code, "{own}");
            assert!(own.to_string().starts_with("cannot write `a/x`"), "{own}");
            assert_eq!(backend.code(), code, "{backend}");
        }
    }
}
