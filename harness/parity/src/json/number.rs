//! Numbers by value, exactly: no rounding through floating point.

use std::fmt;

/// A decimal number in a canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// The digits without zeros at either end; empty for zero.
    digits: String,
    /// The power of ten of the last digit, or the lexeme's exponent if it does not fit.
    exponent: Result<i64, String>,
}

/// The digits and the exponent, the same for equal numbers: `12e-1`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        match (&self.exponent, self.digits.as_str()) {
            (_, "") => f.write_str("0"),
            (Ok(0), digits) => write!(f, "{sign}{digits}"),
            (Ok(exponent), digits) => write!(f, "{sign}{digits}e{exponent}"),
            (Err(exponent), digits) => write!(f, "{sign}{digits}e({exponent})"),
        }
    }
}

impl Decimal {
    /// Reads a JSON number.
    #[must_use]
    pub fn read(lexeme: &str) -> Decimal {
        let (negative, unsigned) = match lexeme.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, lexeme),
        };
        let (mantissa, written_exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], &unsigned[at + 1..]),
            None => (unsigned, "0"),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let trimmed = all.trim_end_matches('0');
        let dropped = i64::try_from(all.len() - trimmed.len()).unwrap_or(i64::MAX);
        let digits = trimmed.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Decimal {
                negative: false,
                digits,
                exponent: Ok(0),
            };
        }
        let decimals = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let exponent = written_exponent
            .trim_start_matches('+')
            .parse::<i64>()
            .ok()
            .and_then(|exponent| exponent.checked_sub(decimals)?.checked_add(dropped))
            .ok_or_else(|| written_exponent.to_owned());
        Decimal {
            negative,
            digits,
            exponent,
        }
    }

    /// Whether it is zero or more.
    #[must_use]
    pub fn is_not_negative(&self) -> bool {
        !self.negative
    }

    /// Whether it has no fraction.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        matches!(self.exponent, Ok(exponent) if exponent >= 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn equal_numbers_have_one_form() {
        for (left, right, same) in [
            ("1", "1.0", true),
            ("1", "10e-1", true),
            ("100", "1e2", true),
            ("0.10", "1E-1", true),
            ("0", "-0.0", true),
            ("0", "0e99999999999999999999", true),
            ("1", "-1", false),
            ("1", "1.0000000000000000000001", false),
            ("9007199254740993", "9007199254740992", false),
            ("1e99999999999999999999", "1e99999999999999999998", false),
        ] {
            assert_eq!(
                Decimal::read(left) == Decimal::read(right),
                same,
                "{left} and {right}"
            );
        }
    }

    #[test]
    fn integers_and_signs_are_detected() {
        assert!(Decimal::read("3.0").is_integer());
        assert!(!Decimal::read("3.5").is_integer());
        assert!(!Decimal::read("-3").is_not_negative());
        assert!(Decimal::read("-0").is_not_negative());
    }
}
