//! The log as a file.

use std::io;
use std::path::Path;

use lakehouse_base::ErrorCode;
use lakehouse_json::{MAX_DEPTH, ParseError, parse};
use lakehouse_log::json_lines::{JsonLines, numbered};

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

    /// The log's text, empty when the file does not exist. The rest of an append that was cut short
    /// is no part of it.
    ///
    /// # Errors
    /// [`FileError::NotUtf8`], [`FileError::Unreadable`].
    pub fn read(&self) -> Result<String, FileError> {
        let bytes = self.lines.read_bytes().map_err(FileError::Unreadable)?;
        acknowledged(bytes)
    }

    /// Appends an entry durably; returns the new number of entries. Removes the rest of an append
    /// that was cut short.
    ///
    /// # Errors
    /// A line of the log is not an entry, or the file cannot be read or written. Nothing is
    /// appended.
    pub fn append(&self, entry: &Entry) -> Result<usize, FileError> {
        // A log that can neither be read nor written is reported as unreadable.
        self.lines.read_bytes().map_err(FileError::Unreadable)?;
        let mut file = self.lines.lock().map_err(FileError::Unwritable)?;
        let bytes = file.read_bytes().map_err(FileError::Unreadable)?;
        let length = bytes.len();
        let log = acknowledged(bytes)?;
        let before = entries(&log)?.len();
        if log.len() < length {
            file.truncate(log.len() as u64)
                .map_err(FileError::Unwritable)?;
        }
        file.append(entry.text()).map_err(FileError::Unwritable)?;
        Ok(before + 1)
    }
}

/// The log without the rest of an append that was cut short: a last line that has no line feed and
/// is not JSON. No reader may take it for damage, because it was never acknowledged.
fn acknowledged(mut bytes: Vec<u8>) -> Result<String, FileError> {
    let start = bytes.iter().rposition(|byte| *byte == b'\n');
    let start = start.map_or(0, |line_feed| line_feed + 1);
    if is_cut_short(&bytes[start..]) {
        bytes.truncate(start);
    }
    String::from_utf8(bytes).map_err(|_| FileError::NotUtf8)
}

fn is_cut_short(last_line: &[u8]) -> bool {
    match std::str::from_utf8(last_line) {
        Ok(line) => numbered(line)
            .any(|(_, line)| matches!(parse(line, MAX_DEPTH), Err(ParseError::Invalid))),
        Err(_) => true,
    }
}
