//! A log as text: its entries, what an append adds, and the log written anew.

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
    let is_blank = |line: &str| line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r'));
    let lines = (1..)
        .zip(log.split('\n'))
        .filter(|(_, line)| !is_blank(line));
    lines
        .map(|(line, text)| Entry::read(text).map_err(|fault| LogError { line, fault }))
        .collect()
}

/// What an append adds behind a log: the entry and a line feed, and before them the line feed
/// that the log's last line lacks.
pub fn addition(log: &str, entry: &Entry) -> String {
    let lacks_line_feed = !log.is_empty() && !log.ends_with('\n');
    let before = if lacks_line_feed { "\n" } else { "" };
    format!("{before}{}\n", entry.text())
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
