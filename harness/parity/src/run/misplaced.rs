//! Finds answers that went to another case: right by themselves, and wrong where they stand.

use std::cell::OnceCell;

use super::drive::Driven;
use crate::compare::{Prepared, compare, prepare};
use crate::config::{Case, Probe};
use crate::transport::Answered;

/// The reference's answers to all cases of a surface over one transport, made ready when first
/// asked for.
pub(super) struct Elsewhere<'a> {
    probe: &'a Probe,
    reference: Option<&'a Driven>,
    answers: OnceCell<Vec<(&'a str, Prepared)>>,
}

impl<'a> Elsewhere<'a> {
    pub(super) fn new(probe: &'a Probe, reference: Option<&'a Driven>) -> Elsewhere<'a> {
        Elsewhere {
            probe,
            reference,
            answers: OnceCell::new(),
        }
    }

    /// The other case to which this is what the reference answers, if there is exactly one.
    pub(super) fn case_of(&self, case: &Case, answer: &Prepared) -> Option<&'a str> {
        if case.sequence {
            return None;
        }
        let same = |other: &Prepared| compare(other, answer, &self.probe.compare, false).is_empty();
        let answers = self.answers.get_or_init(|| self.prepared());
        let mut found = answers.iter().filter(|(_, other)| same(other));
        let (name, _) = found.next()?;
        (*name != case.name && found.next().is_none()).then_some(name)
    }

    /// Only plain successes: refusals look alike for good reasons.
    fn prepared(&self) -> Vec<(&'a str, Prepared)> {
        let Some(driven) = self.reference else {
            return Vec::new();
        };
        let plain = |case: &&std::sync::Arc<Case>| {
            !case.sequence && !case.steps.iter().any(|step| step.expect_error)
        };
        let cases = driven.job.cases.iter().filter(plain);
        cases
            .filter_map(|case| match driven.first.get(&case.name) {
                Some(Answered::Observed { observation, .. }) if observation.failure().is_none() => {
                    let answer = prepare(observation, self.probe, None);
                    Some((case.name.as_str(), answer))
                }
                _ => None,
            })
            .collect()
    }
}
