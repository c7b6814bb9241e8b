//! Checks the accepted differences of `fixtures/divergences.toml` against a run.

use lakehouse_rig::text::counted;

use super::entry::{self, Entry, Grounds};
use crate::config::Pin;
use crate::config::pin::FILE;
use crate::difference::Difference;
use crate::outcome::{CaseOutcome, CaseVerdict, LedgerFailure, PinOutcome};

/// Marks the differences of a case that are accepted, each with the first pin that covers it.
pub fn accept(pins: &[Pin], case: &mut CaseOutcome) {
    let concerned = concerned(pins, case);
    for judged in &mut case.differences {
        judged.pin = covering(pins, &concerned, &judged.difference);
    }
}

/// The pins about a case. Rules come last, because they accept only what no exact pin covers.
pub(crate) fn concerned(pins: &[Pin], case: &CaseOutcome) -> Vec<usize> {
    let concerned = (0..pins.len()).filter(|index| concerns(&pins[*index], case));
    let (rules, exact): (Vec<usize>, Vec<usize>) = concerned.partition(|i| pins[*i].is_rule);
    [exact, rules].concat()
}

/// The first of these pins that covers a difference.
pub(crate) fn covering(
    pins: &[Pin],
    concerned: &[usize],
    difference: &Difference,
) -> Option<usize> {
    let mut in_order = concerned.iter();
    in_order
        .find(|index| pins[**index].covers(difference))
        .copied()
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
        let per_case = own.iter().map(|case| {
            let accepted = case.differences.iter();
            accepted.filter(|judged| judged.pin == Some(index)).count()
        });
        let per_case: Vec<usize> = per_case.filter(|count| *count > 0).collect();
        let matched = Matched {
            differences: per_case.iter().sum(),
            cases: per_case.len(),
        };
        let planned = planned(pin);
        let judged = compared > 0 && compared == planned;
        if planned == 0 {
            failures.push(failure(
                pin,
                "is limited to a transport that the two do not share",
                delete(pin),
            ));
        } else if let Some(overlap) = overlap(pins, index, &own) {
            failures.push(overlap);
        } else if !own.is_empty() {
            failures.extend(check_one(
                pin,
                index,
                matched.differences,
                judged,
                &own,
                today,
            ));
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
        && pin.has_case(&case.case)
}

/// What a pin accepted in a run.
#[derive(Debug, Clone, Copy, Default)]
struct Matched {
    differences: usize,
    cases: usize,
}

/// The failure of a rule that covers what another rule accepted: it would be counted for the one
/// that comes first in the file.
fn overlap(pins: &[Pin], index: usize, own: &[&CaseOutcome]) -> Option<LedgerFailure> {
    let pin = &pins[index];
    if !pin.is_rule {
        return None;
    }
    own.iter().find_map(|case| {
        case.differences.iter().find_map(|judged| {
            let other = judged.pin.filter(|other| *other != index)?;
            let other = pins.get(other).filter(|other| other.is_rule)?;
            pin.covers(&judged.difference).then(|| {
                let what = format!(
                    "and the rule in line {} both match `{}` of case `{}`",
                    other.lines.0, judged.difference.path, case.case
                );
                let edit = "narrow `path`, `cases` or `shapes` of one of the two";
                failure(pin, &what, edit.to_owned())
            })
        })
    })
}

fn check_one(
    pin: &Pin,
    index: usize,
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
    let is_wrong = matched > pin.count.max() || (judged && matched < pin.count.min());
    if !is_wrong {
        return check_places(pin, index, judged, own);
    }
    let changed = own
        .iter()
        .flat_map(|case| &case.differences)
        .filter(|judged| judged.pin.is_none())
        .map(|judged| &judged.difference)
        .find(|difference| {
            !pin.is_rule && matched < pin.count.min() && pin.path.matches(&difference.path)
        });
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
        match &pin.places {
            Some(_) => format!(
                "{}\n{}",
                pin.count.with(matched),
                places_field(&places_of(index, own.iter().copied()))
            ),
            None => pin.count.with(matched),
        },
    ))
}

/// Checks where the occurrences of a complete pin are.
fn check_places(
    pin: &Pin,
    index: usize,
    judged: bool,
    own: &[&CaseOutcome],
) -> Option<LedgerFailure> {
    let expected = pin.places.as_ref().filter(|_| judged)?;
    let found = places_of(index, own.iter().copied());
    (found != *expected).then(|| {
        failure(
            pin,
            "has its differences at other places",
            places_field(&found),
        )
    })
}

pub(crate) fn places_field(places: &str) -> String {
    format!("places = \"{places}\"")
}

/// Where the differences are that the pin of this index accepts.
pub(crate) fn places_of<'a>(index: usize, cases: impl Iterator<Item = &'a CaseOutcome>) -> String {
    entry::places(cases.flat_map(|case| {
        let accepted = case.differences.iter();
        let accepted = accepted.filter(|judged| judged.pin == Some(index));
        accepted.map(move |judged| (case, &judged.difference))
    }))
}

fn failure(pin: &Pin, what: &str, edit: String) -> LedgerFailure {
    let [left, right] = &pin.pair;
    LedgerFailure {
        file: FILE.to_owned(),
        line: pin.lines.0,
        message: format!(
            "the {} of `{}` (`{}`, {left} and {right}, `{}`) {what}",
            if pin.is_rule { "rule" } else { "pin" },
            pin.path.as_str(),
            pin.surface,
            pin.kind
        ),
        edit,
        implementation: Some(right.clone()),
    }
}

fn delete(pin: &Pin) -> String {
    let (first, last) = pin.lines;
    format!("delete lines {first} to {last} of `{FILE}`")
}

/// The outcome of a pin in a run that may have had it; one that is not judged otherwise.
#[must_use]
pub fn outcome_of(pin: &Pin, outcomes: &[PinOutcome]) -> PinOutcome {
    let mut new = outcome(pin, Matched::default(), false);
    let same = |known: &&PinOutcome| {
        known.surface == new.surface
            && known.cases == new.cases
            && known.pair == new.pair
            && known.transport == new.transport
            && known.path == new.path
            && known.kind == new.kind
            && known.shapes == new.shapes
    };
    if let Some(known) = outcomes.iter().find(same) {
        new.matched = known.matched;
        new.matched_cases = known.matched_cases;
        new.judged = known.judged;
    }
    new
}

fn outcome(pin: &Pin, matched: Matched, judged: bool) -> PinOutcome {
    PinOutcome {
        surface: pin.surface.clone(),
        cases: pin
            .cases
            .iter()
            .map(|case| case.as_str().to_owned())
            .collect(),
        pair: pin.pair.clone(),
        transport: pin.transport,
        path: pin.path.as_str().to_owned(),
        kind: pin.kind,
        shapes: pin.shapes.clone(),
        count: pin.count,
        rule: pin.is_rule,
        line: pin.lines.0,
        reason: pin.reason.clone(),
        decision: pin.decision.clone(),
        expires: pin.expires.to_string(),
        matched: matched.differences,
        matched_cases: matched.cases,
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
