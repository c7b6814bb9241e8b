//! One implementation's answer to one case, judged by itself.

use std::sync::Arc;

use lakehouse_rig::implementation::Transport;

use super::driven::Driven;
use super::instability::Instability;
use super::participant::Participant;
use crate::compare::guard::{self, Usability};
use crate::compare::{Prepared, compare, prepare};
use crate::config::{Case, Probe};
use crate::difference::{Difference, DifferenceKind};
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
    /// Steps whose answer is empty although nothing allows that, and why.
    pub(super) empty: Vec<(usize, String)>,
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
                ..
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
    let mut side = Side {
        duration_ms: side.duration_ms,
        ..Side::answered(name, Arc::clone(&observation), probe, case)
    };
    if let Some(prepared) = side.prepared.take() {
        tally.count(&case.name, transport, name, &prepared.hits);
        if let Some(driven) = driven {
            let first = First {
                observation: &observation,
                prepared: &prepared,
                probe,
                case,
                transport,
            };
            side.compare_later(driven, &first, tally);
        }
        side.prepared = Some(prepared);
    }
    side
}

/// The answer that is compared with the other side's, and with the later ones of its own.
struct First<'a> {
    observation: &'a Observation,
    prepared: &'a Prepared,
    probe: &'a Probe,
    case: &'a Case,
    transport: Transport,
}

impl First<'_> {
    fn differences(&self, other: &Prepared) -> Vec<Difference> {
        let policy = &self.probe.compare;
        compare(self.prepared, other, policy, self.case.sequence)
    }

    /// The places of values that fail the check of their normaliser.
    fn wrong_places(&self) -> Vec<&str> {
        let wrong = self.prepared.hits.iter();
        wrong
            .filter(|hit| hit.problem.is_some())
            .map(|hit| hit.place.as_str())
            .collect()
    }
}

impl Side {
    /// A side with one answer, judged by itself.
    pub(super) fn answered(
        implementation: &str,
        observation: Arc<Observation>,
        probe: &Probe,
        case: &Case,
    ) -> Side {
        let mut side = Side {
            implementation: implementation.to_owned(),
            ..Side::default()
        };
        let prepared = prepare(&observation, probe, None);
        side.report_problems(&prepared, &[]);
        side.guard(&observation, &prepared, probe, case);
        side.observation = Some(observation);
        side.prepared = Some(prepared);
        side
    }

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
                Usability::Empty(why) => {
                    self.empty
                        .push((index, format!("`{}`{place}: {why}", self.implementation)));
                }
                Usability::Unexpected(why) => {
                    self.unexpected
                        .push((index, format!("`{}`{place}: {why}", self.implementation)));
                }
            }
        }
    }

    /// Compares the later answers to the case with the first one.
    fn compare_later(&mut self, driven: &Driven, first: &First<'_>, tally: &mut Tally) {
        let rounds = std::iter::once(&driven.first).chain(&driven.later);
        let mut changed_rounds = Vec::new();
        for (round, answers) in rounds.enumerate() {
            let Some(Answered::Observed {
                observation,
                repeats,
                ..
            }) = answers.get(&first.case.name)
            else {
                self.broken.push(format!(
                    "`{}` was not reached a second time",
                    self.implementation
                ));
                return;
            };
            let own = (round > 0).then_some(observation);
            let mut has_changed = false;
            for again in own.into_iter().chain(repeats) {
                has_changed |= self.compare_again(again, first, tally);
            }
            changed_rounds.push(has_changed);
        }
        // The order explains a change if all rounds in another order differ, and those in the first
        // order agree.
        let is_another_order = |round: usize| round > 0 && driven.job.cases.len() > 1;
        let mut rounds = changed_rounds.iter().enumerate();
        let is_by_order = rounds.all(|(round, changed)| *changed == is_another_order(round));
        let control = driven.control.as_ref();
        if let Some(Answered::Observed { observation, .. }) =
            control.and_then(|control| control.get(&first.case.name))
            && is_by_order
            && !self.noise.is_empty()
        {
            let control = prepare(observation, first.probe, None);
            self.noise.by_order = first.differences(&control).is_empty();
        }
    }

    /// Compares one more answer with the first. Returns whether they differ.
    fn compare_again(&mut self, again: &Observation, first: &First<'_>, tally: &mut Tally) -> bool {
        let First {
            observation,
            prepared,
            probe,
            case,
            transport,
        } = *first;
        let prepared_again = prepare(again, probe, None);
        let hits = &prepared_again.hits;
        tally.count(&case.name, transport, &self.implementation, hits);
        let wrong = first.wrong_places();
        self.report_problems(&prepared_again, &wrong);
        // If both answers are broken, their differences are not reported too.
        if why_broken(observation, prepared, probe, case).is_some() {
            return false;
        }
        if let Some(why) = why_broken(again, &prepared_again, probe, case) {
            let reason = format!("`{}`, the second time: {why}", self.implementation);
            if !self.broken.contains(&reason) {
                self.broken.push(reason);
            }
            return false;
        }
        mark_needed(
            tally,
            probe,
            case,
            (observation, prepared),
            (again, &prepared_again),
        );
        let mut differences = first.differences(&prepared_again);
        differences.retain(|difference| !wrong.contains(&difference.path.as_str()));
        let has_changed = !differences.is_empty();
        if has_changed {
            self.noise.add(differences, prepared_again);
        }
        has_changed
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
        let paths = |all: &[Difference]| -> Vec<(String, DifferenceKind)> {
            all.iter().map(|d| (d.path.clone(), d.kind)).collect()
        };
        if paths(&without) != paths(&with_all) {
            tally.mark_needed(index);
        }
    }
}
