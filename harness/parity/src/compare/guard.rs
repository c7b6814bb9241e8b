//! The guard against matches that prove nothing: two failures that look alike, two empty answers.

use super::{Body, FileContent, Line, PreparedStep};
use crate::config::probe;
use crate::config::{CaseStep, Probe};
use crate::json::{Document, Value};
use crate::observation::Step;

/// What one side's answer to one step is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Well-formed, not empty, of the kind that is expected.
    Sound,
    /// No answer that could be compared, and why.
    Broken(String),
    /// Well-formed, but an error where none is expected, the other way round, or another status
    /// than the case's, and which.
    Unexpected(String),
}

/// Judges one side of one step.
#[must_use]
pub fn judge(step: &Step, prepared: &PreparedStep, expected: &CaseStep, probe: &Probe) -> Standing {
    if let Some(failure) = &step.failure {
        return Standing::Broken(failure.to_string());
    }
    let body_counts = probe.compare.body != probe::Body::Status;
    if body_counts && step.body.trim_ascii().is_empty() {
        let how = match (step.status, step.exit) {
            (Some(status), _) => format!(" (status {status})"),
            (None, Some(code)) => format!(" (exit code {code})"),
            (None, None) => String::new(),
        };
        return Standing::Broken(format!("the answer is empty{how}"));
    }
    if let Some(what) = malformed(prepared) {
        return Standing::Broken(what);
    }
    if !body_counts && step.status.is_none() {
        return Standing::Broken("there is no status to compare".to_owned());
    }
    if let (Some(wanted), Some(status)) = (expected.status, step.status)
        && wanted != status
    {
        return Standing::Unexpected(format!("the status is {status}, the case expects {wanted}"));
    }
    let is_error = is_error(step, probe);
    let how = step
        .status
        .map(|s| format!(" (status {s})"))
        .unwrap_or_default();
    if is_error && !expected.expect_error {
        return Standing::Unexpected(format!(
            "the answer is an error{how}, the case expects none"
        ));
    }
    if !is_error && expected.expect_error {
        return Standing::Unexpected(format!("the answer is no error{how}, the case expects one"));
    }
    if !is_error && probe.compare.body == probe::Body::Vectors && !holds_vector(&prepared.body) {
        return Standing::Broken("the body holds no vector where `vectors_at` looks".to_owned());
    }
    Standing::Sound
}

/// Whether a step's answer is an error, as the probe tells.
pub(crate) fn is_error(step: &Step, probe: &Probe) -> bool {
    if let Some(status) = step.status {
        return status >= 400;
    }
    if step.exit.is_some_and(|code| code != 0) {
        return true;
    }
    probe
        .error_when
        .as_ref()
        .is_some_and(|when| when.holds(&step.body))
}

fn malformed(prepared: &PreparedStep) -> Option<String> {
    if let Body::Malformed(_, why) = &prepared.body {
        return Some(why.clone());
    }
    prepared
        .files
        .values()
        .flat_map(FileContent::lines)
        .find_map(|line| match line {
            Line::Malformed(_, why) => Some(why.clone()),
            Line::Json(_) => None,
        })
}

fn holds_vector(body: &Body) -> bool {
    let Body::Json(document) = body else {
        return false;
    };
    let mut todo = vec![Document::ROOT];
    while let Some(id) = todo.pop() {
        if matches!(document.value(id), Value::Vector(_)) {
            return true;
        }
        todo.extend(document.children(id));
    }
    false
}
