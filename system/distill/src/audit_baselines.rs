//! The log of audit metrics (`audit_baselines.md`): one JSON object per line, appended to by
//! several implementations.
//!
//! An [`Entry`] is checked and carried over, never printed anew. [`entries`], [`addition`] and
//! [`round_trip`] work on a log's text, [`BaselineFile`] on its file, and [`drift`] compares two
//! entries in integers.

mod drift;
mod entry;
mod file;
mod log;
mod rfc3339;

pub use drift::{Drift, Row, drift};
pub use entry::{Entry, EntryError, METRICS};
pub use file::{BaselineFile, FileError};
pub use log::{LogError, addition, entries, round_trip};
