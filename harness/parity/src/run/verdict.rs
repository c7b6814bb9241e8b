//! The verdict on a case for the reference and one implementation.

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use lakehouse_rig::implementation::Transport;

use super::noise;
use super::side::{self, Side};
use crate::compare::compare;
use crate::config::{Case, Pin, Probe};
use crate::ledger::divergence;
use crate::ledger::normaliser::Tally;
use crate::outcome::{CaseOutcome, CaseVerdict, JudgedDifference};

/// The outcome of a case before it is judged.
pub(super) fn unjudged(
    probe: &Probe,
    transport: Transport,
    case: &Case,
    [reference, implementation]: [&str; 2],
) -> CaseOutcome {
    CaseOutcome {
        surface: probe.surface.clone(),
        transport,
        case: case.name.clone(),
        why: case.why.clone(),
        reference: reference.to_owned(),
        implementation: implementation.to_owned(),
        verdict: CaseVerdict::Match,
        reasons: Vec::new(),
        noise: Vec::new(),
        inputs: Vec::new(),
        differences: Vec::new(),
        left: None,
        right: None,
        attribution: None,
        suggested_pins: Vec::new(),
        rerun: String::new(),
        duration_ms: 0,
    }
}

/// Compares two sides, and subtracts what the pins accept.
pub(super) fn pair(
    pins: &[Pin],
    probe: &Probe,
    transport: Transport,
    case: &Case,
    [left, right]: [&Side; 2],
    tally: &mut Tally,
) -> CaseOutcome {
    let names = [&*left.implementation, &*right.implementation];
    let mut outcome = CaseOutcome {
        left: left.observation.clone(),
        right: right.observation.clone(),
        duration_ms: right.duration_ms,
        ..unjudged(probe, transport, case, names)
    };
    let skipped: Vec<String> = [left, right]
        .into_iter()
        .filter_map(|side| side.skipped.clone())
        .collect();
    if !skipped.is_empty() {
        outcome.verdict = CaseVerdict::Skipped;
        outcome.reasons = skipped;
        return outcome;
    }
    if let (Some(left_prepared), Some(right_prepared)) = (&left.prepared, &right.prepared) {
        outcome.differences = compare(left_prepared, right_prepared, &probe.compare, case.sequence)
            .into_iter()
            .map(|difference| JudgedDifference {
                difference,
                pin: None,
            })
            .collect();
        if let (Some(l), Some(r)) = (&left.observation, &right.observation) {
            side::mark_needed(tally, probe, case, (l, left_prepared), (r, right_prepared));
        }
    }
    divergence::accept(pins, &mut outcome);
    outcome.reasons = [left, right]
        .into_iter()
        .flat_map(|side| side.broken.clone())
        .collect();
    outcome.noise = [left, right]
        .into_iter()
        .flat_map(|side| side.noise.places(&side.implementation))
        .collect();
    outcome.verdict = match outcome.noise.is_empty() {
        true => verdict(&mut outcome, left, right),
        false => noisy_verdict(&mut outcome, left, right, probe, case),
    };
    outcome
}

/// The verdict on a pair whose accepted differences are marked. Adds its reasons.
fn verdict(outcome: &mut CaseOutcome, left: &Side, right: &Side) -> CaseVerdict {
    let unexpected = left.unexpected.iter().chain(&right.unexpected);
    let empty = left.empty.iter().chain(&right.empty);
    outcome
        .reasons
        .extend(unexpected.chain(empty).map(|(_, why)| why.clone()));
    if !left.broken.is_empty() || !right.broken.is_empty() {
        return CaseVerdict::Invalid;
    }
    // If both sides are unexpected in the same step, the case expects what neither does. If one side
    // is, that is a difference, unless the comparator ignores it.
    let both = left
        .unexpected
        .iter()
        .any(|(step, _)| right.unexpected.iter().any(|(other, _)| step == other));
    let is_unseen = !outcome.reasons.is_empty() && outcome.differences.is_empty();
    if both || is_unseen || is_empty_on_both_sides(outcome, left, right) {
        return CaseVerdict::Invalid;
    }
    if outcome.differences.is_empty() {
        CaseVerdict::Match
    } else if outcome
        .differences
        .iter()
        .all(|judged| judged.pin.is_some())
    {
        CaseVerdict::Known
    } else {
        CaseVerdict::Diverged
    }
}

/// The verdict on a pair of which a side changes between identical requests: diverged if a
/// difference does not depend on the change, and invalid otherwise. Adds its reasons.
fn noisy_verdict(
    outcome: &mut CaseOutcome,
    left: &Side,
    right: &Side,
    probe: &Probe,
    case: &Case,
) -> CaseVerdict {
    let mut certain = outcome.differences.clone();
    noise::keep_certain(&mut certain, left, right, probe, case);
    let all = std::mem::replace(&mut outcome.differences, certain);
    let broken = std::mem::take(&mut outcome.reasons);
    if verdict(outcome, left, right) == CaseVerdict::Diverged {
        let first = noise::sentences(&outcome.differences, left, right);
        outcome.reasons.splice(0..0, first);
        return CaseVerdict::Diverged;
    }
    let unstable = [left, right].into_iter().filter_map(noise::sentence);
    let expectations = std::mem::take(&mut outcome.reasons);
    outcome.reasons = broken
        .into_iter()
        .chain(unstable)
        .chain(expectations)
        .collect();
    outcome.differences = all;
    CaseVerdict::Invalid
}

/// Whether both answers to a step are empty and differ in nothing, such as the status, either.
fn is_empty_on_both_sides(outcome: &CaseOutcome, left: &Side, right: &Side) -> bool {
    let is_in = |path: &str, step: usize| {
        path.starts_with(&format!("step[{step}]:")) || !path.starts_with("step[")
    };
    let differs = |step: usize| {
        let mut differences = outcome.differences.iter();
        differences.any(|judged| is_in(&judged.difference.path, step))
    };
    let mut steps = left.empty.iter().map(|(step, _)| *step);
    steps.any(|step| right.empty.iter().any(|(other, _)| *other == step) && !differs(step))
}
