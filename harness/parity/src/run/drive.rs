//! Runs all jobs, each in several rounds with fresh processes, a few jobs concurrently.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use futures::future::join_all;
use futures::stream::{self, StreamExt as _};
use lakehouse_rig::implementation::Transport;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use super::driven::Driven;
use super::early;
use super::participant::Participant;
use super::plan::Plan;
use super::rounds::{is_once, is_run};
use super::stoppable::{GRACE, unless_stopped};
use crate::compare::{compare, prepare};
use crate::progress::Event;
use crate::transport::{Answered, Answers, Context, Job, round};

/// The number of jobs that run concurrently. Jobs often wait, so it exceeds the number of cores of
/// small machines.
const CONCURRENT_JOBS: usize = 3;

/// Runs every job that is live or at a URL. With `once`, there is only one round.
pub(super) async fn all(
    context: &Context,
    plan: &Plan,
    participants: &BTreeMap<String, Participant>,
    seed: u64,
    once: bool,
) -> Vec<Driven> {
    let runnable = plan.jobs.iter().filter(|job| is_run(job, participants));
    // The longest jobs first, so that none runs alone at the end: those with a process per case,
    // then those with a server.
    let mut jobs: Vec<&Job> = runnable.collect();
    let weight = |job: &Job| match job.transport {
        Transport::Files => 2,
        Transport::Http => 1,
        Transport::Line => 0,
    };
    jobs.sort_by_key(|job| std::cmp::Reverse((weight(job), job.cases.len())));
    let mut running = stream::iter(jobs)
        .map(|job| one(context, job, seed, once))
        .buffer_unordered(CONCURRENT_JOBS);
    let mut ended = Vec::new();
    let mut compared = Vec::new();
    while let Some(driven) = running.next().await {
        compared.extend(early::compare(context, &ended, &driven));
        ended.push(driven);
    }
    // A comparison that panicked is repeated, and reported, when the answers are judged.
    tokio::select! {
        () = context.supervisor.stop_requested() => {}
        _ = join_all(compared) => {}
    }
    ended
}

async fn one(context: &Context, job: &Job, seed: u64, once: bool) -> Driven {
    let began = Instant::now();
    let mut orders = Orders::new(job, seed);
    let first_order = orders.next_order();
    let first = round(context, job, &first_order).await;
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut later = Vec::new();
    // Cases that were not reached are reported; another round would take the same time again.
    let mut reached = first.len();
    let rounds = if once || is_once(job) {
        1
    } else {
        job.probe.noise_runs
    };
    while later.len() + 1 < rounds && reached >= job.cases.len() {
        let answers = round(context, job, &orders.next_order()).await;
        reached = answers.len();
        later.push(answers);
    }
    let control = if !job.probe.restart && is_noisy(context, job, &first, &later).await {
        Some(round(context, job, &first_order).await)
    } else {
        None
    };
    context.events.report(Event::Finished(job.place("")));
    Driven {
        job: job.clone(),
        first,
        later,
        control,
        duration_ms,
    }
}

/// Whether any answer to a case differs from its first; false if the run is stopped.
async fn is_noisy(context: &Context, job: &Job, first: &Answers, later: &[Answers]) -> bool {
    let (job, first, later) = (job.clone(), first.clone(), later.to_vec());
    let work = move || {
        let mut rounds = std::iter::once(&first).chain(&later);
        rounds.any(|round| differ(&job, &first, round))
    };
    let is_noisy = unless_stopped(context.supervisor.stop_requested(), GRACE, work).await;
    is_noisy.unwrap_or(false)
}

/// Whether any case has an answer in a round that differs from its first.
fn differ(job: &Job, first: &Answers, round: &Answers) -> bool {
    job.cases.iter().any(|case| {
        let (
            Some(Answered::Observed {
                observation: one, ..
            }),
            Some(again),
        ) = (first.get(&case.name), round.get(&case.name))
        else {
            return false;
        };
        let Answered::Observed {
            observation,
            repeats,
            ..
        } = again
        else {
            return false;
        };
        let ready = |observation| prepare(observation, &job.probe, None);
        let prepared = ready(one);
        let mut others = std::iter::once(observation).chain(repeats);
        one.failure().is_none()
            && others.any(|other| {
                // The first answer itself is one of the first round.
                !Arc::ptr_eq(one, other)
                    && other.failure().is_none()
                    && !compare(&prepared, &ready(other), &job.probe.compare, false).is_empty()
            })
    })
}

/// Random orders of the cases, the same for every implementation of a surface.
struct Orders {
    random: ChaCha8Rng,
    last: Vec<usize>,
    is_first: bool,
}

impl Orders {
    fn new(job: &Job, seed: u64) -> Orders {
        let mut hasher = Sha256::new();
        hasher.update(seed.to_le_bytes());
        hasher.update(job.probe.surface.as_bytes());
        hasher.update(job.transport.to_string().as_bytes());
        Orders {
            random: ChaCha8Rng::from_seed(hasher.finalize().into()),
            last: (0..job.cases.len()).collect(),
            is_first: true,
        }
    }

    /// The next order, which differs from the last one.
    fn next_order(&mut self) -> Vec<usize> {
        let before = self.last.clone();
        self.last.shuffle(&mut self.random);
        if self.last == before && !std::mem::take(&mut self.is_first) {
            self.last.reverse();
        }
        self.is_first = false;
        self.last.clone()
    }
}
