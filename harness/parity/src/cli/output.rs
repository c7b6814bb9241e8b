//! Where runs are written, and found again.

use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;

use crate::kept::Kept;

/// The folder of the reports.
#[derive(Debug)]
pub(super) enum Output {
    /// `target/parity`, which keeps runs.
    Kept(Kept),
    /// The folder of `--output`, which has the last run only.
    Given(PathBuf),
}

impl Output {
    pub(super) fn new(root: &Path, given: Option<&Path>) -> Output {
        match given {
            Some(folder) => Output::Given(folder.to_owned()),
            None => Output::Kept(Kept::new(root.join("target/parity"))),
        }
    }

    /// The folder with the reports and the evidence of the last full run.
    pub(super) fn folder(&self) -> &Path {
        match self {
            Output::Kept(kept) => kept.folder(),
            Output::Given(folder) => folder,
        }
    }

    /// The folder for a new run.
    pub(super) fn create(&self, seed: u64) -> Result<PathBuf, Error> {
        match self {
            Output::Kept(kept) => kept.create(jiff::Timestamp::now(), seed),
            Output::Given(folder) => Ok(folder.clone()),
        }
    }

    /// Removes the folder of a run that did not start, if nothing was written there.
    pub(super) fn discard(&self, run: &Path) {
        if let Output::Kept(_) = self {
            // A folder with logs stays.
            let _ = std::fs::remove_dir(run);
        }
    }

    /// Makes a run the last one, and the last full one if it is full.
    pub(super) fn publish(&self, run: &Path, is_full: bool) -> Result<(), Error> {
        match self {
            Output::Kept(kept) => kept.publish(run, is_full),
            Output::Given(_) => Ok(()),
        }
    }

    /// The folders of the runs that have a report, the oldest first.
    pub(super) fn runs(&self) -> Result<Vec<PathBuf>, Error> {
        match self {
            Output::Kept(kept) => kept.runs(),
            Output::Given(folder) if folder.join("report.json").is_file() => {
                Ok(vec![folder.clone()])
            }
            Output::Given(_) => Ok(Vec::new()),
        }
    }
}
