//! Dates and times of day in the exact spelling of the contract. `jiff`'s own parsers accept more.

use jiff::civil::{Date, Time};

/// Reads `YYYY-MM-DD`: an existing day of the Gregorian calendar, years 0000 to 9999.
pub fn parse_date(text: &str) -> Option<Date> {
    is_spelled(text, "0000-00-00").then(|| text.parse().ok())?
}

/// Reads `HH:MM`, 00:00 to 23:59.
pub fn parse_time(text: &str) -> Option<Time> {
    is_spelled(text, "00:00").then(|| text.parse().ok())?
}

/// Whether `text` has the pattern's length, its separators, and a digit for each of its zeros.
fn is_spelled(text: &str, pattern: &str) -> bool {
    let is_like = |(b, wanted): (u8, u8)| match wanted {
        b'0' => b.is_ascii_digit(),
        separator => b == separator,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(is_like)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_existing_days_are_dates() {
        for good in [
            "2026-05-04",
            "2024-02-29",
            "2000-02-29",
            "0000-02-29",
            "0000-01-01",
            "9999-12-31",
        ] {
            let date = parse_date(good).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some(good));
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-00-01",
            "2026-13-01",
            "2026-01-00",
            "2026-1-01",
            "26-01-01",
            "20260101",
            "2026-W01-1",
            "2026-01-01 ",
            "2026-01-01T00:00",
            "+026-01-01",
            "-026-01-01",
            "2026/01/01",
            "２026-01-01",
            "",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_minute_of_a_day_is_a_time() {
        for hour in 0..24 {
            for minute in 0..60 {
                let time = parse_time(&format!("{hour:02}:{minute:02}")).unwrap();
                assert_eq!(time, Time::constant(hour, minute, 0, 0));
            }
        }
        for bad in [
            "24:00", "12:60", "1:00", "12:0", "12.00", "1200", "12:00:00", "+1:00", "",
        ] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }
}
