//! The log as a file that several processes append to.

use std::io;
use std::path::{Path, PathBuf};

use lakehouse_base::ErrorCode;
use lakehouse_base::append::append_once;

use super::{Entry, LogError, addition, entries};

/// The file of a data root.
#[derive(Debug, Clone)]
pub struct BaselineFile {
    path: PathBuf,
}

/// Why the file could not be worked with.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not UTF-8.
    #[error("log is not valid UTF-8")]
    NotUtf8,
    /// A line is not an entry.
    #[error(transparent)]
    Log(#[from] LogError),
    /// It is there and cannot be read.
    #[error("log cannot be read")]
    Unreadable(#[source] io::Error),
    /// The entry could not be appended.
    #[error("log cannot be written")]
    Unwritable(#[source] io::Error),
}

impl FileError {
    /// What kind of failure it is.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotUtf8 | Self::Log(_) => ErrorCode::Unprocessable,
            Self::Unreadable(_) => ErrorCode::Internal,
            Self::Unwritable(_) => ErrorCode::StorageFull,
        }
    }
}

impl BaselineFile {
    /// The file `data/_kb/audit_baselines.jsonl` below a root.
    pub fn below(root: &Path) -> Self {
        Self {
            path: root.join("data/_kb/audit_baselines.jsonl"),
        }
    }

    /// The log's text; that of an absent file is empty.
    ///
    /// # Errors
    /// When it is not UTF-8 or cannot be read.
    pub fn read(&self) -> Result<String, FileError> {
        match std::fs::read(&self.path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| FileError::NotUtf8),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(e) => Err(FileError::Unreadable(e)),
        }
    }

    /// Appends an entry with one write, and gives how many entries there are then.
    ///
    /// # Errors
    /// When the log is not sound, or cannot be read or written; nothing is appended then.
    pub fn append(&self, entry: &Entry) -> Result<usize, FileError> {
        let log = self.read()?;
        let before = entries(&log)?.len();
        let addition = addition(&log, entry);
        append_once(&self.path, addition.as_bytes()).map_err(FileError::Unwritable)?;
        Ok(before + 1)
    }
}
