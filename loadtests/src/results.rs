//! What a load test found: `results.json`, the one source of every report.
//!
//! A run is made of measurements: one implementation under one load, as one or several slices
//! that were taken in turn with those of others. Histograms are kept whole, so that results of
//! several machines can be added up; percentiles are never averaged.

mod histogram;
mod merge;

pub use histogram::{Latencies, Quantiles};
pub use merge::{MergeError, merge};

use serde::{Deserialize, Serialize};

/// The version of the format.
pub const SCHEMA_VERSION: u32 = 1;

/// One whole run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Results {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Which tier ran.
    pub tier: String,
    /// The commit of the checkout, with `-dirty` when it has changes; none outside git.
    pub commit: Option<String>,
    /// When the run began, UTC.
    pub started_at: jiff::Timestamp,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// Where the random choices began.
    pub seed: u64,
    /// Which part of the load this run was, when several machines share it.
    pub shard: Option<Shard>,
    /// What it ran on.
    pub machine: Machine,
    /// How many people the corpus has; none when a server was asked that had its own.
    pub workers: Option<u64>,
    /// Who was measured, in the order they were named; the first is what others are held against.
    pub implementations: Vec<Implementation>,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// Two implementations held against each other, flow by flow.
    pub comparisons: Vec<Comparison>,
    /// What the machine did on a load without any code of ours, before, between and after.
    pub reference: Vec<ReferenceSample>,
    /// What had to hold.
    pub gates: Vec<Gate>,
    /// Why the run is inconclusive, a sentence each; empty otherwise.
    pub inconclusive: Vec<String>,
    /// Whether a signal ended it early.
    pub interrupted: bool,
    /// The verdict over all.
    pub verdict: Verdict,
}

/// Which part of a load that several machines share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

/// What a run ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// Processors that may be used.
    pub cpus: u32,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// The kernel's release.
    pub kernel: String,
}

/// Who was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Implementation {
    /// Its name.
    pub name: String,
    /// First line of what its version command said.
    pub version: String,
    /// The language it is written in.
    pub language: String,
    /// From the start of the process to the first answer of its `/health`, in milliseconds.
    pub started_in_ms: Option<u64>,
    /// How long taking the corpus took, in milliseconds.
    pub filled_in_ms: Option<u64>,
}

/// One implementation under one load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measurement {
    /// Its name.
    pub implementation: String,
    /// What it was put under.
    pub load: LoadPoint,
    /// Seconds that were measured, warming up not counted.
    pub seconds: f64,
    /// What the users did, by flow or by route.
    pub flows: Vec<Flow>,
    /// What each process took meanwhile, the server's first.
    pub processes: Vec<Process>,
    /// The parts that it was taken in.
    pub slices: Vec<Slice>,
    /// What happened in each second of the load, in order, the slices' one after the other.
    pub timeline: Vec<Second>,
}

impl Measurement {
    /// Flows or requests a second, over all kinds.
    pub fn rate(&self) -> f64 {
        let count: u64 = self.flows.iter().map(|flow| flow.count).sum();
        count as f64 / self.seconds
    }

    /// Failures over all kinds.
    pub fn failures(&self) -> u64 {
        self.flows.iter().map(|flow| flow.failures).sum()
    }

    /// Processor seconds of the server for one flow or request that it did right.
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

/// What an implementation is put under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadPoint {
    /// Unique within the run together with the implementation, such as `50 users`.
    pub label: String,
    /// Users at the same time, or connections.
    pub users: u32,
    /// Arrivals a second, when they are scheduled.
    pub arrivals_per_second: Option<f64>,
}

/// One kind of thing that users do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// How often it was done right.
    pub count: u64,
    /// How often it was not.
    pub failures: u64,
    /// Scheduled arrivals that found no free place and were let go.
    pub dropped: u64,
    /// How often it was done right a second.
    pub rate: f64,
    /// Times of those that were done right, in milliseconds.
    pub quantiles: Quantiles,
    /// What was wrong with those that were not, the most frequent first.
    pub wrong: Vec<Wrong>,
    /// Times of those that were done right.
    pub latencies: Latencies,
}

