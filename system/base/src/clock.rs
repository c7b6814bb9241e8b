//! The source of the current time.

use std::time::SystemTime;

use jiff::Timestamp;

/// The current time: the system's in the program, a fixed one in tests.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> SystemTime;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A clock that always returns the same time.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub SystemTime);

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        self.0
    }
}

/// Formats a time as RFC 3339 in UTC with exactly three decimals: `2026-05-02T07:53:54.120Z`.
///
/// Microseconds are truncated. A time outside the years −9999 to 9999, which no clock returns, is
/// formatted as the Unix epoch.
pub fn rfc3339_millis(time: SystemTime) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{timestamp:.3}")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn milliseconds_have_three_digits_and_are_truncated() {
        let cases = [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (1_777_708_434, 120_000_000, "2026-05-02T07:53:54.120Z"),
            (1_777_708_434, 999_999_999, "2026-05-02T07:53:54.999Z"),
        ];
        for (seconds, nanos, want) in cases {
            let time = UNIX_EPOCH + Duration::new(seconds, nanos);
            assert_eq!(rfc3339_millis(time), want);
            assert_eq!(FixedClock(time).now(), time);
        }
    }
}
