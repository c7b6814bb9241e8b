//! The results of a load test: `results.json`, the single source of every report.
//!
//! A run consists of measurements, each of one implementation under one load, in one or more slices
//! that alternate with those of other implementations. Histograms are stored whole, so that the
//! results of several machines can be added; percentiles are never averaged.

mod histogram;
mod merge;
mod origin;

pub use histogram::{Latencies, Quantiles};
pub use merge::{MergeError, merge};
pub use origin::Origin;

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

/// The version of the format.
pub const SCHEMA_VERSION: u32 = 1;

/// One whole run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Results {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The tier's name.
    pub tier: String,
    /// Commit of the checkout, with `-dirty` if it has changes; none outside git.
    pub commit: Option<String>,
    /// Start of the run, UTC.
    pub started_at: jiff::Timestamp,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// Seed of the random choices.
    pub seed: u64,
    /// The run's part of the load, if several machines share it.
    pub shard: Option<Shard>,
    /// The machine.
    pub machine: Machine,
    /// People in the open pool of the dataset; none for a server that was already running.
    pub workers: Option<u64>,
    /// Implementations in the order of the command line; the others are compared with the first.
    pub implementations: Vec<Implementation>,
    /// By load, then by implementation.
    pub measurements: Vec<Measurement>,
    /// The first implementation compared with each other one.
    pub comparisons: Vec<Comparison>,
    /// Speed of the machine before, between and after the slices.
    pub reference: Vec<ReferenceSample>,
    /// Conditions and their outcomes.
    pub gates: Vec<Gate>,
    /// Limits of single figures, which charts show as lines.
    #[serde(default)]
    pub limits: Vec<LimitLine>,
    /// Reasons why the run is inconclusive, a sentence each.
    pub inconclusive: Vec<String>,
    /// Whether a signal ended the run early.
    pub interrupted: bool,
    /// The verdict.
    pub verdict: Verdict,
}

/// One part of a load that several machines share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Number of the part, from 1.
    pub index: u32,
    /// Number of parts.
    pub of: u32,
}

/// The machine of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Name of the processor.
    pub processor: String,
    /// Number of available processors.
    pub cpus: u32,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Release of the kernel.
    pub kernel: String,
}

/// An implementation that was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Implementation {
    /// Its name.
    pub name: String,
    /// First line printed by its version command.
    pub version: String,
    /// Programming language.
    pub language: String,
    /// Where the measured program comes from.
    #[serde(default)]
    pub origin: Origin,
    /// Milliseconds from the start of the process to its first answer of `/health`.
    pub started_in_ms: Option<u64>,
    /// Milliseconds that the ingestion of the dataset took.
    pub filled_in_ms: Option<u64>,
}

/// One implementation under one load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measurement {
    /// The implementation's name.
    pub implementation: String,
    /// The load.
    pub load: LoadPoint,
    /// Seconds measured, without the warm-up.
    pub seconds: f64,
    /// By flow, or by route for loads of single requests.
    pub flows: Vec<Flow>,
    /// The requests of the flows, by route; empty for loads of single requests.
    #[serde(default)]
    pub routes: Vec<Flow>,
    /// Resources of each process, servers first.
    pub processes: Vec<Process>,
    /// The slices in order.
    pub slices: Vec<Slice>,
    /// One entry for each second measured, slice after slice.
    pub timeline: Vec<Second>,
}

impl Measurement {
    /// Completed flows or requests per second.
    pub fn rate(&self) -> f64 {
        let count: u64 = self.flows.iter().map(|flow| flow.count).sum();
        count as f64 / self.seconds
    }

    /// Failed flows or requests.
    pub fn failures(&self) -> u64 {
        self.flows.iter().map(|flow| flow.failures).sum()
    }

    /// Processor seconds of the server per completed flow or request.
    pub fn server_cpu_seconds_per_flow(&self) -> Option<f64> {
        let count: u64 = self.flows.iter().map(|flow| flow.count).sum();
        let mut servers = self
            .processes
            .iter()
            .filter(|p| p.role == Role::Server)
            .peekable();
        servers.peek()?;
        let seconds: f64 = servers.map(|process| process.cpu_seconds).sum();
        (count > 0).then(|| seconds / count as f64)
    }
}

/// The load of a measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadPoint {
    /// Name that is unique for each implementation of a run, such as `50 users`.
    pub label: String,
    /// Number of concurrent users or connections.
    pub users: u32,
    /// Scheduled arrivals per second.
    pub arrivals_per_second: Option<f64>,
}

/// The measurements of one flow or route.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// The flow's name.
    pub name: String,
    /// Number completed.
    pub count: u64,
    /// Number failed.
    pub failures: u64,
    /// Number of scheduled arrivals that found no idle user.
    pub dropped: u64,
    /// Number completed per second.
    pub rate: f64,
    /// Percentiles of `latencies`.
    pub quantiles: Quantiles,
    /// Kinds of failures, the most frequent first.
    pub wrong: Vec<Wrong>,
    /// Times of the completed ones.
    pub latencies: Latencies,
}

impl Flow {
    /// A flow without measurements.
    pub(crate) fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            count: 0,
            failures: 0,
            dropped: 0,
            rate: 0.0,
            quantiles: Quantiles::default(),
            wrong: Vec::new(),
            latencies: Latencies::new(),
        }
    }

    /// Adds the failures, the dropped arrivals and the times of another measurement of the flow.
    pub(crate) fn add(
        &mut self,
        failures: u64,
        dropped: u64,
        wrong: &[Wrong],
        latencies: &Latencies,
    ) {
        self.failures += failures;
        self.dropped += dropped;
        self.latencies.add(latencies);
        for more in wrong {
            match self.wrong.iter_mut().find(|known| known.kind == more.kind) {
                Some(known) => known.count += more.count,
                None => self.wrong.push(more.clone()),
            }
        }
    }

    /// Derives the count, the rate over `seconds` and the percentiles from the times, and sorts the
    /// failures by frequency.
    pub(crate) fn summarise(&mut self, seconds: f64) {
        self.count = self.latencies.count();
        self.rate = if seconds > 0.0 {
            self.count as f64 / seconds
        } else {
            0.0
        };
        self.quantiles = self.latencies.quantiles();
        self.wrong.sort_by_key(|wrong| Reverse(wrong.count));
    }
}

