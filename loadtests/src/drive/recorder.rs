//! Counts and times of flows.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::plan::{FlowOutcome, Outcome, Progress};
use crate::flows::{Fault, FaultKind};
use crate::results::{Latencies, Second, Wrong};

/// The counts of all users of a generator.
///
/// Each flow is counted at one moment: its end in a closed load, its due time in a scheduled one,
/// so that late answers are not lost. Counting lasts from the end of the warm-up to the end of the
/// load; failures after the end count too.
#[derive(Debug)]
pub struct Recorder {
    warm_up: Duration,
    length: Duration,
    started: OnceLock<Instant>,
    tally: Mutex<Tally>,
}

#[derive(Debug)]
struct Tally {
    flows: Vec<FlowTally>,
    timeline: Vec<Second>,
    /// Each user's current flow and its start.
    in_progress: Vec<Option<(usize, Instant)>>,
    count: u64,
    failures: u64,
    ended: Option<Instant>,
}

#[derive(Debug)]
struct FlowTally {
    name: String,
    latencies: Latencies,
    failures: u64,
    dropped: u64,
    wrong: BTreeMap<FaultKind, (u64, String)>,
}

impl Recorder {
    /// Creates a recorder for flows of these names.
    pub fn new<S: Into<String>>(
        flows: impl IntoIterator<Item = S>,
        users: u32,
        warm_up: Duration,
        length: Duration,
    ) -> Self {
        let flows = flows.into_iter().map(|name| FlowTally {
            name: name.into(),
            latencies: Latencies::new(),
            failures: 0,
            dropped: 0,
            wrong: BTreeMap::new(),
        });
        let tally = Tally {
            flows: flows.collect(),
            timeline: Vec::new(),
            in_progress: vec![None; users as usize],
            count: 0,
            failures: 0,
            ended: None,
        };
        Self {
            warm_up,
            length,
            started: OnceLock::new(),
            tally: Mutex::new(tally),
        }
    }

    /// Starts the warm-up at the first call; returns its start.
    pub fn start(&self) -> Instant {
        *self.started.get_or_init(Instant::now)
    }

    /// End of the warm-up, once it has started.
    pub fn counts_from(&self) -> Option<Instant> {
        Some(*self.started.get()? + self.warm_up)
    }

    /// Planned end of the load, once it has started.
    pub fn ends_at(&self) -> Option<Instant> {
        Some(self.counts_from()? + self.length)
    }

    /// Ends the load at the first call.
    pub fn end(&self, now: Instant) {
        self.tally().ended.get_or_insert(now);
    }

    /// Whether the load has ended; users start no further flows.
    pub fn is_over(&self) -> bool {
        self.tally().ended.is_some()
    }

    /// Records that a user starts a flow.
    pub fn begin(&self, user: u32, flow: usize) {
        self.tally().in_progress[user as usize] = Some((flow, Instant::now()));
    }

    /// Records the end of a user's flow, which counts at the moment `at`.
    pub fn finish(&self, user: u32, at: Instant, latency: Duration, result: &Result<(), Fault>) {
        let mut tally = self.tally();
        let Some((flow, _)) = tally.in_progress[user as usize].take() else {
            return;
        };
        self.record(&mut tally, flow, at, latency, result);
    }

    /// Records an arrival that found no idle user.
    pub fn drop_arrival(&self, flow: usize, due: Instant) {
        let mut tally = self.tally();
        let is_counted = self.counts_from().is_some_and(|from| due >= from);
        if is_counted && tally.ended.is_none_or(|end| due <= end) {
            tally.flows[flow].dropped += 1;
        }
    }

    /// Number of users with a flow in progress.
    pub fn in_progress(&self) -> usize {
        self.tally().in_progress.iter().flatten().count()
    }

    /// Records all flows in progress as failed.
    pub fn fail_unfinished(&self, now: Instant) {
        let mut tally = self.tally();
        for user in 0..tally.in_progress.len() {
            if let Some((flow, began)) = tally.in_progress[user].take() {
                let waited = now.saturating_duration_since(began);
                let detail = format!("not finished after {} ms", waited.as_millis());
                let fault = Err(Fault::new(FaultKind::NoAnswer, detail));
                self.record(&mut tally, flow, now, waited, &fault);
            }
        }
    }

    /// Progress so far.
    pub fn progress(&self, now: Instant) -> Progress {
        let tally = self.tally();
        let started = self.started.get();
        let elapsed = started.map(|started| now.saturating_duration_since(*started));
        Progress {
            seconds: elapsed.unwrap_or_default().as_secs_f64(),
            count: tally.count,
            failures: tally.failures,
        }
    }

    /// The measurements.
    pub fn outcome(&self) -> Outcome {
        let mut tally = self.tally();
        let measured = match (self.counts_from(), tally.ended) {
            (Some(from), Some(end)) => end.saturating_duration_since(from).min(self.length),
            _ => Duration::ZERO,
        };
        // Seconds without any flow belong to the timeline too.
        let seconds = measured.as_secs_f64().ceil() as usize;
        let seconds = seconds.max(tally.timeline.len());
        tally.timeline.resize(seconds, Second::default());
        Outcome {
            seconds: measured.as_secs_f64(),
            interrupted: measured < self.length,
            flows: tally.flows.iter().map(FlowTally::outcome).collect(),
            timeline: tally.timeline.clone(),
        }
    }

    fn record(
        &self,
        tally: &mut Tally,
        flow: usize,
        at: Instant,
        latency: Duration,
        result: &Result<(), Fault>,
    ) {
        match result {
            Ok(()) => tally.count += 1,
            Err(_) => tally.failures += 1,
        }
        let counts_from = self.counts_from();
        let Some(since) = counts_from.and_then(|from| at.checked_duration_since(from)) else {
            return;
        };
        let is_late = since > self.length || tally.ended.is_some_and(|end| at > end);
        if is_late && result.is_ok() {
            return;
        }
        let last = (self.length.as_secs_f64().ceil() as usize).saturating_sub(1);
        let second = (since.as_secs() as usize).min(last);
        if tally.timeline.len() <= second {
            tally.timeline.resize(second + 1, Second::default());
        }
        match result {
            Ok(()) => {
                tally.timeline[second].count += 1;
                tally.flows[flow].latencies.record(latency);
            }
            Err(fault) => {
                tally.timeline[second].failures += 1;
                tally.flows[flow].fail(fault);
            }
        }
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FlowTally {
    fn fail(&mut self, fault: &Fault) {
        self.failures += 1;
        let example = || (0, fault.example.clone());
        self.wrong.entry(fault.kind).or_insert_with(example).0 += 1;
    }

    fn outcome(&self) -> FlowOutcome {
        let wrong = self.wrong.iter().map(|(kind, (count, example))| Wrong {
            kind: kind.name().to_owned(),
            count: *count,
            example: example.clone(),
        });
        let mut wrong: Vec<Wrong> = wrong.collect();
        wrong.sort_by_key(|wrong| Reverse(wrong.count));
        FlowOutcome {
            name: self.name.clone(),
            failures: self.failures,
            dropped: self.dropped,
            wrong,
            latencies: self.latencies.clone(),
        }
    }
}
