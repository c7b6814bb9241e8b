//! `parity diff A.json B.json`: new, fixed and moved differences between two reports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::counted;
use serde::Deserialize;

use crate::difference::DifferenceKind;
use crate::outcome::CaseVerdict;
use crate::report::json::SCHEMA_VERSION;

/// The changes between two reports.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Only in the second report.
    pub new: Vec<String>,
    /// Only in the first report, although the second one has the case.
    pub fixed: Vec<String>,
    /// The same difference at another path.
    pub moved: Vec<String>,
    /// Cases with a finding in the first report that the second run did not run.
    pub gone: Vec<String>,
    /// Number of other cases that the second run did not run.
    pub left_out: usize,
    /// In both reports.
    pub unchanged: usize,
}

#[derive(Deserialize)]
struct Report {
    schema_version: u32,
    commit: Option<String>,
    started_at: String,
    #[serde(default)]
    complete: bool,
    cases: Vec<Case>,
    ledger_failures: Vec<LedgerFailure>,
}

#[derive(Deserialize)]
struct LedgerFailure {
    file: String,
    message: String,
}

#[derive(Deserialize)]
struct Case {
    surface: String,
    transport: Transport,
    case: String,
    implementation: String,
    verdict: CaseVerdict,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    differences: Vec<Found>,
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

/// Surface, transport, implementation and case.
type Place = (String, Transport, String, String);

/// One failure of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Finding {
    /// An unexpected difference.
    Difference {
        path: String,
        kind: &'static str,
        shapes: (String, String),
    },
    /// The case could not be compared.
    Invalid,
}

/// Compares two reports.
///
/// # Errors
///
/// A file that cannot be read, is not a report, or was cut short.
pub fn compare(before: &Path, after: &Path) -> Result<(String, Changes), Error> {
    let (before, after) = (read(before)?, read(after)?);
    let changes = changes(&before, &after);
    let name = |report: &Report| match &report.commit {
        Some(commit) => format!("{commit} ({})", report.started_at),
        None => report.started_at.clone(),
    };
    let mut text = format!("from {} to {}\n", name(&before), name(&after));
    for (title, list) in [
        ("new", &changes.new),
        ("moved", &changes.moved),
        ("fixed", &changes.fixed),
        ("no longer run", &changes.gone),
    ] {
        if !list.is_empty() {
            let _ = writeln!(text, "\n{title} ({})", list.len());
            for line in list {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    let _ = writeln!(
        text,
        "\n{} new, {} moved, {} fixed, {} unchanged",
        changes.new.len(),
        changes.moved.len(),
        changes.fixed.len(),
        changes.unchanged
    );
    if changes.left_out > 0 {
        let cases = counted(changes.left_out, "other case");
        let _ = writeln!(text, "{cases} did not run");
    }
    Ok((text, changes))
}

fn read(path: &Path) -> Result<Report, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    let wrong = |what: &str| {
        Error::usage(
            format!("`{}` {what}", path.display()),
            "pass the `report.json` of a complete run",
        )
    };
    let report: Report =
        serde_json::from_str(&text).map_err(|error| wrong(&format!("is not a report: {error}")))?;
    if report.schema_version != SCHEMA_VERSION {
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

fn findings(report: &Report) -> BTreeMap<Place, Vec<Finding>> {
    let mut all = BTreeMap::new();
    for case in &report.cases {
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
        all.insert(place(case), found);
    }
    all
}

fn place(case: &Case) -> Place {
    (
        case.surface.clone(),
        case.transport,
        case.implementation.clone(),
        case.case.clone(),
    )
}

fn changes(before: &Report, after: &Report) -> Changes {
    let mut changes = Changes::default();
    let (old, new) = (findings(before), findings(after));
    let reasons: BTreeMap<Place, String> = after
        .cases
        .iter()
        .map(|case| (place(case), case.reasons.join("; ")))
        .collect();
    // A case that the second run skipped is not fixed.
    let skipped: BTreeSet<Place> = after
        .cases
        .iter()
        .filter(|case| case.verdict == CaseVerdict::Skipped)
        .map(place)
        .collect();
    let places: BTreeSet<&Place> = old.keys().chain(new.keys()).collect();
    for at in places {
        let was = old.get(at).cloned().unwrap_or_default();
        let Some(is) = new.get(at).filter(|_| !skipped.contains(at)) else {
            if was.is_empty() {
                changes.left_out += 1;
            } else {
                changes.gone.push(place_name(at));
            }
            continue;
        };
        let mut is = is.clone();
        let mut left_over = Vec::new();
        for finding in was {
            match is.iter().position(|other| same(&finding, other)) {
                Some(index) => {
                    is.remove(index);
                    changes.unchanged += 1;
                }
                None => left_over.push(finding),
            }
        }
        for finding in left_over {
            match is.iter().position(|other| is_moved(&finding, other)) {
                Some(index) => {
                    let now = is.remove(index);
                    changes.moved.push(format!(
                        "{}: {} is now {}",
                        place_name(at),
                        describe(&finding, ""),
                        describe(&now, "")
                    ));
                }
                None => {
                    let fixed = format!("{}: {}", place_name(at), describe(&finding, ""));
                    changes.fixed.push(fixed);
                }
            }
        }
        let why = reasons.get(at).map_or("", String::as_str);
        let new = is
            .iter()
            .map(|finding| format!("{}: {}", place_name(at), describe(finding, why)));
        changes.new.extend(new);
    }
    ledgers(before, after, &mut changes);
    changes
}

fn ledgers(before: &Report, after: &Report, changes: &mut Changes) {
    let all = |report: &Report| -> BTreeSet<String> {
        let failures = report.ledger_failures.iter();
        failures
            .map(|failure| format!("{}: {}", failure.file, failure.message))
            .collect()
    };
    let (old, new) = (all(before), all(after));
    changes.new.extend(new.difference(&old).cloned());
    changes.fixed.extend(old.difference(&new).cloned());
    changes.unchanged += old.intersection(&new).count();
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

fn place_name((surface, transport, implementation, case): &Place) -> String {
    format!("{surface}/{case} ({transport}), {implementation}")
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
