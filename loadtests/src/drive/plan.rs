//! The messages between the runner and a generator.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::results::{Latencies, Second, Wrong};

/// A generator's task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The server, such as `http://127.0.0.1:3110`.
    pub url: String,
    /// A folder that `cargo xtask corpus` wrote.
    pub dataset: PathBuf,
    /// Names of the corpora to search.
    pub corpora: Vec<String>,
    /// The load.
    pub load: Load,
    /// Number of concurrent users, each with a connection of its own.
    pub users: u32,
    /// Length of the warm-up, which is not counted.
    pub warm_up_seconds: f64,
    /// Length of the load after the warm-up.
    pub seconds: f64,
    /// Seed of all random choices except orders; generators that share a load have different ones.
    pub seed: u64,
    /// Seed of the orders, the same in all slices; generators that share a load have different
    /// ones, so that they do not record answers for each other's orders.
    pub shard: u32,
}

/// The kinds of load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Load {
    /// The six flows by weight, each user starting the next one when the last has finished.
    Flows,
    /// The six flows by weight, started at scheduled times.
    Open {
        /// Flows started per second.
        arrivals_per_second: f64,
    },
    /// `POST /v1/matrix/search` only.
    Search {
        /// Number of different bodies.
        bodies: u32,
    },
    /// `POST /v1/embed` and `POST /v1/matrix/search`, alternating for each user.
    Mixed {
        /// Number of different bodies for each route.
        bodies: u32,
    },
}

/// A line of a generator's output.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// The end of the warm-up, once.
    Counting,
    /// Progress so far, about once per second.
    Progress(Progress),
    /// The outcome, once at the end.
    Outcome(Outcome),
}

/// A generator's progress, warm-up included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Seconds since the start.
    pub seconds: f64,
    /// Number of completed flows.
    pub count: u64,
    /// Number of failed flows.
    pub failures: u64,
}

/// A generator's measurements, without the warm-up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Seconds measured.
    pub seconds: f64,
    /// Whether the load ended early.
    pub interrupted: bool,
    /// By flow, or by route for loads of single requests.
    pub flows: Vec<FlowOutcome>,
    /// The requests of the flows, by route; empty for loads of single requests.
    pub routes: Vec<FlowOutcome>,
    /// One entry for each second measured.
    pub timeline: Vec<Second>,
}

/// A generator's measurements of one flow; `latencies` has the number of completed ones.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FlowOutcome {
    /// The flow's name.
    pub name: String,
    /// Number of failed flows.
    pub failures: u64,
    /// Number of scheduled arrivals that found no idle user.
    pub dropped: u64,
    /// Kinds of failures, the most frequent first.
    pub wrong: Vec<Wrong>,
    /// Times of completed flows.
    pub latencies: Latencies,
}
