//! Damage that `--mutate` does to captured answers.

use std::fmt;

use crate::difference::DifferenceKind;

/// One way to damage an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Damage {
    /// Such as `key dropped`.
    pub name: &'static str,
    /// The kinds of difference that may report it. A comparison that reports a lost key as a
    /// reordering would pin the wrong thing.
    pub reported_as: &'static [DifferenceKind],
    /// Whether the value stays one of its type and size.
    pub keeps_size: bool,
}

impl Damage {
    /// A way to damage an answer.
    #[must_use]
    pub const fn new(name: &'static str, reported_as: &'static [DifferenceKind]) -> Damage {
        Damage {
            name,
            reported_as,
            keeps_size: false,
        }
    }

    /// The same way, which leaves a value of the same type and size.
    #[must_use]
    pub const fn keeping_size(self) -> Damage {
        Damage {
            keeps_size: true,
            ..self
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Damage that can be done to a body or file, at one of its lines.
#[derive(Debug, Clone)]
pub struct Site {
    /// The damage.
    pub damage: Damage,
    /// Index of the line; 0 for damage to the whole.
    pub line: usize,
}

/// The effect of damage.
#[derive(Debug)]
pub struct Change {
    /// The paths at which a comparison may report it.
    pub expected: Vec<String>,
    /// `12 -> 13`, cut.
    pub summary: String,
    /// Why the damage did not have its effect, if so.
    pub flaw: Option<String>,
    /// Index of the rule that accepts it on purpose.
    pub accepted_by: Option<usize>,
}

impl Change {
    /// Damage without a flaw that no rule accepts.
    pub fn new(expected: Vec<String>, summary: impl Into<String>) -> Change {
        Change {
            expected,
            summary: summary.into(),
            flaw: None,
            accepted_by: None,
        }
    }
}
