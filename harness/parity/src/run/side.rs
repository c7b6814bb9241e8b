//! One implementation's answer to one case, judged by itself.

use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use super::drive::Driven;
use super::noise::Instability;
use super::participant::Participant;
use crate::compare::guard::{self, Usability};
use crate::compare::{Prepared, compare, prepare};
use crate::config::{Case, Probe};
use crate::ledger::normaliser::Tally;
use crate::observation::Observation;
use crate::recording::Recorded;
use crate::transport::Answered;

/// One side of a case.
#[derive(Debug, Default)]
pub(super) struct Side {
    pub(super) implementation: String,
    pub(super) observation: Option<Arc<Observation>>,
    pub(super) prepared: Option<Prepared>,
    /// What changes between its answers.
    pub(super) noise: Instability,
    /// Why the case cannot be judged.
    pub(super) broken: Vec<String>,
    /// Steps whose answer the case does not expect, and why.
    pub(super) unexpected: Vec<(usize, String)>,
    pub(super) skipped: Option<String>,
    pub(super) duration_ms: u64,
}

/// Judges one side. `driven` is none for a recording, and for an implementation that did not start.
pub(super) fn judge(
    participant: &Participant,
    driven: Option<&Driven>,
    probe: &Probe,
    case: &Case,
    transport: Transport,
    tally: &mut Tally,
) -> Side {
    let name = &participant.implementation.name;
    let mut side = Side {
        implementation: name.clone(),
        ..Side::default()
    };
    let observation = match driven {
        Some(driven) => match driven.first.get(&case.name) {
            Some(Answered::Observed {
                observation,
                duration_ms,
            }) => {
                side.duration_ms = *duration_ms;
                Arc::clone(observation)
            }
            Some(Answered::Skipped(why)) => {
                side.skipped = Some(why.clone());
                return side;
            }
            None => {
                side.broken.push(format!("`{name}` was not reached"));
                return side;
            }
        },
        None if participant.broken => {
            side.broken.push(format!("`{name}` could not be built"));
            return side;
        }
        None => match participant.recordings.get(&probe.surface) {
            None => {
                side.skipped = Some(format!(
                    "`{name}` cannot run: {}, and there is no recording",
                    participant.why_not_live()
                ));
                return side;
            }
            Some(recording) => match recording.answer(probe, case, transport) {
                Recorded::Answer(observation) => Arc::new(observation),
                Recorded::Unusable(why) => {
                    side.broken.push(why);
                    return side;
                }
            },
        },
    };
    let prepared = prepare(&observation, probe, None);
    tally.count(&case.name, transport, name, &prepared.hits);
    side.report_problems(&prepared, &[]);
    side.guard(&observation, &prepared, probe, case);
    if let Some(driven) = driven {
        side.compare_later(driven, (&observation, &prepared), probe, case, tally);
    }
    side.observation = Some(observation);
    side.prepared = Some(prepared);
    side
}

impl Side {
    /// Reports the values that fail the check of their normaliser, except at `known` places.
    fn report_problems(&mut self, prepared: &Prepared, known: &[&str]) {
        let new = prepared
            .hits
            .iter()
            .filter(|hit| !known.contains(&hit.place.as_str()));
        for problem in new.filter_map(|hit| hit.problem.as_ref()) {
            let reason = format!("`{}`: {problem}", self.implementation);
            if !self.broken.contains(&reason) {
                self.broken.push(reason);
            }
        }
    }

    fn guard(
        &mut self,
        observation: &Observation,
        prepared: &Prepared,
        probe: &Probe,
        case: &Case,
    ) {
        let steps = observation
            .steps
            .iter()
            .zip(&prepared.steps)
            .zip(&case.steps);
        for (index, ((step, prepared), expected)) in steps.enumerate() {
            let place = if case.sequence {
                format!(", step {index}")
            } else {
                String::new()
            };
            match guard::check(step, prepared, expected, probe) {
                Usability::Usable => {}
                Usability::Broken(why) => self
                    .broken
                    .push(format!("`{}`{place}: {why}", self.implementation)),
                Usability::Unexpected(why) => {
                    self.unexpected
                        .push((index, format!("`{}`{place}: {why}", self.implementation)));
                }
            }
        }
    }

