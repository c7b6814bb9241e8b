//! What is new, fixed or moved.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cause::{self, Cause};
use super::read::{Finding, Place, Report, Unlisted};
use crate::outcome::CaseVerdict;

/// The changes between two reports.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Only in the second report.
    pub new: Vec<Change>,
    /// The same difference at another path.
    pub moved: Vec<Change>,
    /// Only in the first report, although the second one has the case.
    pub fixed: Vec<Change>,
    /// Cases with a finding in the first report that the second run did not run.
    pub gone: Vec<Change>,
    /// Number of other cases that the second run did not run.
    pub left_out: usize,
    /// In both reports.
    pub unchanged: usize,
    /// The differences of the first and of the second run that were not compared, because reports do
    /// not list all differences of a case that has very many.
    pub unlisted: [Unlisted; 2],
}

/// One change of a case or of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `SURFACE/CASE (TRANSPORT), IMPLEMENTATION`, or the ledger's file.
    pub place: String,
    /// What is new, fixed or moved there; empty for a case that did not run.
    pub what: String,
    #[serde(skip)]
    pub(super) cause: Cause,
}

impl Change {
    fn new(at: &Place, what: String, cause: String) -> Change {
        Change {
            place: format!(
                "{}/{} ({}), {}",
                at.surface, at.case, at.transport, at.implementation
            ),
            what,
            cause: Cause {
                surface: at.surface.clone(),
                implementation: at.implementation.clone(),
                case: format!("{} ({})", at.case, at.transport),
                what: cause,
            },
        }
    }

    /// The change on one line.
    #[must_use]
    pub fn line(&self) -> String {
        match self.what.as_str() {
            "" => self.place.clone(),
            what => format!("{}: {what}", self.place),
        }
    }
}

impl Changes {
    pub(super) fn new(before: &Report, after: &Report) -> Changes {
        let mut changes = Changes {
            unlisted: [before.unlisted(), after.unlisted()],
            ..Changes::default()
        };
        let (old, new) = (before.findings(), after.findings());
        let cases = after.cases.iter();
        let reasons: BTreeMap<Place, String> = cases
            .map(|case| (case.place(), case.reasons.join("; ")))
            .collect();
        // A case that the second run skipped is not fixed.
        let skipped: BTreeSet<Place> = after
            .cases
            .iter()
            .filter(|case| case.verdict == CaseVerdict::Skipped)
            .map(|case| case.place())
            .collect();
        let places: BTreeSet<&Place> = old.keys().chain(new.keys()).collect();
        for at in places {
            let was = old.get(at).map_or(&[][..], Vec::as_slice);
            match new.get(at).filter(|_| !skipped.contains(at)) {
                Some(is) => {
                    let why = reasons.get(at).map_or("", String::as_str);
                    changes.add_case(at, was, is.clone(), why);
                }
                None if was.is_empty() => changes.left_out += 1,
                None => {
                    let gone = Change::new(at, String::new(), "no longer run".to_owned());
                    changes.gone.push(gone);
                }
            }
        }
        changes.add_ledgers(before, after);
        changes
    }

    /// Adds the changes of a case that both runs have.
    fn add_case(&mut self, at: &Place, was: &[Finding], mut is: Vec<Finding>, why: &str) {
        let mut left_over = Vec::new();
        for finding in was {
            match is.iter().position(|other| same(finding, other)) {
                Some(index) => {
                    is.remove(index);
                    self.unchanged += 1;
                }
                None => left_over.push(finding),
            }
        }
        for finding in left_over {
            match is.iter().position(|other| is_moved(finding, other)) {
                Some(index) => {
                    let now = is.remove(index);
                    let what = format!("{} is now {}", describe(finding, ""), describe(&now, ""));
                    let (from, to) = (cause::of(finding, ""), cause::of(&now, ""));
                    let cause = format!("{from} is now {to}");
                    self.moved.push(Change::new(at, what, cause));
                }
                None => {
                    let cause = cause::of(finding, "");
                    let fixed = Change::new(at, describe(finding, ""), cause);
                    self.fixed.push(fixed);
                }
            }
        }
        for finding in &is {
            let cause = cause::of(finding, why);
            self.new
                .push(Change::new(at, describe(finding, why), cause));
        }
    }

    fn add_ledgers(&mut self, before: &Report, after: &Report) {
        let all = |report: &Report| -> BTreeSet<(String, String)> {
            let failures = report.ledger_failures.iter();
            failures
                .map(|failure| (failure.file.clone(), failure.message.clone()))
                .collect()
        };
        let change = |(file, message): &(String, String)| Change {
            place: file.clone(),
            what: message.clone(),
            cause: Cause {
                what: message.clone(),
                ..Cause::default()
            },
        };
        let (old, new) = (all(before), all(after));
        self.new.extend(new.difference(&old).map(change));
        self.fixed.extend(old.difference(&new).map(change));
        self.unchanged += old.intersection(&new).count();
    }
}

/// Whether path and kind are the same. Values may change from run to run.
fn same(one: &Finding, other: &Finding) -> bool {
    match (one, other) {
        (
            Finding::Difference { path, kind, .. },
            Finding::Difference {
                path: other_path,
                kind: other_kind,
                ..
            },
        ) => path == other_path && kind == other_kind,
        _ => one == other,
    }
}

/// Whether kind and shapes are the same, at another path.
fn is_moved(one: &Finding, other: &Finding) -> bool {
    match (one, other) {
        (
            Finding::Difference { kind, shapes, .. },
            Finding::Difference {
                kind: other_kind,
                shapes: other_shapes,
                ..
            },
        ) => kind == other_kind && shapes == other_shapes,
        _ => false,
    }
}

fn describe(finding: &Finding, why: &str) -> String {
    match finding {
        Finding::Difference { path, kind, shapes } => {
            format!("`{path}` {kind} ({} | {})", shapes.0, shapes.1)
        }
        Finding::Invalid if why.is_empty() => "not compared".to_owned(),
        Finding::Invalid => format!("not compared: {why}"),
    }
}
