//! The requests of a case as they were sent; that of the failing step comes first.

use lakehouse_rig::text::{one_line, visible};
use serde::Serialize;

use super::{Detail, shown};
use crate::outcome::{CaseInput, CaseOutcome};

/// Headers of a request that are shown.
const MAX_HEADERS: usize = 20;

/// Characters of a request line or a header.
const MAX_LINE: usize = 1_000;

#[derive(Serialize)]
pub(super) struct InputView {
    /// `step 1 of 3`, in a case of several steps.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) step: String,
    /// Whether the case failed in this step.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) failing: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) request: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) headers: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) text: String,
    /// Labels and `curl` commands; one command when it is the same for both sides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) curls: Vec<(String, String)>,
}

/// All inputs, or only the failing one for [`Detail::Short`].
pub(super) fn views(case: &CaseOutcome, detail: Detail) -> Vec<InputView> {
    let inputs = case.inputs_by_failure();
    let max = match detail {
        Detail::Short => 1,
        _ => inputs.len(),
    };
    inputs
        .into_iter()
        .take(max)
        .map(|(input, failing)| InputView {
            step: match case.inputs.len() {
                0 | 1 => String::new(),
                steps => format!("step {} of {steps}", input.step),
            },
            failing,
            request: one_line(&input.request, detail.max_text().min(MAX_LINE)),
            headers: match detail {
                Detail::Short => Vec::new(),
                _ => headers(input),
            },
            text: shown(&input.text, detail),
            curls: match detail {
                Detail::Short => Vec::new(),
                _ => curls(case, input),
            },
        })
        .collect()
}

fn headers(input: &CaseInput) -> Vec<String> {
    let headers = input.headers.iter().take(MAX_HEADERS);
    headers
        .map(|(name, value)| one_line(&format!("{name}: {value}"), MAX_LINE))
        .collect()
}

fn curls(case: &CaseOutcome, input: &CaseInput) -> Vec<(String, String)> {
    let Some([left, right]) = &input.curl else {
        return Vec::new();
    };
    let command = |name: &str, command: &str| {
        let name = format!("Send it to {}", visible(name));
        (name, visible(command).into_owned())
    };
    if left == right {
        return vec![command("either side", left)];
    }
    vec![
        command(&case.reference, left),
        command(&case.implementation, right),
    ]
}
