//! The policy on key order, numbers and escapes.

use std::fmt;

/// How JSON is compared.
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonPolicy {
    /// Whether key order counts.
    pub key_order: bool,
    /// Whether 1 equals 1.0.
    pub numbers_by_value: bool,
    /// Whether escapes count.
    pub escapes: bool,
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
        )
    }
}
