//! `history.jsonl`: one line for each run, oldest first.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::grid::server_memory;
use crate::results::{Machine, Results, Shard, Verdict};

/// One run in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Past {
    /// When it began, UTC.
    pub started_at: jiff::Timestamp,
    /// The commit of the checkout.
    pub commit: Option<String>,
    /// Which tier ran.
    pub tier: String,
    /// Which part of a load that several machines share.
    pub shard: Option<Shard>,
    /// What it ran on.
    pub machine: Machine,
    /// The verdict.
    pub verdict: Verdict,
    /// By implementation and load.
    pub measurements: Vec<PastMeasurement>,
}

/// One implementation under one load, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PastMeasurement {
    /// Its name.
    pub implementation: String,
    /// The load's label.
    pub load: String,
    /// Flows or requests a second; none when nothing was measured.
    pub rate: Option<f64>,
    /// Failures over all kinds.
    pub failures: u64,
    /// The most resident memory of the server, in bytes.
    pub server_rss_bytes: Option<u64>,
    /// By flow.
    pub flows: Vec<PastFlow>,
}

/// One flow in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PastFlow {
    /// Its name.
    pub name: String,
    /// Half of the times are no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 % of the times are no longer, in milliseconds.
    pub p99_ms: f64,
}

impl Past {
    /// A run in short.
    pub fn of(results: &Results) -> Self {
        let measurements = results.measurements.iter().map(|measurement| {
            let flows = measurement.flows.iter().map(|flow| PastFlow {
                name: flow.name.clone(),
                p50_ms: flow.quantiles.p50_ms,
                p99_ms: flow.quantiles.p99_ms,
            });
            PastMeasurement {
                implementation: measurement.implementation.clone(),
                load: measurement.load.label.clone(),
                rate: Some(measurement.rate()).filter(|rate| rate.is_finite()),
                failures: measurement.failures(),
                server_rss_bytes: server_memory(measurement),
                flows: flows.collect(),
            }
        });
        Self {
            started_at: results.started_at,
            commit: results.commit.clone(),
            tier: results.tier.clone(),
            shard: results.shard,
            machine: results.machine.clone(),
            verdict: results.verdict,
            measurements: measurements.collect(),
        }
    }
}

/// Appends a line about a run in one write, unless the same line is there.
pub fn append(results: &Results, file: &Path) -> anyhow::Result<()> {
    let mut line = serde_json::to_string(&Past::of(results))?;
    let earlier = existing(file)?;
    if earlier.lines().any(|known| known == line) {
        return Ok(());
    }
    line.push('\n');
    // A write that broke off must not swallow this line.
    if !earlier.is_empty() && !earlier.ends_with('\n') {
        line.insert(0, '\n');
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut opened| opened.write_all(line.as_bytes()))
        .with_context(|| format!("cannot append to `{}`", file.display()))
}

/// The runs so far, oldest first; none where there is no file.
///
/// Lines of another form are passed over: a history outlives the forms it was written in.
pub fn read(file: &Path) -> anyhow::Result<Vec<Past>> {
    let text = existing(file)?;
    let runs = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    Ok(runs.collect())
}

fn existing(file: &Path) -> anyhow::Result<String> {
    match fs::read(file) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", file.display())),
    }
}
