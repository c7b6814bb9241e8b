//! A finding: how it is saved as a case and shown in reports.

use std::sync::Arc;

use lakehouse_rig::error::Error;

use super::judge::{Disagreement, Judge, Mismatch};
use super::pair::Confirmed;
use super::save::SavedCase;
use super::{Surface, steps};
use crate::config::CaseStep;
use crate::observation::Observation;
use crate::outcome::{self, CaseOutcome, CaseVerdict, JudgedDifference};
use crate::run::{case_input, input_text};

/// A confirmed mismatch.
pub(super) struct Finding<'a> {
    surface: Surface<'a>,
    mismatch: &'a Mismatch,
    confirmed: Confirmed,
    requests: Vec<CaseStep>,
    tries: usize,
    command: String,
}

impl<'a> Finding<'a> {
    pub(super) fn new(
        surface: Surface<'a>,
        mismatch: &'a Mismatch,
        confirmed: Confirmed,
        tries: usize,
    ) -> Finding<'a> {
        let shared = surface.shared;
        let requests = steps::of_input(&confirmed.input, surface.generator.steps);
        Finding {
            surface,
            mismatch,
            requests: requests.unwrap_or_default(),
            confirmed,
            tries,
            command: format!(
                "--generate {} --seed {}",
                shared.limits.inputs, shared.opened.seed
            ),
        }
    }

    /// Saves the finding as a case.
    pub(super) fn save(&self) -> Result<(), Error> {
        let root = &self.surface.context().root.directory;
        let case = self.saved_case();
        case.write(root)
            .map_err(|error| Error::io("write", &root.join(case.file()), error))
    }

    /// The finding in the list of all findings.
    pub(super) fn summary(&self) -> outcome::Finding {
        let Mismatch {
            input,
            implementation,
            signature,
        } = self.mismatch;
        outcome::Finding {
            surface: self.surface.probe.surface.clone(),
            implementation: implementation.clone(),
            path: signature.place(),
            kind: signature.kind,
            input: input_text(&self.confirmed.input),
            length: input.len(),
            tries: self.tries,
            saved: self.saved_case().file(),
        }
    }

    /// The finding as a case that diverged. `others` are the answers of other implementations.
    pub(super) fn into_case(self, others: &[(String, Observation)]) -> CaseOutcome {
        let Surface { probe, .. } = self.surface;
        let implementation = &self.mismatch.implementation;
        let saved = self.saved_case();
        let (name, file) = (saved.name(), saved.file());
        let pair = self.pair();
        let sides = [&self.confirmed.left, &self.confirmed.right];
        CaseOutcome {
            surface: probe.surface.clone(),
            transport: self.surface.transport(),
            why: Some(format!(
                "found by `{}`, shrunk from {} to {} bytes in {} tries, saved as `{file}`",
                self.command,
                self.mismatch.input.len(),
                self.confirmed.input.len(),
                self.tries,
            )),
            reference: pair[0].to_owned(),
            implementation: implementation.clone(),
            verdict: CaseVerdict::Diverged,
            reasons: failures(pair, sides),
            noise: Vec::new(),
            inputs: self
                .requests
                .iter()
                .map(|step| case_input(probe, self.surface.transport(), step))
                .collect(),
            attribution: attribution(
                &self.surface.judge(implementation),
                pair,
                (&self.confirmed.input[..], &self.confirmed.left),
                others,
            ),
            suggested_pins: Vec::new(),
            rerun: self.surface.shared.options.rerun(
                &probe.surface,
                &name,
                implementation,
                self.surface.shared.opened.seed,
            ),
            duration_ms: 0,
            case: name,
            differences: judged(self.confirmed.disagreement, self.surface.generator.steps),
            left: Some(Arc::new(self.confirmed.left)),
            right: Some(Arc::new(self.confirmed.right)),
        }
    }

    /// The names of the reference and the implementation.
    fn pair(&self) -> [&'a str; 2] {
        [self.surface.reference(), &self.mismatch.implementation]
    }

    fn saved_case(&self) -> SavedCase<'_> {
        let Confirmed {
            input,
            left,
            right,
            disagreement,
            index,
        } = &self.confirmed;
        let expected = if left.failure().is_none() {
            left
        } else {
            right
        };
        let judge = self.surface.judge(&self.mismatch.implementation);
        let is_sequence = self.surface.generator.steps;
        SavedCase {
            surface: &self.surface.probe.surface,
            transport: self.surface.transport(),
            pair: self.pair(),
            signature: &self.mismatch.signature,
            difference: &disagreement.differences[*index],
            input,
            requests: is_sequence.then_some(&self.requests[..]),
            expect_error: expected
                .steps
                .iter()
                .map(|step| judge.is_error(step))
                .collect(),
            original_length: self.mismatch.input.len(),
            tries: self.tries,
            command: &self.command,
        }
    }
}

/// The differences, with the step in their paths if inputs are sequences.
fn judged(disagreement: Disagreement, is_sequence: bool) -> Vec<JudgedDifference> {
    let Disagreement { step, differences } = disagreement;
    let all = differences.into_iter().map(|mut difference| {
        if is_sequence {
            difference.path = format!("step[{step}]:{}", difference.path);
        }
        JudgedDifference {
            difference,
            pin: None,
        }
    });
    all.collect()
}

fn failures(names: [&str; 2], answers: [&Observation; 2]) -> Vec<String> {
    let sides = names.iter().zip(answers);
    sides
        .filter_map(|(name, answer)| Some(format!("`{name}`: {}", answer.failure()?)))
        .collect()
}

/// Which other implementations agree with the reference.
fn attribution(
    judge: &Judge<'_>,
    [left, right]: [&str; 2],
    (input, reference): (&[u8], &Observation),
    others: &[(String, Observation)],
) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let differs = |implementation: &str, answer: &Observation| {
        let judge = Judge {
            implementation,
            ..*judge
        };
        judge.disagreement(input, reference, answer).is_some()
    };
    let (differ, agree): (Vec<_>, Vec<_>) = others
        .iter()
        .partition(|(name, answer)| differs(name, answer));
    let names = |list: &[&(String, Observation)]| -> String {
        let names: Vec<&str> = list.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    };
    Some(if differ.is_empty() {
        format!("{right} differs; {left} and {} agree", names(&agree))
    } else {
        format!(
            "{right} differs from {left}, and so does {}",
            names(&differ)
        )
    })
}
