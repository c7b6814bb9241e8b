//! The log of audit metrics (`audit_baselines.md`): JSON Lines that several implementations append
//! to.
//!
//! An [`Entry`] is checked and its text carried over, never formatted again. [`entries`],
//! [`addition`] and [`round_trip`] work on the text of a log, [`BaselineFile`] on its file, and
//! [`drift`] compares two entries in integers.

mod drift;
mod entry;
mod file;
mod log;
mod rfc3339;

pub use drift::{Drift, Row, drift};
pub use entry::{Entry, EntryError, METRICS};
pub use file::{BaselineFile, FileError};
pub use log::{LogError, addition, entries, round_trip};
