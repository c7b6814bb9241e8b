//! Runs all jobs, each twice from a fresh start, a few jobs at a time.

use std::collections::BTreeMap;
use std::time::Instant;

use futures::stream::{self, StreamExt as _};
use lakehouse_rig::implementation::Reach;
use lakehouse_rig::implementation::Transport;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use super::participant::Participant;
use super::plan::Plan;
use crate::compare::{compare, prepare};
use crate::outcome::ImplementationKind;
use crate::transport::{Answered, Answers, Context, Job, round};

/// How many jobs run at once: one that waits beside those that compute.
const AT_ONCE: usize = 3;

/// What a job brought back.
#[derive(Debug)]
pub(super) struct Driven {
    pub(super) job: Job,
    /// The answers that are compared.
    pub(super) first: Answers,
    /// The answers of the second round; none where there is none.
    pub(super) second: Option<Answers>,
    /// The answers of a third round, in the order of the first: there where the second brought
    /// something else, to tell what depends on the order from what differs anyway.
    pub(super) third: Option<Answers>,
    /// Of the first round, in milliseconds.
    pub(super) duration_ms: u64,
}

/// Runs every job that is live or at a URL; with `once`, without a second round.
pub(super) async fn all(
    context: &Context,
    plan: &Plan,
    participants: &BTreeMap<String, Participant>,
    seed: u64,
    once: bool,
) -> Vec<Driven> {
    let runnable = plan.jobs.iter().filter(|job| {
        participants
            .get(&job.implementation.name)
            .is_some_and(|participant| {
                matches!(
                    participant.kind,
                    ImplementationKind::Live | ImplementationKind::Url
                ) && !participant.broken
            })
    });
    // The longest first, so that none of them is left to run alone at the end: a process per case
    // costs most, then a server.
    let mut jobs: Vec<&Job> = runnable.collect();
    let weight = |job: &Job| match job.transport {
        Transport::Files => 2,
        Transport::Http => 1,
        Transport::Line => 0,
    };
    jobs.sort_by_key(|job| std::cmp::Reverse((weight(job), job.cases.len())));
    stream::iter(jobs)
        .map(|job| one(context, job, seed, once))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

async fn one(context: &Context, job: &Job, seed: u64, once: bool) -> Driven {
    let began = Instant::now();
    let [first_order, second_order] = orders(job, seed);
    let first = round(context, job, &first_order).await;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    // A stack that already runs cannot be started afresh: writing to it twice proves nothing.
    let once = once || matches!(job.implementation.reach, Reach::Url { .. }) && job.probe.writes;
    // What could not be run once is said already; trying again would only take its time again.
    let incomplete = first.len() < job.cases.len();
    let second = if once || incomplete {
        None
    } else {
        Some(round(context, job, &second_order).await)
    };
    let third = match &second {
        Some(second) if !job.probe.restart && is_noisy(job, &first, second) => {
            Some(round(context, job, &first_order).await)
        }
        _ => None,
    };
    Driven {
        job: job.clone(),
        first,
        second,
        third,
        duration_ms,
    }
}

/// Whether any case was answered otherwise the second time.
fn is_noisy(job: &Job, first: &Answers, second: &Answers) -> bool {
    job.cases.iter().any(|case| {
        let (Some(one), Some(other)) = (first.get(&case.name), second.get(&case.name)) else {
            return false;
        };
        match (one, other) {
            (
                Answered::Observed {
                    observation: one, ..
                },
                Answered::Observed {
                    observation: other, ..
                },
            ) if one.failure().is_none() && other.failure().is_none() => {
                let ready = |observation| prepare(observation, &job.probe, None);
                !compare(&ready(one), &ready(other), &job.probe.compare, false).is_empty()
            }
            _ => false,
        }
    })
}

/// Two different orders, the same for every implementation of a surface.
fn orders(job: &Job, seed: u64) -> [Vec<usize>; 2] {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_le_bytes());
    hasher.update(job.probe.surface.as_bytes());
    hasher.update(job.transport.to_string().as_bytes());
    let mut random = ChaCha8Rng::from_seed(hasher.finalize().into());
    let mut first: Vec<usize> = (0..job.cases.len()).collect();
    first.shuffle(&mut random);
    let mut second = first.clone();
    second.shuffle(&mut random);
    if second == first {
        second.reverse();
    }
    [first, second]
}
