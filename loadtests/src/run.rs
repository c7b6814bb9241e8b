//! The runner: from the command line to results.
//!
//! Every server under measurement is a new process, and so is the generator of every slice. The
//! slices of several servers alternate, in an order that is shuffled in each round, so that other
//! activity on the machine affects all of them.

mod options;

pub(crate) mod dataset;
mod deployment;
mod gather;
mod schedule;
mod slice;

mod build;
mod interrupt;
mod machine;
mod progress;
mod sample;
mod subject;

pub(crate) use build::commit;
pub use options::{Embedder, Options};

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use lakehouse_rig::process::Supervisor;
use lakehouse_rig::template::Values;

use crate::compare::compare;
use crate::exit::UsageError;
use crate::gates::{self, Budgets, Expectations};
use crate::results::{Comparison, Results, SCHEMA_VERSION, Verdict};
use crate::tier::{Point, Shape};
use deployment::Deployment;
use progress::Progress;
use schedule::{Findings, Schedule};
use slice::SliceRunner;

/// The folders and shared tools of a run.
pub(crate) struct Workspace<'a> {
    root: &'a Path,
    target: &'a Path,
    dataset: &'a Path,
    supervisor: &'a Arc<Supervisor>,
    logs: &'a Path,
    /// Folder of the servers' data.
    states: &'a Path,
    progress: &'a Progress,
}

impl Workspace<'_> {
    fn values(&self) -> Values {
        Values::from([
            ("root", self.root.display().to_string()),
            ("target", self.target.display().to_string()),
            ("corpus", self.dataset.display().to_string()),
        ])
    }
}

/// Runs a load test and judges its results.
///
/// # Errors
/// Something other than the load failed: a build, a start, the dataset.
pub async fn run(options: &Options) -> Result<Results> {
    let began = Instant::now();
    let started_at = jiff::Timestamp::now();
    let interrupted = interrupt::watch()?;
    let progress = Progress::new();
    let root = workspace_root()?;
    let target = target_folder()?;
    let shape = shape(options)?;
    let budgets = budgets()?;

    progress.step(&format!("writing a dataset of {} people", shape.workers));
    let writer = std::env::current_exe()?.with_file_name("lakehouse-corpus");
    let dataset = dataset::prepare(
        &target,
        &writer,
        shape.workers,
        options.seed,
        dataset::PLAIN,
    )
    .await?;
    let states = tempfile::tempdir_in(&target)?;
    let logs = options.output.join("logs");
    let logs = std::path::absolute(logs)?;
    let supervisor = Arc::new(Supervisor::new(logs.clone(), interrupted.clone())?);
    let workspace = Workspace {
        root: &root,
        target: &target,
        dataset: &dataset,
        supervisor: &supervisor,
        logs: &logs,
        states: states.path(),
        progress: &progress,
    };
    let mut signal = interrupted.clone();
    let mut deployment = tokio::select! {
        deployment = Deployment::start(&workspace, options, &shape) => deployment?,
        _ = signal.wait_for(|interrupted| *interrupted) => {
            anyhow::bail!("a signal ended the run before any load")
        }
    };
    let runner = SliceRunner {
        began,
        supervisor: &supervisor,
        root: &root,
        interrupted,
        progress: &progress,
        shared: deployment.shared(),
    };
    let schedule = Schedule::new(options, &shape, &dataset, deployment.subjects.len());
    let findings = schedule::run(&runner, &schedule, &mut deployment.subjects).await;
    let implementations = deployment
        .subjects
        .iter()
        .map(|subject| subject.implementation.clone())
        .collect();
    deployment.stop(&supervisor).await;
    supervisor.sweep().await;
    progress.end();
    let Findings {
        measurements,
        reference,
        gates,
        mut inconclusive,
    } = findings?;
    inconclusive.extend(supervisor.take_failures());
    inconclusive.extend(supervisor.take_notices());
    let mut results = Results {
        schema_version: SCHEMA_VERSION,
        tier: options.tier.name().to_owned(),
        commit: commit(&root).await,
        started_at,
        duration_ms: u64::try_from(began.elapsed().as_millis())?,
        seed: options.seed,
        shard: options.shard,
        machine: machine::describe()?,
        workers: options.url.is_none().then_some(shape.workers),
        implementations,
        measurements,
        comparisons: Vec::new(),
        reference,
        gates,
        limits: Vec::new(),
        inconclusive,
        interrupted: runner.is_interrupted(),
        verdict: Verdict::Inconclusive,
    };
    results.comparisons = comparisons(&results);
    let flows: Vec<String> = shape.points.iter().flat_map(Point::flows).collect();
    let flows: Vec<&str> = flows.iter().map(String::as_str).collect();
    let base = options.against.as_ref().and(results.implementations.get(1));
    let expected = Expectations {
        flows: &flows,
        regression_against: base.map(|base| base.name.as_str()),
    };
    let judged = gates::judge(&results, &budgets, &expected);
    results.gates.extend(judged);
    results.limits = gates::limits(&results, &budgets);
    results.verdict = gates::verdict(&results);
    Ok(results)
}

/// Compares the first implementation with each other one, for each load.
fn comparisons(results: &Results) -> Vec<Comparison> {
    let Some(first) = results.implementations.first() else {
        return Vec::new();
    };
    let (ours, others): (Vec<_>, Vec<_>) = results
        .measurements
        .iter()
        .partition(|measurement| measurement.implementation == first.name);
    let mut comparisons = Vec::new();
    for ours in ours {
        let same_load = others
            .iter()
            .filter(|other| other.load.label == ours.load.label);
        comparisons.extend(same_load.map(|other| compare(ours, other)));
    }
    comparisons
}

/// Checks the options that the parser of the command line cannot.
///
/// # Errors
/// An option is out of range.
pub fn check(options: &Options) -> Result<()> {
    shape(options).map(drop)
}

/// The tier's shape with the changes of the command line.
fn shape(options: &Options) -> Result<Shape> {
    let mut shape = options.tier.shape();
    if let Some(workers) = options.workers {
        shape.workers = workers;
    }
    if let Some(seconds) = options.seconds {
        check_range("--seconds", seconds, 1.0..=86_400.0)?;
        shape.seconds = seconds;
    }
    if let Some(warm_up) = options.warm_up {
        check_range("--warm-up", warm_up, 0.0..=600.0)?;
        shape.warm_up_seconds = warm_up;
    }
    if let Some(users) = options.users {
        for point in &mut shape.points {
            point.users = users;
        }
        shape.points.dedup();
    }
    Ok(shape)
}

fn check_range(flag: &str, value: f64, range: RangeInclusive<f64>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    let (min, max) = (range.start(), range.end());
    let message = format!("`{flag} {value}` is out of range: expected {min} to {max}");
    Err(UsageError(message).into())
}

/// Reads the repository's budgets.
///
/// # Errors
/// The file cannot be read or is invalid.
pub fn budgets() -> Result<Budgets> {
    Ok(Budgets::read(&workspace_root()?.join(gates::FILE))?)
}

/// The root of the workspace.
pub(crate) fn workspace_root() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package
        .parent()
        .context("the package has no parent folder")?;
    Ok(root.to_owned())
}

/// Cargo's target folder, which contains this program.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program
        .ancestors()
        .nth(2)
        .context("this program is not below a target folder")?;
    Ok(target.to_owned())
}
