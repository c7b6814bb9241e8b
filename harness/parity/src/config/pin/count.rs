//! How many differences an entry accepts.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A number of differences in all cases together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "`count` must be a number such as `3`, or a range such as `[3, 10]`"
)]
pub enum Count {
    /// Exactly this many.
    Exactly(usize),
    /// At least the first and at most the second number.
    Between(usize, usize),
    /// At least one; not written.
    #[serde(skip_deserializing)]
    Any,
}

impl Count {
    /// The smallest number.
    #[must_use]
    pub fn min(self) -> usize {
        match self {
            Count::Exactly(count) | Count::Between(count, _) => count,
            Count::Any => 1,
        }
    }

    /// The largest number.
    #[must_use]
    pub fn max(self) -> usize {
        match self {
            Count::Exactly(count) | Count::Between(_, count) => count,
            Count::Any => usize::MAX,
        }
    }

    /// Whether the numbers can be counted at all.
    #[must_use]
    pub fn is_possible(self) -> bool {
        0 < self.min() && self.min() <= self.max()
    }

    /// The count as TOML that also allows this number.
    #[must_use]
    pub fn with(self, number: usize) -> String {
        match self {
            Count::Between(min, max) => {
                format!("count = [{}, {}]", min.min(number), max.max(number))
            }
            Count::Exactly(_) | Count::Any => format!("count = {number}"),
        }
    }
}

/// `3`, `3 to 10`, `any number`.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Count::Exactly(count) => write!(f, "{count}"),
            Count::Between(min, max) => write!(f, "{min} to {max}"),
            Count::Any => f.write_str("any number"),
        }
    }
}
