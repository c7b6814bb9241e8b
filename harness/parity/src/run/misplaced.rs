//! Detects answers that belong to another case.

use std::cell::OnceCell;

use super::driven::Driven;
use crate::compare::{Prepared, compare, prepare};
use crate::config::{Case, Probe};
use crate::transport::Answered;

/// The reference's answers to all cases of a surface over one transport, prepared on first use.
pub(super) struct ReferenceAnswers<'a> {
    probe: &'a Probe,
    reference: Option<&'a Driven>,
    answers: OnceCell<Vec<(&'a str, Prepared)>>,
}

impl<'a> ReferenceAnswers<'a> {
    pub(super) fn new(probe: &'a Probe, reference: Option<&'a Driven>) -> ReferenceAnswers<'a> {
        ReferenceAnswers {
            probe,
            reference,
            answers: OnceCell::new(),
        }
    }

    /// The only other case to which the reference gives this answer, if there is exactly one.
    pub(super) fn other_case(&self, case: &Case, answer: &Prepared) -> Option<&'a str> {
        if case.sequence {
            return None;
        }
        let same = |other: &Prepared| compare(other, answer, &self.probe.compare, false).is_empty();
        let answers = self.answers.get_or_init(|| self.prepared());
        let mut found = answers.iter().filter(|(_, other)| same(other));
        let (name, _) = found.next()?;
        (*name != case.name && found.next().is_none()).then_some(name)
    }

    /// Only successful answers: many cases share one error.
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
