//! A finding: how it is saved as a case and shown in reports.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::error::Error;

use super::judge::{Disagreement, Mismatch};
use super::pair::Confirmed;
use super::save::SavedCase;
use super::{Surface, steps};
use crate::config::{Case, CaseStep};
use crate::observation::Observation;
use crate::outcome::{self, CaseOutcome, CaseVerdict, JudgedDifference};
use crate::run::{Inputs, input_text};

/// A confirmed mismatch.
pub(super) struct Finding<'a> {
    surface: Surface<'a>,
    mismatch: &'a Mismatch,
    confirmed: Confirmed,
    others: Others,
    requests: Vec<CaseStep>,
    tries: usize,
    command: String,
}

/// The implementations that were not part of the mismatch, with the same input.
#[derive(Default)]
pub(super) struct Others {
    pub(super) differ: Vec<Differs>,
    /// Those that agree with the reference.
    pub(super) agree: Vec<String>,
}

/// An implementation that differs from the reference.
pub(super) struct Differs {
    pub(super) implementation: String,
    pub(super) answer: Observation,
    pub(super) disagreement: Disagreement,
}

impl<'a> Finding<'a> {
    pub(super) fn new(
        surface: Surface<'a>,
        mismatch: &'a Mismatch,
        confirmed: Confirmed,
        others: Others,
        tries: usize,
    ) -> Finding<'a> {
        let shared = surface.shared;
        let requests = steps::of_input(&confirmed.input, surface.generator.steps);
        Finding {
            surface,
            mismatch,
            requests: requests.unwrap_or_default(),
            confirmed,
            others,
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
            also: self.others.names(),
            path: signature.place(),
            kind: signature.kind,
            class: signature.class.clone(),
            input: input_text(&self.confirmed.input),
            length: input.len(),
            tries: self.tries,
            saved: self.saved_case().file(),
        }
    }

    /// The finding as a case that diverged, for each implementation that differs.
    pub(super) fn cases(&self) -> Vec<CaseOutcome> {
        let saved = self.saved_case();
        let first = self.outcome(
            &saved,
            &self.mismatch.implementation,
            &self.confirmed.disagreement,
            &self.confirmed.right,
        );
        let others = self.others.differ.iter().map(|other| {
            self.outcome(
                &saved,
                &other.implementation,
                &other.disagreement,
                &other.answer,
            )
        });
        std::iter::once(first).chain(others).collect()
    }

    fn outcome(
        &self,
        saved: &SavedCase<'_>,
        implementation: &str,
        disagreement: &Disagreement,
        right: &Observation,
    ) -> CaseOutcome {
        let Surface {
            probe,
            shared,
            generator,
        } = self.surface;
        let transport = self.surface.transport();
        let (name, file) = (saved.name(), saved.file());
        let reference = self.surface.reference();
        let left = &self.confirmed.left;
        CaseOutcome {
            surface: probe.surface.clone(),
            transport,
            why: Some(format!(
                "found by `{}`, shrunk from {} to {} bytes in {} tries, saved as `{file}`",
                self.command,
                self.mismatch.input.len(),
                self.confirmed.input.len(),
                self.tries,
            )),
            reference: reference.to_owned(),
            implementation: implementation.to_owned(),
            verdict: CaseVerdict::Diverged,
            reasons: failures([reference, implementation], [left, right]),
            noise: Vec::new(),
            inputs: Inputs {
                root: &self.surface.context().root,
                given: &shared.options.root,
                probe,
                case: &Case {
                    name: name.clone(),
                    why: None,
                    transports: None,
                    files: BTreeMap::new(),
                    steps: self.requests.clone(),
                    sequence: generator.steps,
                    fresh: false,
                    repeats: 1,
                },
                transport,
                pair: [reference, implementation],
            }
            .redacted(),
            attribution: self.attribution(implementation),
            suggested_pins: Vec::new(),
            rerun: shared
                .options
                .rerun(&probe.surface, &name, implementation, shared.opened.seed),
            duration_ms: 0,
            case: name,
            differences: judged(disagreement, generator.steps),
            left: Some(Arc::new(left.clone())),
            right: Some(Arc::new(right.clone())),
        }
    }

    /// Which other implementations agree with the reference.
    fn attribution(&self, implementation: &str) -> Option<String> {
        let reference = self.surface.reference();
        let agree = self.others.agree.join(", ");
        let mut differ = self.others.names();
        differ.push(self.mismatch.implementation.clone());
        differ.retain(|name| name != implementation);
        match differ.as_slice() {
            [] if agree.is_empty() => None,
            [] => Some(format!(
                "{implementation} differs; {reference} and {agree} agree"
            )),
            [other] => Some(format!(
                "{implementation} differs from {reference}, and so does {other}"
            )),
            several => Some(format!(
                "{implementation} differs from {reference}, and so do {}",
                several.join(", ")
            )),
        }
    }

    /// The names of the reference and the implementation.
    fn pair(&self) -> [&'a str; 2] {
        [self.surface.reference(), &self.mismatch.implementation]
    }

    /// The implementations that differ, or the reference when all others differ from it.
    fn subject(&self) -> String {
        let mut names = vec![self.mismatch.implementation.clone()];
        names.extend(self.others.names());
        if names.len() > 1 && self.others.agree.is_empty() {
            return self.surface.reference().to_owned();
        }
        names.join("_")
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
            also: self.others.names(),
            subject: self.subject(),
            signature: &self.mismatch.signature,
            difference: &disagreement.differences[*index],
            input,
            requests: is_sequence.then_some(&self.requests[..]),
            expect_error: expected
                .steps
                .iter()
                .map(|step| judge.is_error(step))
                .collect(),
            expect_empty: self
                .requests
                .iter()
                .zip(&expected.steps)
                .map(|(sent, step)| judge.is_empty(sent, step))
                .collect(),
            original_length: self.mismatch.input.len(),
            tries: self.tries,
            command: &self.command,
        }
    }
}

impl Others {
    /// The names of those that differ.
    fn names(&self) -> Vec<String> {
        let names = self.differ.iter();
        names.map(|other| other.implementation.clone()).collect()
    }
}

/// The differences, with the step in their paths if inputs are sequences.
fn judged(disagreement: &Disagreement, is_sequence: bool) -> Vec<JudgedDifference> {
    let step = disagreement.step;
    let all = disagreement.differences.iter().cloned();
    all.map(|mut difference| {
        if is_sequence {
            difference.path = format!("step[{step}]:{}", difference.path);
        }
        JudgedDifference {
            difference,
            pin: None,
        }
    })
    .collect()
}

fn failures(names: [&str; 2], answers: [&Observation; 2]) -> Vec<String> {
    let sides = names.iter().zip(answers);
    sides
        .filter_map(|(name, answer)| Some(format!("`{name}`: {}", answer.failure()?)))
        .collect()
}