/// One kind of failure of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// The kind, such as `excluded_hit`.
    pub kind: String,
    /// Number of failures.
    pub count: u64,
    /// One of them: the request and its answer.
    pub example: String,
}

/// Resources of one process under load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Process {
    /// The process's name.
    pub name: String,
    /// Purpose of the process.
    pub role: Role,
    /// Processor seconds in user and system mode.
    pub cpu_seconds: f64,
    /// Maximum resident memory in bytes.
    pub max_rss_bytes: u64,
    /// Maximum anonymous resident memory in bytes.
    pub max_anonymous_bytes: u64,
    /// Maximum proportional set size in bytes.
    pub max_pss_bytes: u64,
    /// Maximum number of threads.
    pub max_threads: u64,
    /// Maximum number of open descriptors.
    pub max_descriptors: u64,
    /// Samples, about one per second.
    pub samples: Vec<Sample>,
}

/// The purpose of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The server under measurement.
    Server,
    /// The load generator.
    Generator,
    /// A substitute for an external service: the model server, a proxy.
    StandIn,
}

/// One sample of a process.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Milliseconds since the start of the run.
    pub at_ms: u64,
    /// Resident bytes.
    pub rss_bytes: u64,
    /// Anonymous resident bytes.
    pub anonymous_bytes: u64,
    /// Proportional set size in bytes.
    pub pss_bytes: u64,
    /// Processor seconds since the start of the process.
    pub cpu_seconds: f64,
    /// Number of threads.
    pub threads: u64,
    /// Number of open descriptors.
    pub descriptors: u64,
}

/// An uninterrupted part of a measurement, with its own generator process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slice {
    /// The slice's round, from 0; the slices of a round are compared.
    pub round: u32,
    /// Milliseconds from the start of the run to the start of the slice.
    pub at_ms: u64,
    /// Seconds measured.
    pub seconds: f64,
    /// Processor seconds of the server.
    pub server_cpu_seconds: f64,
    /// Processor seconds of the generator.
    pub generator_cpu_seconds: f64,
    /// Share of processor time that the hypervisor took away.
    pub steal: f64,
    /// Share of time in which a task waited for a processor (`/proc/pressure/cpu`).
    pub pressure: f64,
    /// Measurements by flow.
    pub flows: Vec<SliceFlow>,
}

/// One flow in one slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SliceFlow {
    /// The flow's name.
    pub name: String,
    /// Number completed.
    pub count: u64,
    /// Number failed.
    pub failures: u64,
    /// Percentiles of the times of the completed ones.
    pub quantiles: Quantiles,
}

/// One second of a load.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Second {
    /// Number of completed flows.
    pub count: u64,
    /// Number of failed flows.
    pub failures: u64,
    /// Maximum number of users with a flow in progress.
    #[serde(default)]
    pub users: u32,
    /// Percentiles of the times of completed flows; none without completed flows, and in merged
    /// results, because percentiles cannot be added.
    #[serde(default)]
    pub quantiles: Option<Quantiles>,
}

/// The comparison of two implementations under one load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The implementation in the numerator.
    pub implementation: String,
    /// The implementation in the denominator.
    pub against: String,
    /// The load's label.
    pub load: String,
    /// Ratios by flow and figure.
    pub ratios: Vec<Ratio>,
}

/// The ratio of a figure of two implementations, over pairs of slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The flow; none for all flows together.
    pub flow: Option<String>,
    /// `rate`, `p50`, `p99` or `server_cpu_per_flow`.
    pub figure: String,
    /// Estimate of the ratio.
    pub ratio: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// Number of pairs.
    pub pairs: usize,
}

/// A sample of the machine's speed on work without any code of ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReferenceSample {
    /// Milliseconds since the start of the run.
    pub at_ms: u64,
    /// Rounds per second of a compute loop on every processor.
    pub cpu_rounds_per_second: f64,
    /// Round trips per second of a byte over loopback.
    pub echoes_per_second: f64,
}

/// A condition on a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Name, such as `failures` or `L4 server memory`.
    pub name: String,
    /// Implementation, load and flow, such as `rust, 50 users, repeat_cache`.
    pub subject: String,
    /// Expected value, in words.
    pub limit: String,
    /// Actual value, in words.
    pub found: String,
    /// Outcome.
    pub outcome: GateOutcome,
}

/// The limit of a figure that a chart shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitLine {
    /// Name of the gate.
    pub gate: String,
    /// The load's label.
    pub load: String,
    /// The figure.
    pub figure: LimitedFigure,
    /// Its limit, in the figure's unit.
    pub at_most: f64,
}

/// A figure that a chart shows and a gate limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitedFigure {
    /// 99th percentile of a flow, in milliseconds.
    P99Ms,
    /// Resident memory of the server, in bytes.
    ServerRssBytes,
}

/// The outcome of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateOutcome {
    /// The condition holds.
    Held,
    /// The condition does not hold.
    Failed,
    /// The condition could not be judged.
    Inconclusive,
}

/// The verdict of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every gate held.
    Pass,
    /// A gate failed.
    Fail,
    /// No gate failed, but something could not be judged.
    Inconclusive,
}
