//! Numbers, compared by value whatever their spelling.

use std::cmp::Ordering;

use super::MAX_INTEGER;

/// A number in its original spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number<'a> {
    lexeme: &'a str,
}

impl<'a> Number<'a> {
    /// `lexeme` is a number of the JSON grammar.
    pub(super) fn new(lexeme: &'a str) -> Self {
        Self { lexeme }
    }

    /// The original spelling.
    pub fn lexeme(self) -> &'a str {
        self.lexeme
    }

    /// The nearest double, infinite outside their range.
    pub fn as_f64(self) -> f64 {
        self.lexeme.parse().unwrap_or(f64::NAN)
    }

    /// The value, if it is an integer of the contract: without a fraction, and within
    /// −(2⁵³−1)…2⁵³−1. It is computed from the digits, so `2.0` and `20e-1` are 2, and
    /// `1.00000000000000000001` is not an integer.
    pub fn as_integer(self) -> Option<i64> {
        let decimal = Decimal::read(self.lexeme);
        let zeros = decimal.point - i64::try_from(decimal.digits.len()).ok()?;
        // 2⁵³ − 1 has 16 digits.
        if zeros < 0 || decimal.point > 16 {
            return None;
        }
        let zeros = std::iter::repeat_n(b'0', usize::try_from(zeros).ok()?);
        let digits = decimal.digits.iter().copied().chain(zeros);
        let magnitude = digits.fold(0, |value, b| value * 10 + i64::from(b - b'0'));
        let value = if decimal.negative {
            -magnitude
        } else {
            magnitude
        };
        (magnitude <= MAX_INTEGER).then_some(value)
    }

    /// Whether the value is in `0..=high`, computed from the digits: `1.00000000000000000001` is
    /// above 1, and `-1e-400` is below 0.
    pub fn is_from_0_to(self, high: u64) -> bool {
        let decimal = Decimal::read(self.lexeme);
        !decimal.negative && decimal.is_within(high)
    }

    /// Whether the value is in `-limit..=limit`, computed from the digits.
    pub fn is_within(self, limit: u64) -> bool {
        Decimal::read(self.lexeme).is_within(limit)
    }
}

/// A decimal: 0.`digits` times ten to the power of `point`.
struct Decimal {
    /// False for zero, whatever its sign.
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: Vec<u8>,
    /// The exponent; 0 for zero.
    point: i64,
}

impl Decimal {
    /// Reads a number of the JSON grammar.
    fn read(lexeme: &str) -> Self {
        let (sign, rest) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme),
        };
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all: Vec<_> = whole.bytes().chain(fraction.bytes()).collect();
        let leading = all.iter().take_while(|b| **b == b'0').count();
        let trailing = all.iter().rev().take_while(|b| **b == b'0').count();
        if leading == all.len() {
            return Self {
                negative: false,
                digits: Vec::new(),
                point: 0,
            };
        }
        // The number of digits of a text in memory fits into an `i64`.
        let length = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            negative: sign,
            digits: all[leading..all.len() - trailing].to_vec(),
            point: saturating_exponent(exponent)
                .saturating_add(length(whole.len()))
                .saturating_sub(length(leading)),
        }
    }

    fn is_within(&self, limit: u64) -> bool {
        let limit = Self::read(&limit.to_string());
        self.compare_magnitude(&limit).is_le()
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        let zeros = other.digits.is_empty().cmp(&self.digits.is_empty());
        let points = self.point.cmp(&other.point);
        zeros
            .then(points)
            .then_with(|| self.digits.cmp(&other.digits))
    }
}

/// An exponent, clamped to the range of `i64`. No mantissa in memory is long enough to bring a
/// clamped one back into the range of any limit.
fn saturating_exponent(exponent: &str) -> i64 {
    let (negative, digits) = match exponent.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let magnitude = digits.bytes().fold(0_i64, |value, b| {
        value.saturating_mul(10).saturating_add(i64::from(b - b'0'))
    });
    if negative { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_recognized_by_value() {
        let cases = [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-0.000e-7", Some(0)),
            ("0e99999999999999999999999", Some(0)),
            ("2", Some(2)),
            ("2.0", Some(2)),
            ("2e0", Some(2)),
            ("20e-1", Some(2)),
            ("0.02e+2", Some(2)),
            ("0.02E2", Some(2)),
            ("-1200e-2", Some(-12)),
            ("1e15", Some(1_000_000_000_000_000)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("-9007199254740991.000", Some(-9_007_199_254_740_991)),
            ("9007199254740991000e-3", Some(9_007_199_254_740_991)),
            ("9007199254740992", None),
            ("-9007199254740992", None),
            ("1e16", None),
            ("1e400", None),
            ("1e-400", None),
            ("1e99999999999999999999", None),
            ("1e-99999999999999999999", None),
            ("0.5", None),
            ("25e-1", None),
            ("1.00000000000000000000000001", None),
        ];
        for (lexeme, want) in cases {
            assert_eq!(Number::new(lexeme).as_integer(), want, "{lexeme}");
        }
    }

    #[test]
    fn bounds_are_compared_by_value() {
        for inside in [
            "0", "-0.0", "0e9", "1", "1.000", "10e-1", "0.999", "1e-400", "0.10", "0.09",
        ] {
            assert!(Number::new(inside).is_from_0_to(1), "{inside}");
        }
        for outside in [
            "1.00000000000000000001",
            "1e400",
            "-1e-400",
            "2",
            "10",
            "11e-1",
            "-1",
        ] {
            assert!(!Number::new(outside).is_from_0_to(1), "{outside}");
        }
        assert!(Number::new("2.0").is_from_0_to(2));
        assert!(Number::new("0.3e1").is_from_0_to(10));
        assert!(!Number::new("0.3e1").is_from_0_to(2));
        assert!(!Number::new("1").is_from_0_to(0));
        for (number, is_within) in [
            ("-1e15", true),
            ("1000000000000000.0", true),
            ("-1000000000000000.0000001", false),
            ("1e16", false),
        ] {
            let limit = 1_000_000_000_000_000;
            assert_eq!(Number::new(number).is_within(limit), is_within, "{number}");
        }
    }

    #[test]
    fn numbers_beyond_the_doubles_are_infinite() {
        assert_eq!(Number::new("1e400").as_f64(), f64::INFINITY);
        assert_eq!(Number::new("-1e400").as_f64(), f64::NEG_INFINITY);
        assert_eq!(Number::new("0.1").as_f64(), 0.1);
    }
}
