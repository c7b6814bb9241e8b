//! Guards against meaningless matches, such as two equal failures or two empty answers.

use super::PreparedStep;
use crate::comparators::files::{FileContent, Line};
use crate::comparators::{Body, Form};
use crate::config::{CaseStep, Probe};
use crate::observation::Step;

/// Whether an answer can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usability {
    /// Well-formed, not empty, of the expected kind.
    Usable,
    /// Not comparable, and why.
    Broken(String),
    /// Without a body that the case, the status or the method excuses, and why it is not enough. Two
    /// such answers are not compared, unless they differ in something else.
    Empty(String),
    /// Well-formed, but not as the case expects: an error, no error, another status.
    Unexpected(String),
}

/// Checks an answer to a step.
#[must_use]
pub fn check(
    step: &Step,
    prepared: &PreparedStep,
    expected: &CaseStep,
    probe: &Probe,
) -> Usability {
    if let Some(failure) = &step.failure {
        return Usability::Broken(failure.to_string());
    }
    let body_counts = probe.compare.body.form() != Form::Ignored;
    if let Some(what) = malformed(prepared) {
        return Usability::Broken(what);
    }
    if !body_counts && step.status.is_none() && step.exit.is_none() {
        return Usability::Broken("there is no status to compare".to_owned());
    }
    if let (Some(wanted), Some(status)) = (expected.status, step.status)
        && wanted != status
    {
        return Usability::Unexpected(format!("the status is {status}, the case expects {wanted}"));
    }
    let is_error = is_error(step, probe);
    let how = match step.status {
        Some(status) => format!(" (status {status})"),
        None => String::new(),
    };
    if is_error && !expected.expect_error {
        return Usability::Unexpected(format!(
            "the answer is an error{how}, the case expects none"
        ));
    }
    if !is_error && expected.expect_error {
        return Usability::Unexpected(format!(
            "the answer is not an error{how}, the case expects one"
        ));
    }
    let is_empty = step.body.trim_ascii().is_empty();
    if expected.empty && !is_empty {
        return Usability::Unexpected(format!(
            "the answer is not empty{how}, the case expects an empty one"
        ));
    }
    if body_counts && is_empty && !may_be_empty(step, expected, probe) {
        return Usability::Empty(format!(
            "the answer is empty{how}; if that is right, write `empty = true` in the case"
        ));
    }
    if let Body::Json(body) = &prepared.body
        && !is_error
        && let Some(missing) = probe.compare.body.missing(body)
    {
        return Usability::Broken(format!("the body lacks {missing}"));
    }
    Usability::Usable
}

/// Whether an answer is complete without a body: its status or its method has none, its exit code is
/// the answer, or the case says so.
fn may_be_empty(step: &Step, expected: &CaseStep, probe: &Probe) -> bool {
    let method = expected.method.as_ref().unwrap_or(&probe.http.method);
    match step.status {
        _ if expected.empty || step.exit.is_some() => true,
        Some(100..=199 | 204 | 205 | 300..=399) => true,
        Some(_) => method == "HEAD",
        None => false,
    }
}

/// Whether a step's answer is an error, by status, exit code or the probe's `[guard]`.
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
            Line::Json(_) | Line::Deep(..) => None,
        })
}
