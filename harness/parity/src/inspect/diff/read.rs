//! The parts of a report that are compared.

use std::collections::BTreeMap;
use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use serde::{Deserialize, Serialize};

use crate::difference::DifferenceKind;
use crate::outcome::CaseVerdict;
use crate::report::json::SCHEMA_VERSION;

#[derive(Deserialize)]
pub(super) struct Report {
    schema_version: u32,
    commit: Option<String>,
    started_at: String,
    #[serde(default)]
    complete: bool,
    pub(super) cases: Vec<Case>,
    pub(super) ledger_failures: Vec<LedgerFailure>,
}

#[derive(Deserialize)]
pub(super) struct LedgerFailure {
    pub(super) file: String,
    pub(super) message: String,
}

#[derive(Deserialize)]
pub(super) struct Case {
    surface: String,
    transport: Transport,
    case: String,
    implementation: String,
    pub(super) verdict: CaseVerdict,
    #[serde(default)]
    pub(super) reasons: Vec<String>,
    #[serde(default)]
    differences: Vec<Found>,
    #[serde(default)]
    differences_left_out: usize,
}

#[derive(Deserialize)]
struct Found {
    path: String,
    kind: DifferenceKind,
    left: WrittenSide,
    right: WrittenSide,
    pin: Option<usize>,
}

#[derive(Deserialize)]
struct WrittenSide {
    shape: String,
}

/// A case of an implementation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) surface: String,
    pub(super) transport: Transport,
    pub(super) implementation: String,
    pub(super) case: String,
}

/// One failure of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Finding {
    /// An unexpected difference.
    Difference {
        path: String,
        kind: &'static str,
        shapes: (String, String),
    },
    /// The case could not be compared.
    Invalid,
}

/// The differences that a report counts and does not list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Unlisted {
    /// Their number.
    pub differences: usize,
    /// The number of cases that have some.
    pub cases: usize,
}

impl Report {
    /// Reads a report, or the one of a folder.
    pub(super) fn read(path: &Path) -> Result<Report, Error> {
        let file = match path.is_dir() {
            true => path.join("report.json"),
            false => path.to_owned(),
        };
        let text =
            std::fs::read_to_string(&file).map_err(|error| Error::io("read", &file, error))?;
        let wrong = |what: &str| {
            Error::usage(
                format!("`{}` {what}", file.display()),
                "pass the `report.json` of a complete run, or its folder",
            )
        };
        let report: Report = serde_json::from_str(&text)
            .map_err(|error| wrong(&format!("is not a report: {error}")))?;
        // Later versions only added fields.
        if !(1..=SCHEMA_VERSION).contains(&report.schema_version) {
            return Err(wrong(&format!(
                "has schema version {}, not {SCHEMA_VERSION}",
                report.schema_version
            )));
        }
        if !report.complete {
            return Err(wrong("was cut short"));
        }
        Ok(report)
    }

    /// Its commit and its time.
    pub(super) fn name(&self) -> String {
        match &self.commit {
            Some(commit) => format!("{commit} ({})", self.started_at),
            None => self.started_at.clone(),
        }
    }

    /// The number of differences that it only counts, and of cases that have some. Accepted ones do
    /// not matter, and a report that lists any of a case lists all others.
    pub(super) fn unlisted(&self) -> Unlisted {
        let mut unlisted = Unlisted::default();
        for case in &self.cases {
            let has_accepted = case.differences.iter().any(|found| found.pin.is_some());
            if case.differences_left_out > 0 && !has_accepted {
                unlisted.differences += case.differences_left_out;
                unlisted.cases += 1;
            }
        }
        unlisted
    }

    /// The failures of every case, sorted.
    pub(super) fn findings(&self) -> BTreeMap<Place, Vec<Finding>> {
        let findings = |case: &Case| {
            let mut found: Vec<Finding> = case
                .differences
                .iter()
                .filter(|found| found.pin.is_none())
                .map(|found| Finding::Difference {
                    path: found.path.clone(),
                    kind: found.kind.label(),
                    shapes: (found.left.shape.clone(), found.right.shape.clone()),
                })
                .collect();
            if case.verdict == CaseVerdict::Invalid {
                found.push(Finding::Invalid);
            }
            found.sort();
            found
        };
        let cases = self.cases.iter();
        cases.map(|case| (case.place(), findings(case))).collect()
    }
}

impl Case {
    pub(super) fn place(&self) -> Place {
        Place {
            surface: self.surface.clone(),
            transport: self.transport,
            implementation: self.implementation.clone(),
            case: self.case.clone(),
        }
    }
}
