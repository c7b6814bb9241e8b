//! The command line of a load test.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::results::Shard;
use crate::stand_in::lies::Lie;
use crate::tier::Tier;

/// Puts load on the system and holds what comes back against gates.
///
/// Exit codes: 0 pass, 1 infrastructure, 2 usage, 3 a gate failed, 4 inconclusive.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// What is done
    #[arg(value_enum, default_value = "smoke")]
    pub tier: Tier,
    /// Who is measured, as `fixtures/load/<name>.toml` describes them; the first is what the
    /// others are held against
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "rust",
        value_name = "NAMES"
    )]
    pub implementation: Vec<String>,
    /// Hold the first implementation against another build of it: a binary, or a commit, which is
    /// built
    #[arg(long, value_name = "BINARY|COMMIT")]
    pub against: Option<String>,
    /// Measure this binary of the first implementation in place of a fresh build
    #[arg(long, value_name = "FILE")]
    pub binary: Option<PathBuf>,
    /// Measure the server that runs at this URL, which is of the implementation and has the corpus
    /// already, and start none
    #[arg(long, value_name = "URL", conflicts_with_all = ["against", "binary", "lie"])]
    pub url: Option<String>,
    /// Seconds that are measured of each implementation and load
    #[arg(long, value_name = "N")]
    pub seconds: Option<f64>,
    /// Seconds of each slice before anything is counted
    #[arg(long, value_name = "N")]
    pub warm_up: Option<f64>,
    /// Rounds of slices, when two or more are measured in turn [default: as many as there are
    /// slices of about 20 s, at least 6, with `--against` at least 12]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: Option<u32>,
    /// Users at the same time, at every load
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub users: Option<u32>,
    /// People in the corpus
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(100..=1_000_000))]
    pub workers: Option<u64>,
    /// Who turns texts into vectors [default: `upstream`, a scripted model server that all share,
    /// when implementations in different languages are compared; else the `built-in` one]
    #[arg(long, value_enum, value_name = "WHO")]
    pub embedder: Option<Embedder>,
    /// Where the random choices begin
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// Put the I-th of N equal parts of the load, when several machines load one system
    #[arg(long, value_name = "I/N", requires = "url")]
    pub shard: Option<Shard>,
    /// Put a proxy that lies in this way before the first implementation, to see the run fail
    #[arg(long, value_enum, value_name = "LIE")]
    pub lie: Option<Lie>,
    /// The folder of what is written
    #[arg(long, default_value = "target/loadtest", value_name = "DIR")]
    pub output: PathBuf,
}

/// Who turns texts into vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Embedder {
    /// The implementation itself, by hashing words
    BuiltIn,
    /// A scripted model server beside it
    Upstream,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("write which part of how many, such as `2/3`".to_owned()),
        }
    }
}
