//! Shifts: when they begin and end, and whether two overlap.

use std::fmt;

use lakehouse_base::calendar::{self, Date};
use lakehouse_json::Json;

/// A time of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The day on which it begins.
    pub date: Date,
    /// When it begins, in minutes since midnight.
    pub start: u32,
    /// When it ends, in minutes since midnight; on the next day when not later than the start.
    pub end: u32,
}

impl Shift {
    /// Reads `{"date":"YYYY-MM-DD","start":"HH:MM","end":"HH:MM"}`; other members are passed over.
    pub(crate) fn read(json: &Json<'_>) -> Option<Self> {
        let object = json.as_object()?;
        let text = |name| object.get(name)?.as_str();
        Some(Self {
            date: calendar::parse_date(text("date")?).filter(|date| date.year >= 1)?,
            start: calendar::parse_time(text("start")?)?,
            end: calendar::parse_time(text("end")?)?,
        })
    }

    /// Whether each begins before the other ends.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (begin, end) = self.minutes();
        let (other_begin, other_end) = other.minutes();
        begin < other_end && other_begin < end
    }

    /// Begin and end in minutes since the year 0.
    fn minutes(&self) -> (u64, u64) {
        const DAY: u64 = 24 * 60;
        let midnight = u64::from(self.date.day_number()) * DAY;
        let next_day = if self.end <= self.start { DAY } else { 0 };
        (
            midnight + u64::from(self.start),
            midnight + next_day + u64::from(self.end),
        )
    }
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = self.date;
        let (start, end) = (self.start, self.end);
        write!(f, "{year:04}-{month:02}-{day:02} from ")?;
        write!(
            f,
            "{:02}:{:02} to {:02}:{:02}",
            start / 60,
            start % 60,
            end / 60,
            end % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(date: &str, start: &str, end: &str) -> Shift {
        Shift {
            date: calendar::parse_date(date).unwrap(),
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
        ];
        for ((d1, s1, e1), (d2, s2, e2), want) in cases {
            let (a, b) = (shift(d1, s1, e1), shift(d2, s2, e2));
            assert_eq!(a.overlaps(&b), want, "{a} / {b}");
            assert_eq!(b.overlaps(&a), want, "{b} / {a}");
        }
    }

    #[test]
    fn a_shift_is_printed_as_it_was_read() {
        let text = shift("0001-05-04", "06:05", "00:00").to_string();
        assert_eq!(text, "0001-05-04 from 06:05 to 00:00");
    }
}
