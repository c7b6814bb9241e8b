//! The policy on key order, numbers, escapes and depth.

use std::fmt;

/// The default of [`JsonPolicy::max_depth`].
const MAX_DEPTH: usize = 1_000;

/// How JSON is compared.
#[derive(Debug, Clone, Copy)]
pub struct JsonPolicy {
    /// Whether key order counts.
    pub key_order: bool,
    /// Whether 1 equals 1.0.
    pub numbers_by_value: bool,
    /// Whether escapes count.
    pub escapes: bool,
    /// The greatest depth of JSON. A text with deeper nesting is compared as bytes.
    pub max_depth: usize,
}

impl Default for JsonPolicy {
    fn default() -> JsonPolicy {
        JsonPolicy {
            key_order: false,
            numbers_by_value: false,
            escapes: false,
            max_depth: MAX_DEPTH,
        }
    }
}

impl fmt::Display for JsonPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = |counts: bool| if counts { "counts" } else { "does not count" };
        let numbers = if self.numbers_by_value {
            "value"
        } else {
            "spelling"
        };
        write!(
            f,
            "key order {}, numbers by {numbers}, escaping {}",
            counts(self.key_order),
            counts(self.escapes)
        )?;
        match self.max_depth {
            MAX_DEPTH => Ok(()),
            other => write!(f, ", as bytes beyond a depth of {other}"),
        }
    }
}
