//! The runner: from the command line to results.
//!
//! Everything under measurement is a fresh process; so is the generator of every slice. Where two
//! or more are measured, their slices are taken in turn, in an order that is shuffled anew each
//! round, so that what the machine does besides falls on all of them.

mod build;
mod corpus;
mod gather;
mod interrupt;
mod machine;
mod options;
mod progress;
mod rounds;
mod sample;
mod slice;
mod stage;
mod subject;

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
use progress::Progress;
use rounds::{Course, Found};
use slice::Bench;
use stage::Stage;

/// Where a run takes place.
pub(crate) struct Ground<'a> {
    workspace: &'a Path,
    target: &'a Path,
    /// The corpus.
    house: &'a Path,
    supervisor: &'a Arc<Supervisor>,
    logs: &'a Path,
    /// The folder of the servers' states.
    states: &'a Path,
    progress: &'a Progress,
}

impl Ground<'_> {
    fn values(&self) -> Values {
        Values::from([
            ("root", self.workspace.display().to_string()),
            ("target", self.target.display().to_string()),
            ("corpus", self.house.display().to_string()),
        ])
    }
}

/// Runs a load test and gives what it found; it is judged, but not written yet.
///
/// # Errors
/// What is around the load failed: a build, a start, the corpus.
pub async fn run(options: &Options) -> Result<Results> {
    let began = Instant::now();
    let started_at = jiff::Timestamp::now();
    let interrupted = interrupt::watch()?;
    let progress = Progress::new();
    let workspace = workspace()?;
    let target = target()?;
    let shape = shape(options)?;
    let budgets = budgets()?;

    progress.begin(&format!("a corpus of {} people", shape.workers));
    let writer = std::env::current_exe()?.with_file_name("lakehouse-corpus");
    let house = corpus::prepare(&target, &writer, shape.workers, options.seed).await?;
    let states = tempfile::tempdir_in(&target)?;
    let logs = options.output.join("logs");
    let logs = std::path::absolute(logs)?;
    let supervisor = Arc::new(Supervisor::new(logs.clone(), interrupted.clone())?);
    let ground = Ground {
        workspace: &workspace,
        target: &target,
        house: &house,
        supervisor: &supervisor,
        logs: &logs,
        states: states.path(),
        progress: &progress,
    };
    let mut setting = interrupted.clone();
    let mut stage = tokio::select! {
        stage = Stage::set(&ground, options, &shape) => stage?,
        _ = setting.wait_for(|it| *it) => anyhow::bail!("ended by a signal before any load"),
    };
    let bench = Bench {
        began,
        supervisor: &supervisor,
        workspace: &workspace,
        interrupted,
        progress: &progress,
        shared: stage.shared(),
    };
    let course = Course::of(options, &shape, &house, stage.subjects.len());
    let found = rounds::run(&bench, &course, &mut stage.subjects).await;
    let implementations = stage
        .subjects
        .iter()
        .map(|subject| subject.told.clone())
        .collect();
    stage.stop(&supervisor).await;
    supervisor.sweep().await;
    progress.end();
    let Found {
        measurements,
        reference,
        gates,
        mut inconclusive,
    } = found?;
    inconclusive.extend(supervisor.take_failures());
    inconclusive.extend(supervisor.take_notices());
    let mut results = Results {
        schema_version: SCHEMA_VERSION,
        tier: options.tier.name().to_owned(),
        commit: build::commit(&workspace).await,
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
        inconclusive,
        interrupted: bench.is_interrupted(),
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
    results.verdict = gates::verdict(&results);
    Ok(results)
}

/// The first implementation against each other, load by load.
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

/// The limits of the repository.
///
/// # Errors
/// They cannot be read.
pub fn budgets() -> Result<Budgets> {
    Ok(Budgets::read(&workspace()?.join(gates::FILE))?)
}

/// The root of the workspace, which has the descriptions of implementations.
fn workspace() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package
        .parent()
        .context("the package has a folder above it")?;
    Ok(root.to_owned())
}

/// Cargo's target folder: where this program stands.
fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program
        .ancestors()
        .nth(2)
        .context("a program below the target folder")?;
    Ok(target.to_owned())
}
