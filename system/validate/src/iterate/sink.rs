//! The log of session records, as the loop sees it.

use crate::session::SessionRecord;

/// A log of session records.
pub trait SessionSink: Send + Sync {
    /// Appends a record with the current time and the writer's name.
    ///
    /// # Errors
    /// The line could not be appended.
    fn append(&self, record: &SessionRecord) -> std::io::Result<()>;
}
