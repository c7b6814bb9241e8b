//! Compares a damaged copy with its original, as two implementations are compared.

use std::cell::OnceCell;

use super::answer::{Answer, Mutant};
use crate::comparators::Form;
use crate::compare::{Prepared, compare, prepare};
use crate::config::Probe;
use crate::difference::{Difference, DifferenceKind};

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
    original: Prepared,
    /// The probe without normalisers, and the original prepared with it.
    bare: OnceCell<(Probe, Prepared)>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(answer: &'a Answer<'a>) -> Trial<'a> {
        Trial {
            answer,
            original: prepare(answer.observation, answer.probe, None),
            bare: OnceCell::new(),
        }
    }

    pub(super) fn detection(&self, mutant: &Mutant) -> Detection {
        let probe = self.answer.probe;
        let prepared = prepare(&mutant.observation, probe, None);
        let differences = self.compare(&self.original, &prepared);
        if self.is_reported(&differences, mutant) {
            return Detection::Killed;
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
