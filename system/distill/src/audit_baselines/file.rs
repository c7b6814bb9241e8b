//! The log as a file that several processes append to.

use std::io;
use std::path::Path;

use lakehouse_base::ErrorCode;
use lakehouse_log::json_lines::{JsonLines, ReadError};

use super::{Entry, LogError, entries};

/// The file of a data root.
#[derive(Debug, Clone)]
pub struct BaselineFile {
    lines: JsonLines,
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
            lines: JsonLines::new(root.join("data/_kb/audit_baselines.jsonl")),
        }
    }

    /// The log's text; that of an absent file is empty.
    ///
    /// # Errors
    /// When it is not UTF-8 or cannot be read.
    pub fn read(&self) -> Result<String, FileError> {
        self.lines.read().map_err(|error| match error {
            ReadError::NotUtf8 => FileError::NotUtf8,
            ReadError::Io(error) => FileError::Unreadable(error),
        })
    }

    /// Appends an entry with one write, and gives how many entries there are then.
    ///
    /// # Errors
    /// When the log is not sound, or cannot be read or written; nothing is appended then.
    pub fn append(&self, entry: &Entry) -> Result<usize, FileError> {
        let log = self.read()?;
        let before = entries(&log)?.len();
        self.lines
            .append_after(&log, entry.text())
            .map_err(FileError::Unwritable)?;
        Ok(before + 1)
    }
}
