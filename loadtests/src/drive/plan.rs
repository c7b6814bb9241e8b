//! What a generator is asked to do, and what it tells.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::results::{Latencies, Second, Wrong};

/// What to put to which server, and for how long.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The server, such as `http://127.0.0.1:3110`.
    pub url: String,
    /// The folder that `cargo xtask corpus` wrote.
    pub house: PathBuf,
    /// The corpora that are searched.
    pub corpora: Vec<String>,
    /// What is done.
    pub load: Load,
    /// Users at the same time, each with a connection of its own.
    pub users: u32,
    /// Seconds before anything is counted.
    pub warm_up_seconds: f64,
    /// Seconds that are counted.
    pub seconds: f64,
    /// Where the random choices begin; generators that share a load have different ones.
    pub seed: u64,
    /// Which generator of those that share a load this is. What its users record is for orders
    /// that no other has, and the same ones whatever the seed.
    pub shard: u32,
}

/// What users do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Load {
    /// The six flows by weight, by goose.
    Flows,
    /// The six flows by weight, begun at scheduled times.
    Open {
        /// Arrivals a second.
        arrivals_per_second: f64,
    },
    /// `POST /v1/matrix/search` alone.
    Search {
        /// How many different bodies are sent.
        bodies: u32,
    },
    /// `POST /v1/embed` and `POST /v1/matrix/search`, in turn by each user.
    Mixed {
        /// How many different bodies of each are sent.
        bodies: u32,
    },
    /// Any one request over and over; its answer must be the same bytes each time.
    Repeat {
        /// The route.
        path: String,
        /// The body.
        body: String,
    },
}

/// A line of a generator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// Once, when warming up is over: from here on it counts.
    Counting,
    /// While it runs.
    Progress(Progress),
    /// Once, at the end.
    Outcome(Outcome),
}

/// How far a generator is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Seconds since it began, warming up included.
    pub seconds: f64,
    /// What was done right so far, warming up included.
    pub count: u64,
    /// What was not.
    pub failures: u64,
}

/// What a generator found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Seconds that were counted.
    pub seconds: f64,
    /// Whether a signal ended it before its time.
    pub interrupted: bool,
    /// By flow, or by route where single requests are sent.
    pub flows: Vec<FlowOutcome>,
    /// What happened in each second that was counted.
    pub timeline: Vec<Second>,
}

/// What a generator found of one flow, warming up not counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowOutcome {
    /// The flow's name.
    pub name: String,
    /// How often it was not done right. How often it was is in `latencies`.
    pub failures: u64,
    /// Scheduled arrivals that found no free place and were let go.
    pub dropped: u64,
    /// What was wrong, the most frequent first.
    pub wrong: Vec<Wrong>,
    /// Times of those that were done right.
    pub latencies: Latencies,
}
