//! Where the time comes from.

use std::time::SystemTime;

use jiff::Timestamp;

/// Tells the time. The system's clock in the program, a fixed one in tests.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub SystemTime);

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        self.0
    }
}

/// Writes a time as RFC 3339 in UTC with exactly three decimals: `2026-05-02T07:53:54.120Z`.
///
/// Microseconds are cut off, not rounded. A time outside the years −9999 to 9999 is written as
/// the Unix epoch; no clock tells one.
pub fn rfc3339_millis(time: SystemTime) -> String {
    let timestamp = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{timestamp:.3}")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn milliseconds_are_always_three_digits_and_cut_off() {
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
