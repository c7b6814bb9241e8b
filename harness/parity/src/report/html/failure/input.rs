//! The requests of a case as they were sent; that of the failing step comes first.

use lakehouse_rig::text::one_line;
use serde::Serialize;

use super::{Detail, shown};
use crate::outcome::{CaseOutcome, JudgedDifference};

/// Characters of a request line.
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
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) text: String,
}

/// All inputs, or only the failing one for [`Detail::Short`].
pub(super) fn views(case: &CaseOutcome, detail: Detail) -> Vec<InputView> {
    let steps = case.inputs.len();
    let mut views: Vec<InputView> = case
        .inputs
        .iter()
        .enumerate()
        .map(|(number, input)| InputView {
            step: match steps {
                0 | 1 => String::new(),
                steps => format!("step {number} of {steps}"),
            },
            failing: steps > 1 && case.differences.iter().any(|one| is_in_step(one, number)),
            request: one_line(&input.request, detail.max_text().min(MAX_LINE)),
            text: shown(&input.text, detail),
        })
        .collect();
    views.sort_by_key(|view| !view.failing);
    if detail == Detail::Short {
        views.truncate(1);
    }
    views
}

fn is_in_step(judged: &JudgedDifference, number: usize) -> bool {
    let step = format!("step[{number}]:");
    judged.pin.is_none() && judged.difference.path.starts_with(&step)
}
