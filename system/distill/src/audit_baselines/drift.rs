//! The differences between the metrics of two entries, computed in integers.

use super::{Entry, METRICS};

/// A change of more than this percentage of the old value is a warning.
const WARN_ABOVE_PERCENT: i128 = 20;

/// The drift from one entry to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// One row per metric, in the order of [`METRICS`].
    pub rows: [Row; METRICS.len()],
}

/// The drift of one metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The metric's name.
    pub metric: &'static str,
    /// The old value.
    pub from: i64,
    /// The new value.
    pub to: i64,
}

/// Compares two entries.
pub fn drift(from: &Entry, to: &Entry) -> Drift {
    let rows = std::array::from_fn(|i| Row {
        metric: METRICS[i],
        from: from.metrics()[i],
        to: to.metrics()[i],
    });
    Drift { rows }
}

impl Drift {
    /// The number of rows that warn.
    pub fn warnings(&self) -> usize {
        self.rows.iter().filter(|row| row.warns()).count()
    }
}

impl Row {
    /// `(to − from) · 100 / from` with two decimals, rounded half away from zero; none when the
    /// value rose from 0.
    pub fn change_percent(&self) -> Option<String> {
        let (from, change) = (i128::from(self.from), self.change());
        let hundredths = match (from, change) {
            (_, 0) => 0,
            (0, _) => return None,
            // Adding half of the divisor rounds to the nearest.
            _ => (change.abs() * 10_000 * 2 + from) / (from * 2),
        };
        let sign = if change < 0 && hundredths > 0 {
            "-"
        } else {
            ""
        };
        Some(format!(
            "{sign}{}.{:02}",
            hundredths / 100,
            hundredths % 100
        ))
    }

    /// Whether the change exceeds a fifth of the old value, or the value rose from 0.
    pub fn warns(&self) -> bool {
        self.change().abs() * 100 > i128::from(self.from) * WARN_ABOVE_PERCENT
    }

    fn change(&self) -> i128 {
        i128::from(self.to) - i128::from(self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_exact() {
        const MAX: i64 = (1 << 53) - 1;
        let cases = [
            (0, 0, Some("0.00"), false),
            (0, 1, None, true),
            (6, 41, Some("583.33"), true),
            (8, 7, Some("-12.50"), false),
            (5, 6, Some("20.00"), false),
            (5, 4, Some("-20.00"), false),
            (100_000, 120_001, Some("20.00"), true),
            (100_000, 79_999, Some("-20.00"), true),
            (1, 0, Some("-100.00"), true),
            (20_000, 20_001, Some("0.01"), false),
            (20_000, 19_999, Some("-0.01"), false),
            (20_001, 20_000, Some("0.00"), false),
            (800, 801, Some("0.13"), false),
            (800, 799, Some("-0.13"), false),
            (3, 5, Some("66.67"), true),
            (1, MAX, Some("900719925474099000.00"), true),
            (MAX, MAX - 1, Some("0.00"), false),
            (MAX, 0, Some("-100.00"), true),
        ];
        for (from, to, percent, warns) in cases {
            let row = Row {
                metric: "m",
                from,
                to,
            };
            assert_eq!(row.change_percent().as_deref(), percent, "{from} {to}");
            assert_eq!(row.warns(), warns, "{from} {to}");
        }
    }
}
