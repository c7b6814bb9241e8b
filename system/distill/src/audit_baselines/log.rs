//! A log as text: its entries, what an append adds, and the log written anew.

use lakehouse_log::json_lines;

use super::{Entry, EntryError};

/// A line of a log that is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct LogError {
    /// Counted from 1, lines of white space included.
    pub line: usize,
    /// What is wrong with it.
    pub fault: EntryError,
}

/// The entries of a log; lines of white space are passed over.
///
/// # Errors
/// The first line that is not an entry.
pub fn entries(log: &str) -> Result<Vec<Entry>, LogError> {
    json_lines::numbered(log)
        .map(|(line, text)| Entry::read(text).map_err(|fault| LogError { line, fault }))
        .collect()
}

/// What an append adds behind a log: the entry and a line feed, and before them the line feed
/// that the log's last line lacks.
pub fn addition(log: &str, entry: &Entry) -> String {
    json_lines::continuation(log, entry.text())
}

/// The log written anew: every entry carried over, one per line.
///
/// # Errors
/// The first line that is not an entry.
pub fn round_trip(log: &str) -> Result<String, LogError> {
    let lines = entries(log)?
        .into_iter()
        .map(|entry| format!("{}\n", entry.text()));
    Ok(lines.collect())
}
