//! The log as a file.

use std::io;
use std::path::Path;

use lakehouse_base::ErrorCode;
use lakehouse_log::json_lines::{JsonLines, ReadError};

use super::{Entry, LogError, entries};

/// The log file below a data root.
#[derive(Debug, Clone)]
pub struct BaselineFile {
    lines: JsonLines,
}

/// Why the log cannot be read or appended to.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file is not UTF-8.
    #[error("log is not valid UTF-8")]
    NotUtf8,
    /// A line is not an entry.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file exists but cannot be read.
    #[error("log cannot be read")]
    Unreadable(#[source] io::Error),
    /// The entry cannot be appended.
    #[error("log cannot be written")]
    Unwritable(#[source] io::Error),
}

impl FileError {
    /// The kind of the failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotUtf8 | Self::Log(_) => ErrorCode::Unprocessable,
            Self::Unreadable(_) => ErrorCode::Internal,
            Self::Unwritable(_) => ErrorCode::StorageFull,
        }
    }
}

impl BaselineFile {
    /// The file `data/_kb/audit_baselines.jsonl` below a data root.
    pub fn below(root: &Path) -> Self {
        Self {
            lines: JsonLines::new(root.join("data/_kb/audit_baselines.jsonl")),
        }
    }

    /// The log's text, empty when the file does not exist.
    ///
    /// # Errors
    /// [`FileError::NotUtf8`], [`FileError::Unreadable`].
    pub fn read(&self) -> Result<String, FileError> {
        self.lines.read().map_err(|error| match error {
            ReadError::NotUtf8 => FileError::NotUtf8,
            ReadError::Io(error) => FileError::Unreadable(error),
        })
    }

    /// Appends an entry with one write; returns the new number of entries.
    ///
    /// # Errors
    /// A line of the log is not an entry, or the file cannot be read or written. Nothing is
    /// appended.
    pub fn append(&self, entry: &Entry) -> Result<usize, FileError> {
        let log = self.read()?;
        let before = entries(&log)?.len();
        self.lines
            .append_after(&log, entry.text())
            .map_err(FileError::Unwritable)?;
        Ok(before + 1)
    }
}
