//! The work that an artifact is for.

use jiff::civil::{Date, Time};

use crate::shift::Shift;

/// The work that an artifact is for. Every field is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The number of workers, 1 to 1000.
    pub count: Option<i64>,
    /// The role.
    pub role: Option<String>,
    /// The city of the work.
    pub city: Option<String>,
    /// The state of the work.
    pub state: Option<String>,
    /// The client.
    pub client: Option<String>,
    /// The day of the shift.
    pub date: Option<Date>,
    /// The start of the shift, a whole minute.
    pub start: Option<Time>,
    /// The end of the shift, a whole minute; on the next day when not later than the start.
    pub end: Option<Time>,
    /// The recipient of a message.
    pub worker_id: Option<String>,
}

impl Context {
    /// The shift, when its date, start and end are known.
    pub(crate) fn shift(&self) -> Option<Shift> {
        Some(Shift {
            date: self.date?,
            start: self.start?,
            end: self.end?,
        })
    }
}
