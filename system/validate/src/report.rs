//! Collecting failures, and stopping when there is nothing more to look at.

use std::ops::ControlFlow;

use crate::{Finding, Mode, Outcome, ValidationFailure};

/// What a rule gives, or a break when the report is complete; a rule passes it on with `?`.
pub(crate) type Flow<T = ()> = ControlFlow<(), T>;

/// The failures and findings of one artifact, as they come up.
pub(crate) struct Report {
    mode: Mode,
    failures: Vec<ValidationFailure>,
    findings: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode,
            failures: Vec::new(),
            findings: Vec::new(),
        }
    }

    pub(crate) fn schema(&mut self, field: impl Into<String>, reason: &str) -> Flow {
        self.fail(ValidationFailure::Schema {
            field: field.into(),
            reason: reason.to_owned(),
        })
    }

    pub(crate) fn completeness(&mut self, reason: String) -> Flow {
        self.fail(ValidationFailure::Completeness { reason })
    }

    pub(crate) fn consistency(&mut self, reason: String) -> Flow {
        self.fail(ValidationFailure::Consistency { reason })
    }

    pub(crate) fn policy(&mut self, reason: String) -> Flow {
        self.fail(ValidationFailure::Policy { reason })
    }

    pub(crate) fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Breaks when there is a failure: before findings, and behind the rules of form.
    pub(crate) fn unless_failed(&self) -> Flow {
        if self.failures.is_empty() {
            Flow::Continue(())
        } else {
            Flow::Break(())
        }
    }

    pub(crate) fn into_outcome(self) -> Outcome {
        Outcome {
            failures: self.failures,
            findings: self.findings,
        }
    }

    fn fail(&mut self, failure: ValidationFailure) -> Flow {
        self.failures.push(failure);
        match self.mode {
            Mode::First => Flow::Break(()),
            Mode::All => Flow::Continue(()),
        }
    }
}
