//! Reading the log of a process.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Lines of a log that are shown with a failure.
const TAIL_LINES: usize = 20;

/// The length of a log in bytes; 0 for a missing one.
#[must_use]
pub fn length(log: &Path) -> u64 {
    std::fs::metadata(log).map_or(0, |data| data.len())
}

/// The last lines of a log; empty for a missing one.
#[must_use]
pub fn tail(log: &Path) -> String {
    tail_from(log, 0)
}

/// The last lines that were added to a log after its first `start` bytes. When nothing was added
/// and `has_failed` is set, the last lines of the whole log: the cause may be older.
#[must_use]
pub fn tail_since(log: &Path, start: u64, has_failed: bool) -> String {
    let added = tail_from(log, start);
    if added.is_empty() && has_failed {
        return tail(log);
    }
    added
}

fn tail_from(log: &Path, start: u64) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let read = file
            .seek(SeekFrom::Start(start))
            .and_then(|_| file.read_to_end(&mut bytes));
        // The process may still write; show the part that was read.
        drop(read);
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
