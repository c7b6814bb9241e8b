//! What the request says about the work.

use jiff::civil::{Date, Time};
use lakehouse_base::calendar;
use lakehouse_json::{FieldError, Fields, Json, Object};

use crate::shift::{self, Shift};

/// The work that an artifact is for, as the request describes it. Every field is optional.
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
    /// Reads the `context` of a request; an absent one is empty.
    ///
    /// # Errors
    /// The first unacceptable member, named `context.…`.
    pub fn read(object: Option<&Object<'_>>) -> Result<Self, FieldError> {
        let Some(object) = object else {
            return Ok(Self::default());
        };
        let fields = Fields::new(object).with_prefix("context.").only(&[
            "count",
            "role",
            "city",
            "state",
            "client",
            "date",
            "start",
            "end",
            "worker_id",
        ])?;
        let text = |name| fields.optional(name, "a string", |v| v.as_str().map(str::to_owned));
        let time = |name| {
            let read = |v: &Json<'_>| calendar::parse_time(v.as_str()?);
            fields.optional(name, "a time (HH:MM)", read)
        };
        Ok(Self {
            count: fields.optional("count", "an integer from 1 to 1000", |v| {
                v.as_integer().filter(|n| (1..=1000).contains(n))
            })?,
            role: text("role")?,
            city: text("city")?,
            state: text("state")?,
            client: text("client")?,
            date: fields.optional("date", "a date (YYYY-MM-DD)", |v| {
                shift::parse_date(v.as_str()?)
            })?,
            start: time("start")?,
            end: time("end")?,
            worker_id: text("worker_id")?,
        })
    }

    /// The shift, when its date, start and end are known.
    pub(crate) fn shift(&self) -> Option<Shift> {
        Some(Shift {
            date: self.date?,
            start: self.start?,
            end: self.end?,
        })
    }
}
