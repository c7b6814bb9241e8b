//! Errors of a segmented log.

use std::io;
use std::path::{Path, PathBuf};

use lakehouse_base::ErrorCode;

/// Why a segmented log cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The content of a segment is not what was written.
    #[error("file `{}` is damaged at byte {offset}: {reason}", file.display())]
    Damaged {
        /// The segment.
        file: PathBuf,
        /// The offset in bytes.
        offset: u64,
        /// What is wrong at that offset.
        reason: String,
    },
    /// The operating system reported an error.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// The attempted action.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl LogError {
    /// The kind of the failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Damaged { .. } => ErrorCode::Internal,
            Self::Io { source, .. } => ErrorCode::from_io(source),
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
