//! The outcome of a validation.

use crate::ValidationFailure;

/// Whether to stop at the first failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The first failure only.
    First,
    /// Every failure.
    All,
}

/// A remark about an artifact that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field, such as `fills[0].worker_id`.
    pub field: String,
    /// The severity.
    pub severity: Severity,
    /// The remark.
    pub message: String,
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Information only.
    Info,
    /// A possible problem.
    Warning,
}

/// The outcome of a validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The failures in the order of the rules; at most one with [`Mode::First`].
    pub failures: Vec<ValidationFailure>,
    /// The findings of an artifact without failures.
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// Whether there is no failure.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// The verdict's name in metrics: `passed`, or the first failure's stage in lower case.
    pub fn verdict(&self) -> &'static str {
        match self.failures.first() {
            None => "passed",
            Some(ValidationFailure::Schema { .. }) => "schema",
            Some(ValidationFailure::Completeness { .. }) => "completeness",
            Some(ValidationFailure::Consistency { .. }) => "consistency",
            Some(ValidationFailure::Policy { .. }) => "policy",
        }
    }
}
