//! Compares a damaged copy with its original, as two implementations are compared.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::answer::{Answer, Mutant};
use super::ledger::{Declared, Effect, Ledger, Pinned, is_at_or_below, pinned};
use crate::comparators::Form;
use crate::compare::{Prepared, compare, prepare};
use crate::config::Probe;
use crate::difference::{Difference, DifferenceKind};
use crate::ledger::divergence::covering;
use crate::observation::Observation;

/// The result of comparing a damaged copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Detection {
    /// It reported the damage at its path.
    Killed,
    /// These normalisers, by index, hide all of the damage.
    Hidden(Vec<usize>),
    /// The comparator's rule of this index accepts the damage on purpose.
    Accepted(usize),
    /// These rules of the ledger, by index, accept the copy as they accepted the original.
    Allowed(Vec<usize>),
    /// It did not report the damage, or only at another path, and why.
    Survived(String),
}

/// The original, prepared once for all its copies.
pub(super) struct Trial<'a> {
    answer: &'a Answer<'a>,
    pub(super) original: Prepared,
    /// The probe without normalisers, and the original prepared with it.
    bare: OnceCell<(Probe, Prepared)>,
    ledger: Ledger<'a>,
    others: Vec<Other<'a>>,
}

/// Another implementation's answer to the same case.
#[derive(Debug, Clone)]
pub(super) struct OtherAnswer<'a> {
    pub(super) implementation: &'a str,
    pub(super) observation: &'a Observation,
    /// Whether it is the left side of the pair.
    pub(super) is_left: bool,
    /// The pins about the pair's case, rules last.
    pub(super) concerned: Vec<usize>,
}

