//! What is counted: times of what was done right, what was wrong, and when.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::plan::{FlowOutcome, Outcome, Progress};
use crate::flows::{Fault, FaultKind};
use crate::results::{Latencies, Second, Wrong};

/// Counts for all users of a generator.
///
/// What happened counts by a moment of its own: of users who take turns with the server, when it
/// ended; of what was scheduled, when it was due, so that what comes late is not lost. It counts
/// from the end of warming up to the end of the load; what is wrong counts afterwards too.
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
    /// What each user is at, and since when.
    at_work: Vec<Option<(usize, Instant)>>,
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
    /// For flows of these names, done by so many users.
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
            at_work: vec![None; users as usize],
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

    /// The load begins, with warming up; the first time this is called.
    pub fn start(&self) -> Instant {
        *self.started.get_or_init(Instant::now)
    }

    /// When counting begins, once the load has begun.
    pub fn counts_from(&self) -> Option<Instant> {
        Some(*self.started.get()? + self.warm_up)
    }

    /// When the load is to end, once it has begun.
    pub fn ends_at(&self) -> Option<Instant> {
        Some(self.counts_from()? + self.length)
    }

    /// The load is over; the first time this is called.
    pub fn end(&self, now: Instant) {
        self.tally().ended.get_or_insert(now);
    }

    /// Whether nobody is to begin anything any more.
    pub fn is_over(&self) -> bool {
        self.tally().ended.is_some()
    }

    /// A user begins a flow.
    pub fn begin(&self, user: u32, flow: usize) {
        self.tally().at_work[user as usize] = Some((flow, Instant::now()));
    }

    /// The user has done it, or it was wrong; what counts is the moment `at`.
    pub fn finish(&self, user: u32, at: Instant, latency: Duration, result: &Result<(), Fault>) {
        let mut tally = self.tally();
        let Some((flow, _)) = tally.at_work[user as usize].take() else {
            return;
        };
        self.record(&mut tally, flow, at, latency, result);
    }

    /// An arrival due at this moment found no free place.
    pub fn drop_arrival(&self, flow: usize, due: Instant) {
        let mut tally = self.tally();
        let is_counted = self.counts_from().is_some_and(|begin| due >= begin);
        if is_counted && tally.ended.is_none_or(|end| due <= end) {
            tally.flows[flow].dropped += 1;
        }
    }

    /// How many users are at something.
    pub fn at_work(&self) -> usize {
        self.tally().at_work.iter().flatten().count()
    }

    /// Counts as wrong what is not done yet.
    pub fn give_up(&self, now: Instant) {
        let mut tally = self.tally();
        for user in 0..tally.at_work.len() {
            if let Some((flow, began)) = tally.at_work[user].take() {
                let waited = now.saturating_duration_since(began);
                let what = format!("not done {} ms after it began", waited.as_millis());
                let fault = Err(Fault::new(FaultKind::NoAnswer, what));
                self.record(&mut tally, flow, now, waited, &fault);
            }
        }
    }

    /// How far it is.
    pub fn progress(&self, now: Instant) -> Progress {
        let tally = self.tally();
        let since = |started: &Instant| now.saturating_duration_since(*started);
        Progress {
            seconds: self
                .started
                .get()
                .map_or(0.0, |started| since(started).as_secs_f64()),
            count: tally.count,
            failures: tally.failures,
        }
    }

    /// What was found.
    pub fn outcome(&self) -> Outcome {
        let mut tally = self.tally();
        let counted = match (self.counts_from(), tally.ended) {
            (Some(begin), Some(end)) => end.saturating_duration_since(begin).min(self.length),
            _ => Duration::ZERO,
        };
        // Seconds in which nothing was done are seconds, too.
        let whole = counted.as_secs_f64().ceil() as usize;
        let seconds = whole.max(tally.timeline.len());
        tally.timeline.resize(seconds, Second::default());
        Outcome {
            seconds: counted.as_secs_f64(),
            interrupted: counted < self.length,
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
        let Some(since) = self
            .counts_from()
            .and_then(|begin| at.checked_duration_since(begin))
        else {
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
        wrong.sort_by_key(|wrong| std::cmp::Reverse(wrong.count));
        FlowOutcome {
            name: self.name.clone(),
            failures: self.failures,
            dropped: self.dropped,
            wrong,
            latencies: self.latencies.clone(),
        }
    }
}
