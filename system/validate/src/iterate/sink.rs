//! Where the loop leaves its record.

use crate::session::SessionRecord;

/// Where the records of runs go.
pub trait SessionSink: Send + Sync {
    /// Appends one record to the log, stamped with the time and the writer's name.
    ///
    /// # Errors
    /// When the line is not in the log.
    fn append(&self, record: &SessionRecord) -> std::io::Result<()>;
}
