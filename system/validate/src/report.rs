//! The failures and findings of a check in progress.

use std::ops::ControlFlow;

use lakehouse_json::{Json, Object};

use crate::{Finding, Mode, Outcome, ValidationFailure};

/// The result of a rule, or a break when the report is complete, which a rule propagates with `?`.
pub(crate) type Flow<T = ()> = ControlFlow<(), T>;

/// The failures and findings about one artifact so far.
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

    /// The text of a required member. Reports a missing member and one of another type.
    pub(crate) fn text<'j>(&mut self, object: &'j Object<'_>, name: &str) -> Flow<Option<&'j str>> {
        let value = object.get(name);
        let text = value.and_then(Json::as_str);
        match (value, text) {
            (None, _) => self.schema(name, "is missing")?,
            (Some(_), None) => self.schema(name, "must be a string")?,
            _ => {}
        }
        Flow::Continue(text)
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

    /// Breaks when there is a failure: after the rules of form, and before findings.
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
