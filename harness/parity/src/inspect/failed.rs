//! `--last-failed`: the cases that failed in the last run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::config::Root;
use crate::outcome::CaseVerdict;

/// The cases of a run that diverged or could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The folder of the run.
    pub run: PathBuf,
    /// `SURFACE/CASE`, sorted.
    pub cases: Vec<String>,
    /// The implementations that failed, sorted.
    pub implementations: Vec<String>,
}

#[derive(Deserialize)]
struct Report {
    /// Set by `--generate`, whose cases are findings.
    generated: Option<IgnoredAny>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    surface: String,
    case: String,
    implementation: String,
    verdict: CaseVerdict,
}

/// The last `count` runs that sent the cases of the root, the oldest first.
///
/// # Errors
///
/// A report that cannot be read.
pub fn last_runs(runs: &[PathBuf], count: usize) -> Result<Vec<PathBuf>, Error> {
    let mut last = Vec::new();
    for run in runs.iter().rev() {
        if last.len() < count && read(run)?.generated.is_none() {
            last.push(run.clone());
        }
    }
    last.reverse();
    Ok(last)
}

/// The cases of the root that failed in the last of the runs, on these surfaces or on all when there
/// are none.
///
/// # Errors
///
/// There is no run, none of its cases failed, or its report cannot be read.
pub fn last_failed(root: &Root, runs: &[PathBuf], surfaces: &[String]) -> Result<Failed, Error> {
    let last = last_runs(runs, 1)?;
    let Some(run) = last.into_iter().next() else {
        return Err(Error::usage(
            "there is no run whose failed cases could run again",
            "run `parity` without `--last-failed` first",
        ));
    };
    let is_known = |case: &Case| {
        let probe = root.probes.get(&case.surface);
        probe.is_some_and(|probe| probe.cases.iter().any(|known| known.name == case.case))
            && root.implementations.contains_key(&case.implementation)
    };
    let failed: Vec<Case> = read(&run)?
        .cases
        .into_iter()
        .filter(|case| matches!(case.verdict, CaseVerdict::Diverged | CaseVerdict::Invalid))
        .filter(|case| surfaces.is_empty() || surfaces.contains(&case.surface))
        .filter(is_known)
        .collect();
    if failed.is_empty() {
        let on = match surfaces {
            [] => String::new(),
            surfaces => format!(" on {}", surfaces.join(", ")),
        };
        return Err(Error::usage(
            format!("no case failed in the last run{on} (`{}`)", run.display()),
            "run `parity` without `--last-failed`",
        ));
    }
    let cases = failed
        .iter()
        .map(|case| format!("{}/{}", case.surface, case.case));
    let cases: BTreeSet<String> = cases.collect();
    let implementations = failed.iter().map(|case| case.implementation.clone());
    let implementations: BTreeSet<String> = implementations.collect();
    Ok(Failed {
        run,
        cases: cases.into_iter().collect(),
        implementations: implementations.into_iter().collect(),
    })
}

fn read(run: &Path) -> Result<Report, Error> {
    let path = run.join("report.json");
    let text = std::fs::read_to_string(&path).map_err(|error| Error::io("read", &path, error))?;
    serde_json::from_str(&text).map_err(|error| {
        Error::usage(
            format!("`{}` is not a report: {error}", path.display()),
            "delete its folder, or run `parity` again",
        )
    })
}
