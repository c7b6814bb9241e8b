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

    /// Whether the shifts have a day in common, or less than eight hours lie between them.
    pub(crate) fn is_near(&self, other: &Self) -> bool {
        let (start, end) = self.span();
        let (other_start, other_end) = other.span();
        let rest = SignedDuration::from_hours(8);
        let (first_day, last_day) = self.days();
        let (other_first, other_last) = other.days();
        let share_a_day = first_day <= other_last && other_first <= last_day;
        share_a_day || (start < other_end + rest && other_start < end + rest)
    }

    /// Whether a minute of the shift lies on a date.
    pub(crate) fn is_on(&self, date: Date) -> bool {
        let day = days_of(
            date.to_datetime(Time::midnight())
                .duration_since(DateTime::ZERO),
        );
        let (first, last) = self.days();
        first <= day && day <= last
    }

    /// The first and the last day on which a minute of the shift lies, as days since the year 0.
    fn days(&self) -> (i64, i64) {
        let (start, end) = self.span();
        (days_of(start), days_of(end - SignedDuration::from_mins(1)))
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

fn days_of(duration: SignedDuration) -> i64 {
    duration.as_hours().div_euclid(24)
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
    fn neighbours_share_a_day_or_leave_too_little_rest() {
        let cases = [
            (
                ("2026-05-05", "06:00", "13:00"),
                ("2026-05-04", "22:00", "06:00"),
                true,
            ),
            (
                ("2026-05-05", "06:00", "13:00"),
                ("2026-05-04", "06:00", "14:00"),
                false,
            ),
            (
                ("2026-05-04", "22:00", "06:00"),
                ("2026-05-05", "16:00", "20:00"),
                true,
            ),
            (
                ("2026-05-05", "00:30", "08:00"),
                ("2026-05-04", "16:00", "23:59"),
                true,
            ),
            (
                ("2026-05-05", "07:59", "15:00"),
                ("2026-05-04", "16:00", "00:00"),
                true,
            ),
            (
                ("2026-05-05", "08:00", "15:00"),
                ("2026-05-04", "16:00", "00:00"),
                false,
            ),
            (
                ("2026-05-04", "06:00", "08:00"),
                ("2026-05-04", "20:00", "22:00"),
                true,
            ),
        ];
        for ((d1, s1, e1), (d2, s2, e2), want) in cases {
            let (a, b) = (shift(d1, s1, e1), shift(d2, s2, e2));
            assert_eq!(a.is_near(&b), want, "{a} / {b}");
            assert_eq!(b.is_near(&a), want, "{b} / {a}");
        }
        let night = shift("2026-05-04", "22:00", "06:00");
        let late = shift("2026-05-04", "16:00", "00:00");
        let next = parse_date("2026-05-05").unwrap();
        assert!(night.is_on(night.date) && night.is_on(next) && !late.is_on(next));
    }

    #[test]
    fn a_shift_prints_its_date_and_minutes() {
        let text = shift("0001-05-04", "06:05", "00:00").to_string();
        assert_eq!(text, "0001-05-04 from 06:05 to 00:00");
    }
}
