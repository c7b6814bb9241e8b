//! The log as text.

use lakehouse_log::json_lines;

use super::{Entry, EntryError};

/// A line of a log that is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct LogError {
    /// The line's number, counting every line from 1.
    pub line: usize,
    /// What is wrong with the line.
    pub fault: EntryError,
}

/// The entries of a log. Skips blank lines.
///
/// # Errors
/// The first line that is not an entry.
pub fn entries(log: &str) -> Result<Vec<Entry>, LogError> {
    json_lines::numbered(log)
        .map(|(line, text)| Entry::read(text).map_err(|fault| LogError { line, fault }))
        .collect()
}

/// The text to add to a log to append an entry, including the line feed that its last line may
/// lack.
pub fn addition(log: &str, entry: &Entry) -> String {
    json_lines::continuation(log, entry.text())
}

/// The log with every entry carried over, one per line, and no blank lines.
///
/// # Errors
/// The first line that is not an entry.
pub fn round_trip(log: &str) -> Result<String, LogError> {
    let lines = entries(log)?
        .into_iter()
        .map(|entry| format!("{}\n", entry.text()));
    Ok(lines.collect())
}
