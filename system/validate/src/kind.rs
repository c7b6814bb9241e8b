//! The kinds of artifact.

use std::fmt;

/// The kind of an artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Workers proposed for a shift.
    Fill,
    /// An email to a worker.
    Email,
    /// A text message to a worker.
    Sms,
    /// An answer worth remembering.
    Playbook,
}

impl Kind {
    /// All kinds, in the contract's order.
    pub const ALL: [Self; 4] = [Self::Fill, Self::Email, Self::Sms, Self::Playbook];

    /// The contract's requirement for a field that holds a kind.
    pub const MUST_BE: &'static str = "one of `fill`, `email`, `sms`, `playbook`";

    /// The kind with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Playbook => "playbook",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
