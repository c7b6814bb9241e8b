//! The outcome of a validation, and the answer's body.

use std::time::Duration;

use lakehouse_json::{ArrayWriter, ObjectWriter};

use crate::{Kind, ValidationFailure};

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

    /// The body of the answer to a request with this `mode`: of a 200 when the artifact
    /// [`passed`](Self::passed), else of a 422.
    pub fn body(&self, kind: Kind, mode: Mode, elapsed: Duration) -> String {
        let mut out = String::new();
        match (self.failures.first(), mode) {
            (None, _) => self.write_passed(kind, elapsed, &mut out),
            (Some(first), Mode::First) => first.write(&mut out),
            (Some(_), Mode::All) => self.write_failures(&mut out),
        }
        out
    }

    fn write_passed(&self, kind: Kind, elapsed: Duration, out: &mut String) {
        let mut body = ObjectWriter::new(out);
        body.string("kind", kind.as_str());
        body.member("findings", |out| write_findings(&self.findings, out));
        body.raw(
            "elapsed_ms",
            &format!("{:.3}", elapsed.as_secs_f64() * 1000.0),
        );
        body.finish();
    }

    fn write_failures(&self, out: &mut String) {
        let mut body = ObjectWriter::new(out);
        body.member("failures", |out| {
            let mut failures = ArrayWriter::new(out);
            for failure in &self.failures {
                failures.element(|out| failure.write(out));
            }
            failures.finish();
        });
        body.finish();
    }
}

/// Appends findings as a JSON array.
pub(crate) fn write_findings(findings: &[Finding], out: &mut String) {
    let mut array = ArrayWriter::new(out);
    for finding in findings {
        array.element(|out| {
            let severity = match finding.severity {
                Severity::Info => "info",
                Severity::Warning => "warning",
            };
            let mut object = ObjectWriter::new(out);
            object.string("field", &finding.field);
            object.string("severity", severity);
            object.string("message", &finding.message);
            object.finish();
        });
    }
    array.finish();
}
