//! Differences that are known before the run ends.

use std::sync::Arc;

use lakehouse_rig::process::Supervisor;
use tokio::task::JoinHandle;

use super::driven::Driven;
use super::side::Side;
use super::verdict;
use crate::compare::prepare;
use crate::config::{Case, Root};
use crate::ledger::normaliser::Tally;
use crate::observation::Observation;
use crate::outcome::{CaseOutcome, CaseVerdict};
use crate::progress::{Event, Events};
use crate::transport::{Answered, Answers, Context, Job};

/// Compares the first answers of a job that has ended with those of the jobs that ended before it,
/// and reports what differs. That happens in the background, because other jobs are still running.
///
/// Answers are judged at the end of the run: only then is it known whether they are stable.
pub(super) fn compare(context: &Context, ended: &[Driven], last: &Driven) -> Vec<JoinHandle<()>> {
    if context.events.is_silent() {
        return Vec::new();
    }
    let is_reference = |one: &Driven| one.job.implementation.name == context.root.reference;
    let is_other_side = |one: &&Driven| {
        one.job.probe.surface == last.job.probe.surface
            && one.job.transport == last.job.transport
            && is_reference(one) != is_reference(last)
    };
    let pair = |one: &Driven| {
        let (left, right) = match is_reference(last) {
            true => (last, one),
            false => (one, last),
        };
        Pair {
            root: Arc::clone(&context.root),
            supervisor: Arc::clone(&context.supervisor),
            events: Arc::clone(&context.events),
            left: left.first.clone(),
            right: right.first.clone(),
            job: right.job.clone(),
        }
    };
    let pairs = ended.iter().filter(is_other_side).map(pair);
    pairs
        .map(|pair| tokio::task::spawn_blocking(move || pair.report()))
        .collect()
}

/// The answers of the reference and of another implementation.
struct Pair {
    root: Arc<Root>,
    supervisor: Arc<Supervisor>,
    events: Arc<dyn Events>,
    left: Answers,
    right: Answers,
    /// The job of the other implementation.
    job: Job,
}

impl Pair {
    fn report(&self) {
        let mut tally = Tally::default();
        for case in &self.job.cases {
            if self.supervisor.is_stopping() {
                return;
            }
            if let Some(outcome) = self.compare(case, &mut tally)
                && outcome.verdict == CaseVerdict::Diverged
            {
                let place = self.job.place(&case.name);
                self.events
                    .report(Event::Differs(place, &describe(&outcome)));
            }
        }
    }

    /// The comparison of one case; none when its answers are missing or the same.
    fn compare(&self, case: &Case, tally: &mut Tally) -> Option<CaseOutcome> {
        let left = observed(&self.left, case)?;
        let right = observed(&self.right, case)?;
        if left == right {
            return None;
        }
        let side = |implementation: &str, observation: &Arc<Observation>| Side {
            implementation: implementation.to_owned(),
            observation: Some(Arc::clone(observation)),
            prepared: Some(prepare(observation, &self.job.probe, None)),
            ..Side::default()
        };
        let left = side(&self.root.reference, left);
        let right = side(&self.job.implementation.name, right);
        Some(verdict::pair(
            &self.root.pins,
            &self.job.probe,
            self.job.transport,
            case,
            [&left, &right],
            tally,
        ))
    }
}

/// The answer to a case, if it is usable.
fn observed<'a>(answers: &'a Answers, case: &Case) -> Option<&'a Arc<Observation>> {
    match answers.get(&case.name)? {
        Answered::Observed { observation, .. } if observation.failure().is_none() => {
            Some(observation)
        }
        _ => None,
    }
}

/// The first unexpected difference, and the number of the others.
fn describe(outcome: &CaseOutcome) -> String {
    let mut unexpected = outcome.differences.iter().filter(|d| d.pin.is_none());
    let Some(first) = unexpected.next() else {
        return "differs".to_owned();
    };
    let difference = &first.difference;
    let more = match unexpected.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "`{}` {} ({} | {}){more}",
        difference.path,
        difference.kind.label(),
        difference.left.shape,
        difference.right.shape
    )
}
