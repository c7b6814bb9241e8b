//! Validation failures.

/// A violation of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidationFailure {
    /// The artifact is malformed.
    Schema {
        /// The field, such as `fills[0].worker_id`.
        field: String,
        /// What is wrong with it, such as `is missing`.
        reason: String,
    },
    /// Something is absent, too short or too long.
    Completeness {
        /// What is wrong.
        reason: String,
    },
    /// The artifact contradicts the roster, the context or itself.
    Consistency {
        /// What is wrong.
        reason: String,
    },
    /// The artifact is well-formed and true, but must not be sent.
    Policy {
        /// What is wrong.
        reason: String,
    },
}

impl ValidationFailure {
    /// What is wrong.
    pub fn reason(&self) -> &str {
        match self {
            Self::Schema { reason, .. }
            | Self::Completeness { reason }
            | Self::Consistency { reason }
            | Self::Policy { reason } => reason,
        }
    }
}
