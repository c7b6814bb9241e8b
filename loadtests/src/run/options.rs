//! The command-line options of a load test.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::results::Shard;
use crate::stand_in::lies::Lie;
use crate::tier::Tier;

/// Load the system, check every answer, and judge the figures by the gates in `budgets.toml`.
///
/// Exit codes: 0 every gate held, 1 a build, a start or a file failed, 2 usage error, 3 a gate
/// failed, 4 inconclusive. `loadtest merge FILES` merges the results of several machines.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Kind of load test
    #[arg(value_enum, default_value = "smoke")]
    pub tier: Tier,
    /// Implementations to measure, by the names of their files in `fixtures/implementations`; the first is
    /// compared with each other one
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "rust",
        value_name = "NAMES"
    )]
    pub implementation: Vec<String>,
    /// Compare the first implementation with another build of it: a binary, or a commit to build
    #[arg(long, value_name = "BINARY|COMMIT")]
    pub against: Option<String>,
    /// Measure this binary of the first implementation instead of a fresh build
    #[arg(long, value_name = "FILE")]
    pub binary: Option<PathBuf>,
    /// Measure the running server at this URL, which must already have the dataset
    #[arg(long, value_name = "URL", conflicts_with_all = ["against", "binary", "lie"])]
    pub url: Option<String>,
    /// Seconds to measure for each load and implementation [default: by tier]
    #[arg(long, value_name = "N")]
    pub seconds: Option<f64>,
    /// Length of the warm-up of each slice, in seconds [default: by tier]
    #[arg(long, value_name = "N")]
    pub warm_up: Option<f64>,
    /// Rounds of alternating slices of several implementations [default: slices of about 20 s, at
    /// least 6, with `--against` at least 12]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: Option<u32>,
    /// Concurrent users at every load [default: by tier]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub users: Option<u32>,
    /// People in the open pool of the dataset [default: by tier]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(100..=1_000_000))]
    pub workers: Option<u64>,
    /// Embedder of texts [default: `upstream` for implementations in different languages, which then
    /// share a scripted model server, otherwise `built-in`]
    #[arg(long, value_enum, value_name = "EMBEDDER")]
    pub embedder: Option<Embedder>,
    /// Seed of all random choices
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Run the I-th of N equal parts of the load, when several machines load one system
    #[arg(long, value_name = "I/N", requires = "url")]
    pub shard: Option<Shard>,
    /// Corrupt the answers of the first implementation in this way, to see the run fail
    #[arg(long, value_enum, value_name = "LIE")]
    pub lie: Option<Lie>,
    /// Folder for the report and the logs
    #[arg(long, default_value = "target/loadtest", value_name = "DIR")]
    pub output: PathBuf,
}

/// The embedder of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Embedder {
    /// The implementation's own, which hashes words
    BuiltIn,
    /// A scripted model server
    Upstream,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("expected a part and the number of parts, such as `2/3`".to_owned()),
        }
    }
}
