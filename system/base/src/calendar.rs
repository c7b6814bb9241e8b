//! Dates and times of day as the contract spells them, by the Gregorian rule.

/// Reads `YYYY-MM-DD` of a day that exists, years 0000 to 9999.
pub fn parse_date(text: &str) -> Option<Date> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let date = Date {
        year: number(&b[..4])?,
        month: number(&b[5..7])?,
        day: number(&b[8..])?,
    };
    let exists = (1..=12).contains(&date.month)
        && (1..=days_in_month(date.year, date.month)).contains(&date.day);
    exists.then_some(date)
}

/// Reads `HH:MM`, 00:00 to 23:59, as the minutes since midnight.
pub fn parse_time(text: &str) -> Option<u32> {
    let b = text.as_bytes();
    if b.len() != 5 || b[2] != b':' {
        return None;
    }
    let (hour, minute) = (number(&b[..2])?, number(&b[3..])?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// 0 to 9999.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl Date {
    /// Days since 0000-01-01.
    pub fn day_number(self) -> u32 {
        // 0000 is a leap year, so a year that is not the first has one leap day before it more
        // than the multiples below it say.
        let leap_days = match self.year.checked_sub(1) {
            Some(last) => last / 4 - last / 100 + last / 400 + 1,
            None => 0,
        };
        let months: u32 = (1..self.month).map(|m| days_in_month(self.year, m)).sum();
        self.year * 365 + leap_days + months + self.day - 1
    }
}

fn days_in_month(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The value of a run of ASCII digits, a few at most.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, b| {
        b.is_ascii_digit().then(|| value * 10 + u32::from(b - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        for good in [
            "2026-05-04",
            "2024-02-29",
            "2000-02-29",
            "0000-02-29",
            "9999-12-31",
        ] {
            assert!(parse_date(good).is_some(), "{good}");
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
            "2026-01-01 ",
            "+026-01-01",
            "2026/01/01",
            "２026-01-01",
            "",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn day_numbers_follow_each_other() {
        let mut last = None;
        for year in (0..=401).chain(1999..=2001).chain(9998..=9999) {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    let number = Date { year, month, day }.day_number();
                    if month > 1 || day > 1 {
                        assert_eq!(Some(number - 1), last, "{year}-{month}-{day}");
                    } else if year == 2000 {
                        assert_eq!(number, 730_485);
                    }
                    last = Some(number);
                }
            }
        }
    }

    #[test]
    fn only_times_of_a_day_are_times() {
        assert_eq!(parse_time("00:00"), Some(0));
        assert_eq!(parse_time("23:59"), Some(1439));
        for bad in [
            "24:00", "12:60", "1:00", "12:0", "12.00", "12:00:00", "+1:00", "",
        ] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }
}
