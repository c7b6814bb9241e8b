//! Counts and times of flows.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::plan::{FlowOutcome, Outcome, Progress};
use super::timeline::Timeline;
use crate::flows::{Fault, FaultKind, RequestLog};
use crate::results::{Latencies, Wrong};

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
    /// Requests by route.
    routes: BTreeMap<&'static str, FlowTally>,
    timeline: Timeline,
    /// Each user's current flow and its start.
    in_progress: Vec<Option<(usize, Instant)>>,
    /// Number of users with a flow in progress.
    busy: u32,
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
        let flows = flows.into_iter().map(FlowTally::new);
        let tally = Tally {
            flows: flows.collect(),
            routes: BTreeMap::new(),
            timeline: Timeline::default(),
            in_progress: vec![None; users as usize],
            busy: 0,
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
        let now = Instant::now();
        let mut tally = self.tally();
        if tally.in_progress[user as usize]
            .replace((flow, now))
            .is_none()
        {
            tally.busy += 1;
        }
        if tally.ended.is_none()
            && let Some(second) = self.second(now)
        {
            let busy = tally.busy;
            tally.timeline.see_users(second, busy);
        }
    }

    /// Records the end of a user's flow, which counts at the moment `at`.
    pub fn finish(&self, user: u32, at: Instant, latency: Duration, result: &Result<(), Fault>) {
        let mut tally = self.tally();
        let Some((flow, _)) = tally.in_progress[user as usize].take() else {
            return;
        };
        tally.busy -= 1;
        self.count(&mut tally, flow, at, latency, result);
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
        self.tally().busy as usize
    }

    /// Records all flows in progress as failed.
    pub fn fail_unfinished(&self, now: Instant) {
        let mut tally = self.tally();
        for user in 0..tally.in_progress.len() {
            if let Some((flow, began)) = tally.in_progress[user].take() {
                tally.busy -= 1;
                let waited = now.saturating_duration_since(began);
                let detail = format!("not finished after {} ms", waited.as_millis());
                let fault = Err(Fault::new(FaultKind::NoAnswer, detail));
                self.count(&mut tally, flow, now, waited, &fault);
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
        let timeline = tally
            .timeline
            .seconds(measured.as_secs_f64().ceil() as usize);
        Outcome {
            seconds: measured.as_secs_f64(),
            interrupted: measured < self.length,
            flows: tally.flows.iter().map(FlowTally::outcome).collect(),
            routes: tally.routes.values().map(FlowTally::outcome).collect(),
            timeline,
        }
    }

    fn count(
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
        let second = self.second_of(since);
        match result {
            Ok(()) => {
                tally.timeline.complete(second, latency);
                tally.flows[flow].latencies.record(latency);
            }
            Err(fault) => {
                tally.timeline.fail(second);
                tally.flows[flow].fail(fault);
            }
        }
    }

    /// The second of the load at a moment; none during the warm-up and after the end.
    fn second(&self, at: Instant) -> Option<usize> {
        let since = at.checked_duration_since(self.counts_from()?)?;
        (since < self.length).then(|| self.second_of(since))
    }

    /// Failures after the end belong to the last second.
    fn second_of(&self, since: Duration) -> usize {
        let last = (self.length.as_secs_f64().ceil() as usize).saturating_sub(1);
        (since.as_secs() as usize).min(last)
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Requests of flows, which count at their end.
impl RequestLog for Recorder {
    fn record(&self, path: &'static str, latency: Duration, failed: bool) {
        if self.second(Instant::now()).is_none() {
            return;
        }
        let mut tally = self.tally();
        if tally.ended.is_some() {
            return;
        }
        let route = tally.routes.entry(path);
        let route = route.or_insert_with(|| FlowTally::new(path));
        if failed {
            route.failures += 1;
        } else {
            route.latencies.record(latency);
        }
    }
}

impl FlowTally {
    fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            latencies: Latencies::new(),
            failures: 0,
            dropped: 0,
            wrong: BTreeMap::new(),
        }
    }

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
