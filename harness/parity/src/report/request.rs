//! A case's request in a few lines: where the answer came from.

use lakehouse_rig::text::{counted, one_line};

use crate::outcome::{CaseInput, CaseOutcome};

/// Headers that are shown.
const MAX_HEADERS: usize = 6;

/// The input that caused a difference or failure: that of `step` if it is known, or else of the
/// failing step, or else the first.
pub(super) fn cause(case: &CaseOutcome, step: Option<usize>) -> Option<&CaseInput> {
    let step = step.or_else(|| case.failing_step());
    let is_cause = |input: &&CaseInput| Some(input.step) == step;
    case.inputs.iter().find(is_cause).or(case.inputs.first())
}

/// `step 1 (of 0 to 2)`, numbered as in paths; `None` for a case of one step.
pub(super) fn place(case: &CaseOutcome, input: &CaseInput) -> Option<String> {
    match case.inputs.len() {
        0 | 1 => None,
        steps => Some(format!("step {} (of 0 to {})", input.step, steps - 1)),
    }
}

/// `POST /v1/embed?all= {"texts":[]}` on one line.
pub(super) fn head(input: &CaseInput, max: usize) -> String {
    one_line(format!("{} {}", input.request, input.text).trim(), max)
}

/// `content-type: application/json`, each on one line; a last line counts the others.
pub(super) fn headers(input: &CaseInput, max: usize) -> Vec<String> {
    let mut lines: Vec<String> = input
        .headers
        .iter()
        .take(MAX_HEADERS)
        .map(|(name, value)| one_line(&format!("{name}: {value}"), max))
        .collect();
    if input.headers.len() > MAX_HEADERS {
        let more = input.headers.len() - MAX_HEADERS;
        lines.push(format!("and {}", counted(more, "more header")));
    }
    lines
}
