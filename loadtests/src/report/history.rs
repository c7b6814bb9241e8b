//! `history.jsonl`: a line for each run, oldest first.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::summary::{origins, server_memory};
use crate::results::{Machine, Results, Shard, Verdict};

/// The summary of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Start of the run, UTC.
    pub started_at: jiff::Timestamp,
    /// Commit of the checkout.
    pub commit: Option<String>,
    /// What was measured other than builds of the checkout.
    #[serde(default)]
    pub origins: Vec<String>,
    /// The tier's name.
    pub tier: String,
    /// The run's part of a load that several machines share.
    pub shard: Option<Shard>,
    /// The machine.
    pub machine: Machine,
    /// The verdict.
    pub verdict: Verdict,
    /// By load, then by implementation.
    pub measurements: Vec<HistoryMeasurement>,
}

/// The summary of a measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryMeasurement {
    /// The implementation's name.
    pub implementation: String,
    /// The load's label.
    pub load: String,
    /// Completed flows or requests per second; none if nothing was measured.
    pub rate: Option<f64>,
    /// Failed flows or requests.
    pub failures: u64,
    /// Maximum resident memory of the server in bytes.
    pub server_rss_bytes: Option<u64>,
    /// By flow.
    pub flows: Vec<HistoryFlow>,
}

/// The summary of a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryFlow {
    /// The flow's name.
    pub name: String,
    /// Median time in milliseconds.
    pub p50_ms: f64,
    /// 99th percentile in milliseconds.
    pub p99_ms: f64,
}

impl HistoryEntry {
    /// Summarises a run.
    pub fn new(results: &Results) -> Self {
        let measurements = results.measurements.iter().map(|measurement| {
            let flows = measurement.flows.iter().map(|flow| HistoryFlow {
                name: flow.name.clone(),
                p50_ms: flow.quantiles.p50_ms,
                p99_ms: flow.quantiles.p99_ms,
            });
            HistoryMeasurement {
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
            origins: origins(results).collect(),
            tier: results.tier.clone(),
            shard: results.shard,
            machine: results.machine.clone(),
            verdict: results.verdict,
            measurements: measurements.collect(),
        }
    }
}

/// Appends a run's line in a single write, unless the file already has it.
pub fn append(results: &Results, file: &Path) -> anyhow::Result<()> {
    let mut line = serde_json::to_string(&HistoryEntry::new(results))?;
    let earlier = existing(file)?;
    if earlier.lines().any(|known| known == line) {
        return Ok(());
    }
    line.push('\n');
    // An interrupted write may have left an incomplete line.
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

/// The runs so far, oldest first; none if the file does not exist.
///
/// Lines in another format are skipped, because a history outlives format changes.
pub fn read(file: &Path) -> anyhow::Result<Vec<HistoryEntry>> {
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
