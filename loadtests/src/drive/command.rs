//! The generator's process from its plan to its outcome.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::output::Output;
use super::plan::{Load, Message, Plan};
use super::recorder::Recorder;
use super::stop::Stop;
use super::{closed, goose, open};
use crate::flows::House;

/// What is begun before the end may take so much longer.
const GRACE: Duration = Duration::from_secs(10);

/// How often progress is told.
const TELLING: Duration = Duration::from_secs(1);

/// How often it is looked whether all have come to an end.
const LOOKING: Duration = Duration::from_millis(5);

/// What all parts of a generator work with.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) plan: Plan,
    pub(super) house: Arc<House>,
    pub(super) corpora: Arc<[String]>,
    pub(super) recorder: Recorder,
}

/// Reads the plan, follows it, and tells what was found.
///
/// # Errors
/// The plan or the house cannot be read, the load cannot be put at all, or nothing was done.
pub async fn run() -> Result<()> {
    let plan = serde_json::from_reader(std::io::stdin()).context("standard input is no plan")?;
    let output = Output::take()?;
    let stop = Stop::on_signals()?;
    let job = tokio::task::spawn_blocking(|| Job::prepare(plan)).await??;
    let job = Arc::new(job);
    let mut load = pin!(put(&job));
    let mut clock = pin!(keep_time(&job.recorder, &output, &stop));
    let ended_by_itself = tokio::select! {
        result = &mut load => Some(result),
        () = &mut clock => None,
    };
    if let Some(result) = ended_by_itself {
        result?;
        stop.ask();
        clock.await;
    }
    let outcome = job.recorder.outcome();
    let done: u64 = outcome
        .flows
        .iter()
        .map(|flow| flow.latencies.count() + flow.failures)
        .sum();
    ensure!(
        done > 0 || outcome.interrupted,
        "nothing was done, and nothing failed, in {:.1} s by {} users",
        outcome.seconds,
        job.plan.users
    );
    let told = output.tell(&Message::Outcome(outcome));
    told.context("cannot tell the outcome")
}

impl Job {
    fn prepare(plan: Plan) -> Result<Self> {
        ensure!(plan.users > 0, "`users` must be at least 1");
        let span = |seconds: f64, name: &str| {
            Duration::try_from_secs_f64(seconds).with_context(|| format!("`{name}` is {seconds}"))
        };
        let warm_up = span(plan.warm_up_seconds, "warm_up_seconds")?;
        let length = span(plan.seconds, "seconds")?;
        ensure!(!length.is_zero(), "`seconds` must be more than 0");
        let flows = plan.load.flows();
        Ok(Self {
            house: Arc::new(House::read(&plan.house, &plan.corpora)?),
            corpora: plan.corpora.clone().into(),
            recorder: Recorder::new(flows, plan.users, warm_up, length),
            plan,
        })
    }
}

/// Puts the load; ends by itself only where something else has ended it.
async fn put(job: &Arc<Job>) -> Result<()> {
    match job.plan.load {
        Load::Flows => goose::run(job).await,
        Load::Open {
            arrivals_per_second,
        } => open::run(job, arrivals_per_second).await,
        Load::Search { .. } | Load::Mixed { .. } | Load::Repeat { .. } => closed::run(job).await,
    }
}

/// Tells how far it is, ends the load when its time has come, and waits for what was begun.
async fn keep_time(recorder: &Recorder, output: &Output, stop: &Stop) {
    let mut counting = false;
    let mut told = Instant::now();
    loop {
        let now = Instant::now();
        let begin = recorder.counts_from();
        if !counting && begin.is_some_and(|begin| now >= begin) {
            counting = true;
            output.tell_or_stop(&Message::Counting, stop);
        }
        if now.duration_since(told) >= TELLING {
            told = now;
            output.tell_or_stop(&Message::Progress(recorder.progress(now)), stop);
        }
        if recorder.ends_at().is_some_and(|end| now >= end) {
            break;
        }
        let mut next = told + TELLING;
        let marks = if counting { recorder.ends_at() } else { begin };
        next = next.min(marks.unwrap_or(now + LOOKING));
        tokio::select! {
            () = tokio::time::sleep_until(next.into()) => {}
            () = stop.asked() => break,
        }
    }
    let ended = Instant::now();
    recorder.end(ended.min(recorder.ends_at().unwrap_or(ended)));
    while recorder.at_work() > 0 && ended.elapsed() < GRACE {
        tokio::time::sleep(LOOKING).await;
    }
    recorder.give_up(Instant::now());
}