/// One way in which a flow went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// The kind, such as `excluded_hit`.
    pub kind: String,
    /// How often.
    pub count: u64,
    /// One of them in words: what was asked and what came.
    pub example: String,
}

/// What one process took while a load ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Process {
    /// Its name.
    pub name: String,
    /// What it was there for.
    pub role: Role,
    /// Processor seconds, of user and system together.
    pub cpu_seconds: f64,
    /// The most memory that was resident, in bytes.
    pub max_rss_bytes: u64,
    /// The most of it that no file stands behind.
    pub max_anonymous_bytes: u64,
    /// The most by proportional share.
    pub max_pss_bytes: u64,
    /// The most threads.
    pub max_threads: u64,
    /// The most open descriptors.
    pub max_descriptors: u64,
    /// About once a second.
    pub samples: Vec<Sample>,
}

/// What a process was there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Under measurement.
    Server,
    /// Made the load.
    Generator,
    /// Stood in for something outside: the model server, a proxy.
    StandIn,
}

/// One look at a process.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// Resident bytes.
    pub rss_bytes: u64,
    /// Resident bytes that no file stands behind.
    pub anonymous_bytes: u64,
    /// Bytes by proportional share.
    pub pss_bytes: u64,
    /// Processor seconds since the process began.
    pub cpu_seconds: f64,
    /// Threads.
    pub threads: u64,
    /// Open descriptors.
    pub descriptors: u64,
}

/// One uninterrupted part of a measurement, with a generator of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slice {
    /// Which round of slices it belongs to, from 0: slices of a round are compared.
    pub round: u32,
    /// Milliseconds from the beginning of the run to that of the slice.
    pub at_ms: u64,
    /// Seconds that were measured.
    pub seconds: f64,
    /// Processor seconds of the server.
    pub server_cpu_seconds: f64,
    /// Processor seconds of the generator.
    pub generator_cpu_seconds: f64,
    /// Share of the processors' time that the machine below took away.
    pub steal: f64,
    /// Share of the time in which somebody waited for a processor (`/proc/pressure/cpu`).
    pub pressure: f64,
    /// By flow.
    pub flows: Vec<SliceFlow>,
}

/// One flow in one slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SliceFlow {
    /// The flow's name.
    pub name: String,
    /// How often it was done right.
    pub count: u64,
    /// How often it was not.
    pub failures: u64,
    /// Times of those that were done right, in milliseconds.
    pub quantiles: Quantiles,
}

/// What happened in one second of a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Second {
    /// What was done right.
    pub count: u64,
    /// What was not.
    pub failures: u64,
}

/// Two implementations under one load, held against each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Who is held against the other.
    pub implementation: String,
    /// The other.
    pub against: String,
    /// The load's label.
    pub load: String,
    /// What is compared.
    pub ratios: Vec<Ratio>,
}

/// A figure of one implementation by that of another, over pairs of slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The flow; none for all together.
    pub flow: Option<String>,
    /// Which figure: `rate`, `p50`, `p99` or `server_cpu_per_flow`.
    pub figure: String,
    /// The middle of the pairs' ratios.
    pub ratio: f64,
    /// The lower end of the interval at 95 %.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// How many pairs there were.
    pub pairs: usize,
}

/// What the machine did on a load without any code of ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReferenceSample {
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// Rounds a second of a loop that only computes, on every processor.
    pub cpu_rounds_per_second: f64,
    /// Round trips a second of a byte over loopback.
    pub echoes_per_second: f64,
}

/// Something that had to hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Its name, such as `failures` or `L4 server memory`.
    pub name: String,
    /// Whom and what it is about, such as `rust, 50 users, repeat_cache`.
    pub subject: String,
    /// What was asked for, in words.
    pub limit: String,
    /// What was found, in words.
    pub found: String,
    /// How it ended.
    pub outcome: GateOutcome,
}

/// How a gate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateOutcome {
    /// It held.
    Held,
    /// It did not.
    Failed,
    /// It cannot be told.
    Inconclusive,
}

/// The verdict of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every gate held.
    Pass,
    /// A gate did not hold.
    Fail,
    /// No gate failed as far as it could be told, but not everything could be.
    Inconclusive,
}