    /// Compares the later answers to the case with the first one.
    fn compare_later(
        &mut self,
        driven: &Driven,
        (observation, prepared): (&Observation, &Prepared),
        probe: &Probe,
        case: &Case,
        tally: &mut Tally,
    ) {
        let transport = driven.job.transport;
        let wrong: Vec<&str> = prepared
            .hits
            .iter()
            .filter(|hit| hit.problem.is_some())
            .map(|hit| hit.place.as_str())
            .collect();
        // If both answers are broken, their differences are not reported too.
        let is_broken = why_broken(observation, prepared, probe, case).is_some();
        for later in &driven.later {
            let Some(Answered::Observed {
                observation: again, ..
            }) = later.get(&case.name)
            else {
                self.broken.push(format!(
                    "`{}` was not reached a second time",
                    self.implementation
                ));
                return;
            };
            let prepared_again = prepare(again, probe, None);
            tally.count(
                &case.name,
                transport,
                &self.implementation,
                &prepared_again.hits,
            );
            self.report_problems(&prepared_again, &wrong);
            if is_broken {
                continue;
            }
            if let Some(why) = why_broken(again, &prepared_again, probe, case) {
                self.broken
                    .push(format!("`{}`, the second time: {why}", self.implementation));
                continue;
            }
            mark_needed(
                tally,
                probe,
                case,
                (observation, prepared),
                (again, &prepared_again),
            );
            let mut differences = compare(prepared, &prepared_again, &probe.compare, case.sequence);
            differences.retain(|difference| !wrong.contains(&difference.path.as_str()));
            if !differences.is_empty() {
                self.noise.add(differences, prepared_again);
            }
        }
        let control = driven.control.as_ref();
        self.noise.by_order = match control.and_then(|control| control.get(&case.name)) {
            Some(Answered::Observed { observation, .. }) => {
                let control = prepare(observation, probe, None);
                compare(prepared, &control, &probe.compare, case.sequence).is_empty()
            }
            _ => false,
        };
    }
}

/// Why an answer cannot be compared, if so.
fn why_broken(
    observation: &Observation,
    prepared: &Prepared,
    probe: &Probe,
    case: &Case,
) -> Option<String> {
    let steps = observation.steps.iter().zip(&prepared.steps);
    steps
        .zip(&case.steps)
        .find_map(|((step, prepared), expected)| {
            match guard::check(step, prepared, expected, probe) {
                Usability::Broken(why) => Some(why),
                _ => None,
            }
        })
}

/// Repeats a comparison without each normaliser, and marks those that are needed.
pub(super) fn mark_needed(
    tally: &mut Tally,
    probe: &Probe,
    case: &Case,
    left: (&Observation, &Prepared),
    right: (&Observation, &Prepared),
) {
    if (0..probe.normalisers.len()).all(|index| tally.is_needed(index)) {
        return;
    }
    let with_all = compare(left.1, right.1, &probe.compare, case.sequence);
    for index in 0..probe.normalisers.len() {
        let matched = left
            .1
            .hits
            .iter()
            .chain(&right.1.hits)
            .any(|hit| hit.normaliser == index);
        if !matched || tally.is_needed(index) {
            continue;
        }
        let without = compare(
            &prepare(left.0, probe, Some(index)),
            &prepare(right.0, probe, Some(index)),
            &probe.compare,
            case.sequence,
        );
        // Paths and kinds, without values: in an array that differs anyway, the value that a
        // normaliser hides is not another difference.
        let paths =
            |all: &[crate::difference::Difference]| -> Vec<(String, crate::difference::DifferenceKind)> {
                all.iter().map(|d| (d.path.clone(), d.kind)).collect()
            };
        if paths(&without) != paths(&with_all) {
            tally.mark_needed(index);
        }
    }
}
