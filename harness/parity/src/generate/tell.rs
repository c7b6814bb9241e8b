//! How a finding is told in reports.

use super::judge::{Disagreement, Judge};
use crate::config::CaseStep;
use crate::observation::{Failure, Observation};
use crate::outcome::{CaseInput, JudgedDifference};

/// One request of several, for the reports.
pub(super) fn as_input(step: &CaseStep) -> CaseInput {
    let method = step.method.as_deref().unwrap_or_default();
    CaseInput {
        request: format!("{method} {}", step.path.as_deref().unwrap_or_default()),
        text: shown(step.input.as_deref().unwrap_or_default()),
    }
}

/// The differences, with their step in the path where there are several.
pub(super) fn judged(told: Disagreement, sequence: bool) -> Vec<JudgedDifference> {
    let all = told.differences.into_iter().map(|mut difference| {
        if sequence {
            difference.path = format!("step[{}]:{}", told.step, difference.path);
        }
        JudgedDifference {
            difference,
            pin: None,
        }
    });
    all.collect()
}

/// Who failed to answer, and how.
pub(super) fn reasons(names: [&String; 2], seen: [&Observation; 2]) -> Vec<String> {
    let told = names.iter().zip(seen).filter_map(|(name, seen)| {
        let failure: &Failure = seen.failure()?;
        Some(format!("`{name}`: {failure}"))
    });
    told.collect()
}

/// Who of the others sides with whom.
pub(super) fn attribute(
    judge: &Judge<'_>,
    pair: [&String; 2],
    reference: &Observation,
    others: &[(String, Observation)],
) -> Option<String> {
    let [left, right] = pair;
    if others.is_empty() {
        return None;
    }
    let with = |name: &str, seen: &Observation| {
        let judge = Judge {
            implementation: name,
            ..*judge
        };
        judge.disagreement(reference, seen).is_none()
    };
    if others.iter().all(|(name, seen)| with(name, seen)) {
        let names: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
        return Some(format!(
            "{right} differs; {left} and {} agree",
            names.join(", ")
        ));
    }
    let odd: Vec<&str> = others
        .iter()
        .filter(|(name, seen)| !with(name, seen))
        .map(|(name, _)| name.as_str())
        .collect();
    Some(format!(
        "{right} differs from {left}, and so does {}",
        odd.join(", ")
    ))
}

/// An input as text; as hexadecimal digits where it is none.
pub(super) fn shown(input: &[u8]) -> String {
    match std::str::from_utf8(input) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("hex:{hex}")
        }
    }
}
