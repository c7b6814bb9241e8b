//! The kinds of artifact.

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
