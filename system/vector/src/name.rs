//! The names of indexes.

use std::fmt;

use crate::error::VectorError;

/// The name of an index: 1 to 64 characters of `a-z0-9_-`, the first a letter or digit
/// (`vector_search.md`, "Errors").
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexName(Box<str>);

impl IndexName {
    /// The longest name, in characters.
    pub const MAX_LENGTH: usize = 64;

    /// Parses a name.
    ///
    /// # Errors
    /// [`VectorError::Name`] if the name is malformed.
    pub fn parse(name: &str) -> Result<Self, VectorError> {
        let letter_or_digit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = name.len() <= Self::MAX_LENGTH
            && name.bytes().next().is_some_and(letter_or_digit)
            && name
                .bytes()
                .all(|byte| letter_or_digit(byte) || matches!(byte, b'_' | b'-'));
        if fits {
            Ok(Self(name.into()))
        } else {
            Err(VectorError::Name)
        }
    }

    /// The name as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IndexName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IndexName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_contract() {
        let longest = "a".repeat(64);
        for good in ["a", "0", "workers-2026_q1", "a-", longest.as_str()] {
            assert_eq!(IndexName::parse(good).unwrap().as_str(), good);
        }
        let too_long = "a".repeat(65);
        for bad in ["", "-a", "_a", "A", "a.b", "a/b", "ä", too_long.as_str()] {
            assert!(IndexName::parse(bad).is_err(), "{bad}");
        }
    }
}
