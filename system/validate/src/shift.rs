//! Shifts and whether two overlap.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use lakehouse_base::calendar;
use lakehouse_json::Json;

/// Working hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The day of the start.
    pub date: Date,
    /// The start, a whole minute.
    pub start: Time,
    /// The end, a whole minute; on the next day when not later than the start.
    pub end: Time,
}

impl Shift {
    /// Reads `{"date":"YYYY-MM-DD","start":"HH:MM","end":"HH:MM"}`; ignores other members.
    pub(crate) fn read(json: &Json<'_>) -> Option<Self> {
        let object = json.as_object()?;
        let text = |name| object.get(name)?.as_str();
        Some(Self {
            date: parse_date(text("date")?)?,
            start: calendar::parse_time(text("start")?)?,
            end: calendar::parse_time(text("end")?)?,
        })
    }

    /// Whether each starts before the other ends.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (start, end) = self.span();
        let (other_start, other_end) = other.span();
        start < other_end && other_start < end
    }

    /// The start and the end as durations since the year 0: a shift of the calendar's last day may
    /// end after it, where there is no date.
    fn span(&self) -> (SignedDuration, SignedDuration) {
        let elapsed = |time| self.date.to_datetime(time).duration_since(DateTime::ZERO);
        let days = if self.end <= self.start { 1 } else { 0 };
        let end = elapsed(self.end) + SignedDuration::from_hours(24 * days);
        (elapsed(self.start), end)
    }
}

/// Reads `YYYY-MM-DD`, years 0001 to 9999.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    calendar::parse_date(text).filter(|date| date.year() >= 1)
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, minute) = (self.date, "%H:%M");
        let (start, end) = (self.start.strftime(minute), self.end.strftime(minute));
        write!(f, "{date} from {start} to {end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(date: &str, start: &str, end: &str) -> Shift {
        Shift {
            date: parse_date(date).unwrap(),
            start: calendar::parse_time(start).unwrap(),
            end: calendar::parse_time(end).unwrap(),
        }
    }

    #[test]
    fn shifts_overlap_across_midnight_and_not_when_they_touch() {
        let cases = [
            (
                ("2026-05-04", "06:00", "14:00"),
                ("2026-05-04", "14:00", "22:00"),
                false,
            ),
            (
                ("2026-05-04", "06:00", "14:01"),
                ("2026-05-04", "14:00", "22:00"),
                true,
            ),
            (
                ("2026-05-04", "22:00", "06:00"),
                ("2026-05-05", "05:59", "07:00"),
                true,
            ),
            (
                ("2026-05-04", "22:00", "06:00"),
                ("2026-05-05", "06:00", "07:00"),
                false,
            ),
            (
                ("2026-05-04", "08:00", "08:00"),
                ("2026-05-05", "07:00", "07:30"),
                true,
            ),
            (
                ("2026-12-31", "22:00", "06:00"),
                ("2027-01-01", "00:00", "01:00"),
                true,
            ),
            (
                ("2024-02-28", "22:00", "06:00"),
                ("2024-03-01", "00:00", "23:00"),
                false,
            ),
            (
                ("2026-05-04", "06:00", "07:00"),
                ("2026-05-04", "05:00", "08:00"),
                true,
            ),
            (
                ("9999-12-31", "22:00", "06:00"),
                ("9999-12-31", "23:00", "23:30"),
                true,
            ),
            (
                ("9999-12-31", "22:00", "06:00"),
                ("0001-01-01", "00:00", "00:00"),
                false,
            ),
        ];
        for ((d1, s1, e1), (d2, s2, e2), want) in cases {
            let (a, b) = (shift(d1, s1, e1), shift(d2, s2, e2));
            assert_eq!(a.overlaps(&b), want, "{a} / {b}");
            assert_eq!(b.overlaps(&a), want, "{b} / {a}");
        }
    }

    #[test]
    fn a_shift_prints_its_date_and_minutes() {
        let text = shift("0001-05-04", "06:05", "00:00").to_string();
        assert_eq!(text, "0001-05-04 from 06:05 to 00:00");
    }
}
