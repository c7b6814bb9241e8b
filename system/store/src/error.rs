//! Errors of a store.

use std::error::Error;
use std::io;

use lakehouse_base::ErrorCode;
use object_store::path::Path;

use crate::InvalidKey;

/// Why an action on a store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No store can be opened at this location.
    #[error("cannot open store `{location}`: {fault}; use `file:///…`, `memory://` or a path")]
    InvalidLocation {
        /// The rejected location.
        location: String,
        /// What is wrong with it.
        fault: String,
    },
    /// No store accepts this key.
    #[error(transparent)]
    InvalidKey(#[from] InvalidKey),
    /// There is no object under this key.
    #[error("no object `{key}`")]
    NotFound {
        /// The key.
        key: String,
    },
    /// There already is an object under this key.
    #[error("object `{key}` exists already")]
    AlreadyExists {
        /// The key.
        key: String,
    },
    /// The disk is full, or a quota is exhausted.
    #[error("cannot {action} `{subject}`: no space left; make room and try again")]
    Full {
        /// The attempted action.
        action: &'static str,
        /// The key, or the location of the store.
        subject: String,
        /// The store's error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A transient failure. The outcome of a write is unknown.
    #[error("cannot {action} `{subject}` for now: {source}")]
    Unavailable {
        /// The attempted action.
        action: &'static str,
        /// The key, or the location of the store.
        subject: String,
        /// The store's error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Any other failure of the store.
    #[error("cannot {action} `{subject}`: {source}")]
    Backend {
        /// The attempted action.
        action: &'static str,
        /// The key, or the location of the store.
        subject: String,
        /// The store's error.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// The error of attempting `action`, a verb such as `read`, on the object or prefix `key`.
    pub fn new(action: &'static str, key: &Path, error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound {
                key: key.to_string(),
            },
            object_store::Error::AlreadyExists { .. }
            | object_store::Error::Precondition { .. } => Self::AlreadyExists {
                key: key.to_string(),
            },
            error => match find::<InvalidKey>(&error) {
                Some(invalid) => invalid.clone().into(),
                None => Self::failed(action, key.as_ref(), error.into()),
            },
        }
    }

    /// An error of the operating system.
    pub(crate) fn from_io(action: &'static str, subject: &str, error: io::Error) -> Self {
        Self::failed(action, subject, error.into())
    }

    fn failed(action: &'static str, subject: &str, source: Box<dyn Error + Send + Sync>) -> Self {
        let subject = subject.to_owned();
        match Kind::of(&*source) {
            Kind::Full => Self::Full {
                action,
                subject,
                source,
            },
            Kind::Transient => Self::Unavailable {
                action,
                subject,
                source,
            },
            Kind::Other => Self::Backend {
                action,
                subject,
                source,
            },
        }
    }

    /// The kind of the failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidKey(_) | Self::InvalidLocation { .. } => ErrorCode::BadRequest,
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::AlreadyExists { .. } => ErrorCode::Conflict,
            Self::Full { .. } => ErrorCode::StorageFull,
            Self::Unavailable { .. } => ErrorCode::Upstream,
            Self::Backend { .. } => ErrorCode::Internal,
        }
    }
}

/// Whether the same call may succeed later.
pub(crate) fn is_transient(error: &object_store::Error) -> bool {
    matches!(Kind::of(error), Kind::Transient)
}

enum Kind {
    Full,
    Transient,
    Other,
}

impl Kind {
    /// Classifies by the error of the operating system that is the cause, if there is one.
    fn of(error: &(dyn Error + 'static)) -> Self {
        let Some(cause) = find::<io::Error>(error) else {
            return Self::Other;
        };
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::Interrupted
            | io::ErrorKind::WouldBlock
            | io::ErrorKind::TimedOut
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused => Self::Transient,
            _ => Self::Other,
        }
    }
}

/// The first error of a type in a chain of causes.
pub(crate) fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("wrapped")]
    struct Wrapped(#[source] io::Error);

    #[test]
    fn full_disks_and_transient_failures_are_recognized_at_any_depth() {
        let cases = [
            (io::ErrorKind::StorageFull, ErrorCode::StorageFull),
            (io::ErrorKind::QuotaExceeded, ErrorCode::StorageFull),
            (io::ErrorKind::TimedOut, ErrorCode::Upstream),
            (io::ErrorKind::PermissionDenied, ErrorCode::Internal),
        ];
        for (kind, code) in cases {
            let direct = StoreError::from_io("write", "a/x", kind.into());
            let wrapped = object_store::Error::Generic {
                store: "test",
                source: Box::new(Wrapped(kind.into())),
            };
            let wrapped = StoreError::new("write", &Path::from("a/x"), wrapped);
            for error in [direct, wrapped] {
                assert_eq!(error.code(), code, "{error}");
                assert!(
                    error.to_string().starts_with("cannot write `a/x`"),
                    "{error}"
                );
            }
        }
    }
}
