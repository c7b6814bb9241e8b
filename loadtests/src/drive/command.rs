//! The generator's main function: from a plan to its outcome.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::job::Job;
use super::output::Output;
use super::plan::{Load, Message, Plan};
use super::recorder::Recorder;
use super::stop::Stop;
use super::{closed, goose, open};
use crate::flows::detect_understanding;

/// Time that flows in progress have to finish after the end.
const GRACE: Duration = Duration::from_secs(10);

const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);

/// Interval at which the end of flows in progress is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Reads a plan, runs it, and writes the outcome.
///
/// # Errors
/// The plan or the dataset cannot be read, the load cannot start, or no flow ran.
pub async fn run() -> Result<()> {
    let plan = serde_json::from_reader(std::io::stdin());
    let plan: Plan = plan.context("standard input is not a plan")?;
    let detected = detect_understanding(&plan.url).await;
    detected.context("cannot read the server's description")?;
    let output = Output::take()?;
    let stop = Stop::on_signals()?;
    let job = tokio::task::spawn_blocking(|| Job::prepare(plan)).await??;
    let job = Arc::new(job);
    let mut load = pin!(run_load(&job));
    let mut end = pin!(wait_for_end(&job.recorder, &output, &stop));
    let load_ended_first = tokio::select! {
        result = &mut load => Some(result),
        () = &mut end => None,
    };
    if let Some(result) = load_ended_first {
        result?;
        stop.request();
        end.await;
    }
    let outcome = job.recorder.outcome();
    let flows = outcome.flows.iter();
    let count: u64 = flows
        .map(|flow| flow.latencies.count() + flow.failures)
        .sum();
    ensure!(
        count > 0 || outcome.interrupted,
        "{} users completed no flow and had no failure in {:.1} s",
        job.plan.users,
        outcome.seconds
    );
    let written = output.write(&Message::Outcome(outcome));
    written.context("cannot write the outcome")
}

/// Runs the load; returns only when something other than the plan ended it.
async fn run_load(job: &Arc<Job>) -> Result<()> {
    match job.plan.load {
        Load::Flows => goose::run(job).await,
        Load::Open {
            arrivals_per_second,
        } => open::run(job, arrivals_per_second).await,
        Load::Search { .. } | Load::Mixed { .. } => closed::run(job).await,
    }
}

/// Reports progress until the plan or a signal ends the load, then waits for flows in progress.
async fn wait_for_end(recorder: &Recorder, output: &Output, stop: &Stop) {
    let mut counting = false;
    let mut last_report = Instant::now();
    loop {
        let now = Instant::now();
        let counts_from = recorder.counts_from();
        if !counting && counts_from.is_some_and(|from| now >= from) {
            counting = true;
            output.write_or_stop(&Message::Counting, stop);
        }
        if now.duration_since(last_report) >= PROGRESS_INTERVAL {
            last_report = now;
            output.write_or_stop(&Message::Progress(recorder.progress(now)), stop);
        }
        if recorder.ends_at().is_some_and(|end| now >= end) {
            break;
        }
        let next_event = if counting {
            recorder.ends_at()
        } else {
            counts_from
        };
        let wake_at = next_event.unwrap_or(now + POLL_INTERVAL);
        let wake_at = wake_at.min(last_report + PROGRESS_INTERVAL);
        tokio::select! {
            () = tokio::time::sleep_until(wake_at.into()) => {}
            () = stop.requested() => break,
        }
    }
    let ended = Instant::now();
    recorder.end(ended.min(recorder.ends_at().unwrap_or(ended)));
    while recorder.in_progress() > 0 && ended.elapsed() < GRACE {
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    recorder.fail_unfinished(Instant::now());
}
