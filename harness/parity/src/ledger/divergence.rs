//! Checks the accepted differences of `fixtures/divergences.toml` against a run.

use lakehouse_rig::text::counted;

use super::entry::{self, Entry, Grounds};
use crate::config::Pin;
use crate::config::pin::FILE;
use crate::difference::Difference;
use crate::outcome::{CaseOutcome, CaseVerdict, LedgerFailure, PinOutcome};

/// Marks the differences of a case that are accepted, each with the first pin that covers it.
pub fn accept(pins: &[Pin], case: &mut CaseOutcome) {
    let relevant: Vec<usize> = (0..pins.len())
        .filter(|index| concerns(&pins[*index], case))
        .collect();
    for judged in &mut case.differences {
        judged.pin = relevant
            .iter()
            .copied()
            .find(|index| pins[*index].covers(&judged.difference));
    }
}

/// Checks every pin against the cases of a run. `planned` is the number of outcomes that a pin's
/// cases have in an unfiltered run.
#[must_use]
pub fn check(
    pins: &[Pin],
    cases: &[CaseOutcome],
    planned: &dyn Fn(&Pin) -> usize,
    today: jiff::civil::Date,
) -> (Vec<PinOutcome>, Vec<LedgerFailure>) {
    let mut outcomes = Vec::new();
    let mut failures = Vec::new();
    for (index, pin) in pins.iter().enumerate() {
        let own: Vec<&CaseOutcome> = cases.iter().filter(|case| concerns(pin, case)).collect();
        // A case with noise says nothing about the places that it does not list.
        let compared = own
            .iter()
            .filter(|case| !matches!(case.verdict, CaseVerdict::Skipped | CaseVerdict::Invalid))
            .filter(|case| case.noise.is_empty())
            .count();
        let matched = own
            .iter()
            .flat_map(|case| &case.differences)
            .filter(|judged| judged.pin == Some(index))
            .count();
        let planned = planned(pin);
        let judged = compared > 0 && compared == planned;
        if planned == 0 {
            failures.push(failure(
                pin,
                "is limited to a transport that the two do not share",
                delete(pin),
            ));
        } else if !own.is_empty() {
            failures.extend(check_one(pin, matched, judged, &own, today));
        }
        outcomes.push(outcome(pin, matched, judged));
    }
    (outcomes, failures)
}

/// Whether a pin is about this case of a run.
pub(crate) fn concerns(pin: &Pin, case: &CaseOutcome) -> bool {
    pin.surface == case.surface
        && pin.pair[0] == case.reference
        && pin.pair[1] == case.implementation
        && pin.transport.is_none_or(|only| only == case.transport)
        && pin.cases.contains(&case.case)
}

fn check_one(
    pin: &Pin,
    matched: usize,
    judged: bool,
    own: &[&CaseOutcome],
    today: jiff::civil::Date,
) -> Option<LedgerFailure> {
    if pin.expires < today {
        return Some(failure(
            pin,
            &format!("expired on {}", pin.expires),
            "fix the difference and delete the pin, or decide again and set a later `expires`"
                .to_owned(),
        ));
    }
    let is_wrong = matched > pin.count || (judged && matched < pin.count);
    if !is_wrong {
        return None;
    }
    let changed = own
        .iter()
        .flat_map(|case| &case.differences)
        .filter(|judged| judged.pin.is_none())
        .map(|judged| &judged.difference)
        .find(|difference| matched < pin.count && pin.path.matches(&difference.path));
    if let Some(Difference {
        path,
        kind,
        left,
        right,
    }) = changed
    {
        let shapes = [left.shape.clone(), right.shape.clone()];
        return Some(failure(
            pin,
            &format!(
                "no longer describes the difference: `{path}` is now `{kind}` ({} | {})",
                left.shape, right.shape
            ),
            format!("kind = \"{kind}\"\n{}", entry::shapes(&shapes)),
        ));
    }
    if matched == 0 {
        return Some(failure(pin, "no longer occurs", delete(pin)));
    }
    Some(failure(
        pin,
        &format!(
            "matches {} instead of {}",
            counted(matched, "difference"),
            pin.count
        ),
        format!("count = {matched}"),
    ))
}

fn failure(pin: &Pin, what: &str, edit: String) -> LedgerFailure {
    let [left, right] = &pin.pair;
    LedgerFailure {
        file: FILE.to_owned(),
        line: pin.lines.0,
        message: format!(
            "the pin of `{}` (`{}`, {left} and {right}, `{}`) {what}",
            pin.path.as_str(),
            pin.surface,
            pin.kind
        ),
        edit,
    }
}

fn delete(pin: &Pin) -> String {
    let (first, last) = pin.lines;
    format!("delete lines {first} to {last} of `{FILE}`")
}

/// The outcome of a pin without a run.
#[must_use]
pub fn not_judged(pin: &Pin) -> PinOutcome {
    outcome(pin, 0, false)
}

fn outcome(pin: &Pin, matched: usize, judged: bool) -> PinOutcome {
    PinOutcome {
        surface: pin.surface.clone(),
        cases: pin.cases.clone(),
        pair: pin.pair.clone(),
        transport: pin.transport,
        path: pin.path.as_str().to_owned(),
        kind: pin.kind,
        shapes: pin.shapes.clone(),
        count: pin.count,
        reason: pin.reason.clone(),
        decision: pin.decision.clone(),
        expires: pin.expires.to_string(),
        matched,
        judged,
    }
}

/// The pins that would accept the unexpected differences of a case, as TOML.
#[must_use]
pub fn suggest(case: &CaseOutcome, today: jiff::civil::Date) -> Vec<String> {
    let unexpected = case
        .differences
        .iter()
        .filter(|judged| judged.pin.is_none())
        .map(|judged| (case, &judged.difference));
    let entries = entry::entries(unexpected);
    let toml = |entry: &Entry| entry.toml(&Grounds::default(), today);
    entries.iter().map(toml).collect()
}
