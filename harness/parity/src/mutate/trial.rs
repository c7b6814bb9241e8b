//! One damaged copy before the judge: the pipeline that compares two implementations compares it
//! with its own original.

use std::cell::OnceCell;

use super::answer::{Answer, Mutant};
use crate::compare::{Prepared, compare, prepare};
use crate::config::Probe;
use crate::config::probe::Body;
use crate::difference::Difference;

/// What became of a damaged copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was told, at its path.
    Killed,
    /// These normalisers, by index, hide all that it did.
    Hidden(Vec<usize>),
    /// The ranking it is done to, by the index of its rule, lets it pass.
    Tied(usize),
    /// It was not told, or told elsewhere, and why.
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

    /// Compares a copy with the original.
    pub(super) fn fate(&self, mutant: &Mutant) -> Fate {
        let probe = self.answer.probe;
        let prepared = prepare(&mutant.observation, probe, None);
        let differences = self.compare(&self.original, &prepared);
        if is_told(&differences, mutant) {
            return Fate::Killed;
        }
        if !probe.normalisers.is_empty() && is_told(&self.without_normalisers(mutant), mutant) {
            // Where a normaliser takes elements out, those behind it are told at another index.
            if !differences.is_empty() {
                return Fate::Killed;
            }
            return Fate::Hidden(self.hiding(mutant, &prepared));
        }
        match mutant.tied {
            Some(rule) if differences.is_empty() => Fate::Tied(rule),
            _ => Fate::Survived(self.reason(&differences, mutant)),
        }
    }

    fn compare(&self, left: &Prepared, right: &Prepared) -> Vec<Difference> {
        let policy = &self.answer.probe.compare;
        compare(left, right, policy, self.answer.sequence)
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

    /// The normalisers each of which alone hides it; all that matched where it takes several.
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
                "told only as `{}` at `{}`, not as {kinds}",
                first.kind, first.path
            );
        }
        let compare = &self.answer.probe.compare;
        let is_body = mutant.expected.iter().any(|path| {
            let path = path.split_once("]:").map_or(path.as_str(), |(step, rest)| {
                if step.starts_with("step[") {
                    rest
                } else {
                    path
                }
            });
            path == "body" || path.starts_with("body:")
        });
        if is_body && compare.body == Body::Status {
            return "the comparator `status` does not look at bodies".to_owned();
        }
        let on = |name: &'static str, on: bool| format!("{name} {}", if on { "on" } else { "off" });
        let what = match (is_body, compare.body) {
            (true, Body::Bytes) => "bytes".to_owned(),
            (true, Body::Metrics) => format!("metrics (tolerance {})", compare.tolerance),
            (true, Body::Vectors) => {
                format!("vectors (cosine {}, norm {})", compare.cosine, compare.norm)
            }
            (true, Body::Ranking) => {
                let rules: Vec<String> = compare.rankings.iter().map(ToString::to_string).collect();
                rules.join("; ")
            }
            _ => [
                on("json (key order", compare.json.key_order),
                on("lexemes", !compare.json.numbers_by_value),
                on("escapes", compare.json.escapes) + ")",
            ]
            .join(", "),
        };
        format!("the comparator {what} sees no difference, and should tell {kinds}")
    }
}

fn is_told(differences: &[Difference], mutant: &Mutant) -> bool {
    let kinds = mutant.damage.told_as();
    differences
        .iter()
        .any(|found| kinds.contains(&found.kind) && mutant.expected.contains(&found.path))
}

fn kinds(mutant: &Mutant) -> String {
    let names: Vec<String> = mutant
        .damage
        .told_as()
        .iter()
        .take(3)
        .map(|kind| format!("`{kind}`"))
        .collect();
    names.join(" or ")
}
