//! Times in entries. `jiff` accepts more than the contract, and fewer years.

use lakehouse_base::calendar;

/// Whether a text is `YYYY-MM-DD`, `T`, `hh:mm:ss`, optionally `.` and 1 to 9 digits, and `Z` or
/// `±hh:mm`: a day that exists, hours to 23, minutes and seconds to 59.
pub(super) fn is_time(text: &str) -> bool {
    read(text).is_some_and(str::is_empty)
}

/// Strips a time from the start of a text.
fn read(text: &str) -> Option<&str> {
    let rest = take(text, 10, |date| calendar::parse_date(date).is_some())?;
    let rest = take(rest.strip_prefix('T')?, 5, is_time_of_day)?;
    let rest = take(rest.strip_prefix(':')?, 2, |seconds| {
        is_digits(seconds) && seconds < "60"
    })?;
    offset(fraction(rest)?)
}

fn fraction(text: &str) -> Option<&str> {
    let Some(digits) = text.strip_prefix('.') else {
        return Some(text);
    };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    (1..=9).contains(&count).then(|| &digits[count..])
}

fn offset(text: &str) -> Option<&str> {
    match text.strip_prefix('Z') {
        Some(rest) => Some(rest),
        None => take(text.strip_prefix(['+', '-'])?, 5, is_time_of_day),
    }
}

/// Strips `length` bytes that pass a check.
fn take(text: &str, length: usize, check: impl Fn(&str) -> bool) -> Option<&str> {
    let (taken, rest) = text.split_at_checked(length)?;
    check(taken).then_some(rest)
}

fn is_time_of_day(text: &str) -> bool {
    calendar::parse_time(text).is_some()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_exact_form_of_the_contract() {
        for good in [
            "2026-05-02T07:53:54Z",
            "2026-05-02T07:53:54.1Z",
            "2026-05-02T00:00:00.123456789-23:59",
            "0000-02-29T23:59:59+00:00",
            "2024-02-29T07:53:54-00:00",
        ] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "",
            "2026-05-02",
            "2026-05-02t07:53:54Z",
            "2026-05-02T07:53:54z",
            "2026-05-02 07:53:54Z",
            "2026-02-29T07:53:54Z",
            "2026-05-02T24:00:00Z",
            "2026-05-02T07:60:00Z",
            "2026-05-02T07:53:60Z",
            "2026-05-02T07:53:5Z",
            "2026-05-02T07:53Z",
            "2026-05-02T07:53:54.Z",
            "2026-05-02T07:53:54.1234567890Z",
            "2026-05-02T07:53:54,1Z",
            "2026-05-02T07:53:54",
            "2026-05-02T07:53:54+24:00",
            "2026-05-02T07:53:54+00:60",
            "2026-05-02T07:53:54+0000",
            "2026-05-02T07:53:54+00",
            "2026-05-02T07:53:54Z ",
            "2026-05-02T07:53:5\u{664}Z",
            "２026-05-02T07:53:54Z",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
    }
}
