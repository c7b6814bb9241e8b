//! Compares a damaged copy with its original, as two implementations are compared.

use std::cell::OnceCell;

use super::answer::{Answer, Mutant};
use crate::comparators::Form;
use crate::compare::{Prepared, compare, prepare};
use crate::config::Probe;
use crate::difference::{Difference, DifferenceKind};
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
    /// It did not report the damage, or only at another path, and why.
    Survived(String),
}

/// The original, prepared once for all its copies.
pub(super) struct Trial<'a> {
    answer: &'a Answer<'a>,
    pub(super) original: Prepared,
    /// The probe without normalisers, and the original prepared with it.
    bare: OnceCell<(Probe, Prepared)>,
    unequal: Vec<Unequal<'a>>,
}

/// Another implementation's answer to the same case.
#[derive(Debug, Clone, Copy)]
pub(super) struct OtherAnswer<'a> {
    pub(super) implementation: &'a str,
    pub(super) observation: &'a Observation,
    /// Whether it is the left side of the pair.
    pub(super) is_left: bool,
}

/// Another answer that differs from the original, prepared once for all copies.
struct Unequal<'a> {
    implementation: &'a str,
    is_left: bool,
    prepared: Prepared,
    differences: Vec<Difference>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(answer: &'a Answer<'a>, unequal: &[OtherAnswer<'a>]) -> Trial<'a> {
        let mut trial = Trial {
            answer,
            original: prepare(answer.observation, answer.probe, None),
            bare: OnceCell::new(),
            unequal: Vec::new(),
        };
        for other in unequal {
            let mut unequal = Unequal {
                implementation: other.implementation,
                is_left: other.is_left,
                prepared: prepare(other.observation, answer.probe, None),
                differences: Vec::new(),
            };
            unequal.differences = trial.differences(&unequal, &trial.original);
            trial.unequal.push(unequal);
        }
        trial
    }

    pub(super) fn detection(&self, mutant: &Mutant) -> Detection {
        let probe = self.answer.probe;
        let prepared = prepare(&mutant.observation, probe, None);
        let differences = self.compare(&self.original, &prepared);
        if self.is_reported(&differences, mutant) {
            return match self.accepted(&prepared, mutant) {
                Some(reason) => Detection::Survived(reason),
                None => Detection::Killed,
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
        self.unequal.iter().find_map(|unequal| {
            let concerned = unequal.differences.iter().find(|difference| {
                let is_below = |path: &String| is_at_or_below(path, &difference.path);
                !self.is_tolerated(difference.kind) && mutant.expected.iter().any(is_below)
            })?;
            let is_same = pinned(&self.differences(unequal, copy)) == pinned(&unequal.differences);
            is_same.then(|| {
                format!(
                    "the accepted difference from `{}` at `{}` would hide it",
                    unequal.implementation, concerned.path
                )
            })
        })
    }

    /// Whether a rule reports such a difference, which then may stay the same within its tolerance.
    fn is_tolerated(&self, kind: DifferenceKind) -> bool {
        let mut rules = self.answer.probe.compare.body.rules().iter();
        rules.any(|rule| rule.reports_as().contains(&kind))
    }

    /// The differences between another answer and the original or a copy of it.
    fn differences(&self, unequal: &Unequal<'_>, own: &Prepared) -> Vec<Difference> {
        match unequal.is_left {
            true => self.compare(&unequal.prepared, own),
            false => self.compare(own, &unequal.prepared),
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

/// What entries of `fixtures/divergences.toml` contain of differences, in a fixed order.
fn pinned(differences: &[Difference]) -> Vec<(&str, DifferenceKind, [&str; 2])> {
    let mut pinned: Vec<_> = differences
        .iter()
        .map(|difference| {
            let shapes = [&*difference.left.shape, &*difference.right.shape];
            (&*difference.path, difference.kind, shapes)
        })
        .collect();
    pinned.sort_unstable();
    pinned
}

fn is_at_or_below(path: &str, other: &str) -> bool {
    let rest = path.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
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