/// Another answer, prepared once for all copies.
struct Other<'a> {
    implementation: &'a str,
    is_left: bool,
    concerned: &'a [usize],
    prepared: Prepared,
    differences: Vec<Difference>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        answer: &'a Answer<'a>,
        others: &'a [OtherAnswer<'a>],
        ledger: Ledger<'a>,
    ) -> Trial<'a> {
        let mut trial = Trial {
            answer,
            original: prepare(answer.observation, answer.probe, None),
            bare: OnceCell::new(),
            ledger,
            others: Vec::new(),
        };
        for other in others {
            let mut other = Other {
                implementation: other.implementation,
                is_left: other.is_left,
                concerned: &other.concerned,
                prepared: prepare(other.observation, answer.probe, None),
                differences: Vec::new(),
            };
            other.differences = trial.differences(&other, &trial.original);
            trial.others.push(other);
        }
        trial
    }

    /// The differences from the other answers that the ledger accepts.
    pub(super) fn declared(&self) -> Declared<'_> {
        let pins = self.ledger.pins;
        Declared::new(self.others.iter().flat_map(|other| {
            let accepted = other.differences.iter();
            accepted.filter_map(move |difference| {
                let pin = covering(pins, other.concerned, difference)?;
                Some((difference, pin))
            })
        }))
    }

    pub(super) fn detection(&self, mutant: &Mutant) -> Detection {
        let probe = self.answer.probe;
        let prepared = prepare(&mutant.observation, probe, None);
        let differences = self.compare(&self.original, &prepared);
        if self.is_reported(&differences, mutant) {
            return match self.accepted(&prepared, mutant) {
                Some(reason) => Detection::Survived(reason),
                None => self.judged(&prepared, mutant),
            };
        }
        let is_hidden = !probe.normalisers.is_empty()
            && self.is_reported(&self.without_normalisers(mutant), mutant);
        if is_hidden {
            // If a normaliser removes elements, later ones are reported at another index.
            if !differences.is_empty() {
                return Detection::Killed;
            }
            return Detection::Hidden(self.hiding(mutant, &prepared));
        }
        match mutant.accepted_by {
            Some(rule) if differences.is_empty() => Detection::Accepted(rule),
            _ => Detection::Survived(self.reason(&differences, mutant)),
        }
    }

    fn compare(&self, left: &Prepared, right: &Prepared) -> Vec<Difference> {
        let policy = &self.answer.probe.compare;
        compare(left, right, policy, self.answer.sequence)
    }

    /// Why the entries that accept the original's differences from another answer would accept the
    /// copy as well, if they would.
    pub(super) fn accepted(&self, copy: &Prepared, mutant: &Mutant) -> Option<String> {
        self.others.iter().find_map(|other| {
            let concerned = other.differences.iter().find(|difference| {
                let is_below = |path: &String| is_at_or_below(path, &difference.path);
                !self.is_tolerated(difference.kind) && mutant.expected.iter().any(is_below)
            })?;
            let is_same =
                all_pinned(&self.differences(other, copy)) == all_pinned(&other.differences);
            is_same.then(|| {
                format!(
                    "the accepted difference from `{}` at `{}` would hide it",
                    other.implementation, concerned.path
                )
            })
        })
    }

    /// The detection of damage that the comparison reports: rules of the ledger may accept the
    /// differences from another answer all the same.
    fn judged(&self, copy: &Prepared, mutant: &Mutant) -> Detection {
        let mut allowing = BTreeSet::new();
        for other in &self.others {
            let has_rule = |index: &usize| self.ledger.pins[*index].is_rule;
            if !other.concerned.iter().any(has_rule) {
                continue;
            }
            let differences = self.differences(other, copy);
            let both = [&*other.differences, &*differences];
            match self.ledger.effect(other.concerned, both, &mutant.expected) {
                Effect::Reported => {}
                Effect::Allowed(rules) => allowing.extend(rules),
                Effect::Wrong(reason) => return Detection::Survived(reason),
            }
        }
        match allowing.is_empty() {
            true => Detection::Killed,
            false => Detection::Allowed(allowing.into_iter().collect()),
        }
    }

    /// Whether a rule reports such a difference, which then may stay the same within its tolerance.
    fn is_tolerated(&self, kind: DifferenceKind) -> bool {
        let mut rules = self.answer.probe.compare.body.rules().iter();
        rules.any(|rule| rule.reports_as().contains(&kind))
    }

    /// The differences between another answer and the original or a copy of it.
    fn differences(&self, other: &Other<'_>, own: &Prepared) -> Vec<Difference> {
        match other.is_left {
            true => self.compare(&other.prepared, own),
            false => self.compare(own, &other.prepared),
        }
    }

    fn is_reported(&self, differences: &[Difference], mutant: &Mutant) -> bool {
        let rules = self.answer.probe.compare.body.rules();
        let may_be = |kind: DifferenceKind| {
            mutant.damage.reported_as.contains(&kind)
                || rules.iter().any(|rule| rule.reports_as().contains(&kind))
        };
        differences
            .iter()
            .any(|found| may_be(found.kind) && mutant.expected.contains(&found.path))
    }

    fn without_normalisers(&self, mutant: &Mutant) -> Vec<Difference> {
        let (probe, original) = self.bare.get_or_init(|| {
            let mut probe = self.answer.probe.clone();
            probe.normalisers.clear();
            let original = prepare(self.answer.observation, &probe, None);
            (probe, original)
        });
        self.compare(original, &prepare(&mutant.observation, probe, None))
    }

    /// The normalisers that hide the damage alone, or else all that matched.
    fn hiding(&self, mutant: &Mutant, prepared: &Prepared) -> Vec<usize> {
        let probe = self.answer.probe;
        let mut matched: Vec<usize> = prepared
            .hits
            .iter()
            .chain(&self.original.hits)
            .map(|hit| hit.normaliser)
            .collect();
        matched.sort_unstable();
        matched.dedup();
        let alone: Vec<usize> = matched
            .iter()
            .copied()
            .filter(|index| {
                let original = prepare(self.answer.observation, probe, Some(*index));
                let copy = prepare(&mutant.observation, probe, Some(*index));
                !self.compare(&original, &copy).is_empty()
            })
            .collect();
        if alone.is_empty() { matched } else { alone }
    }

    fn reason(&self, differences: &[Difference], mutant: &Mutant) -> String {
        let kinds = kinds(mutant);
        if let Some(first) = differences.first() {
            return format!(
                "only reported as `{}` at `{}`, not as {kinds}",
                first.kind, first.path
            );
        }
        let compare = &self.answer.probe.compare;
        let is_body = mutant.expected.iter().any(|path| is_in_body(path));
        if is_body && compare.body.form() == Form::Ignored {
            return "the body is not compared".to_owned();
        }
        let how = if is_body {
            let rules = compare.body.rules().iter();
            let rules: String = rules.map(|rule| format!("; {rule}")).collect();
            format!("{}{rules}", compare.body)
        } else {
            format!("as JSON; {}", compare.json)
        };
        format!("not reported, and should be as {kinds}; it is compared {how}")
    }
}

/// What entries contain of differences, in a fixed order.
fn all_pinned(differences: &[Difference]) -> Vec<Pinned<'_>> {
    let mut all: Vec<_> = differences.iter().map(pinned).collect();
    all.sort_unstable();
    all
}

fn is_in_body(path: &str) -> bool {
    let path = match path.split_once("]:") {
        Some((step, rest)) if step.starts_with("step[") => rest,
        _ => path,
    };
    path == "body" || path.starts_with("body:")
}

fn kinds(mutant: &Mutant) -> String {
    let kinds = mutant.damage.reported_as.iter().take(3);
    let names: Vec<String> = kinds.map(|kind| format!("`{kind}`")).collect();
    names.join(" or ")
}
