//! The page's tables: grid, ledgers, pins, normalisers, skipped cases.

use std::collections::{BTreeMap, HashMap};

use lakehouse_rig::text::{Prose, prose, visible};

use crate::outcome::SurfaceCoverage;
use crate::outcome::{
    CaseVerdict, LedgerFailure, NormaliserOutcome, PinOutcome, Run, RunVerdict, SurfaceResult,
};
use crate::report::grid::{Row, counts};

/// Skipped cases listed for a reason.
const MAX_SKIPPED: usize = 12;

/// Hits listed for a normaliser.
const MAX_HITS: usize = 60;

pub(super) struct RowView {
    pub(super) surface: String,
    pub(super) transport: String,
    pub(super) cells: Vec<CellView>,
}

/// A cell of the grid. `class` is empty where the implementation does not have the surface.
pub(super) struct CellView {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) agreed: String,
    pub(super) counts: String,
    pub(super) link: String,
}

impl RowView {
    pub(super) fn new(row: &Row<'_>, anchors: &HashMap<(String, String), String>) -> RowView {
        RowView {
            surface: row.surface.to_owned(),
            transport: row.transport.to_string(),
            cells: row
                .cells
                .iter()
                .map(|result| CellView::new(*result, anchors))
                .collect(),
        }
    }
}

impl CellView {
    fn new(
        result: Option<&SurfaceResult>,
        anchors: &HashMap<(String, String), String>,
    ) -> CellView {
        let Some(result) = result else {
            return CellView {
                class: "",
                mark: "",
                agreed: String::new(),
                counts: String::new(),
                link: String::new(),
            };
        };
        let (class, mark) = match result.verdict() {
            RunVerdict::Pass => ("pass", "✓"),
            RunVerdict::Fail => ("fail", "✗"),
            RunVerdict::Inconclusive => ("inconclusive", "?"),
        };
        let link = match result.verdict() {
            RunVerdict::Pass if result.known > 0 => "accepted".to_owned(),
            RunVerdict::Pass => String::new(),
            _ => anchors
                .get(&(result.surface.clone(), result.implementation.clone()))
                .cloned()
                .unwrap_or_default(),
        };
        CellView {
            class,
            mark,
            agreed: format!("{}/{}", result.matched + result.known, result.cases),
            counts: counts(result),
            link,
        }
    }
}

/// The coverage of a surface.
pub(super) struct CoverageView {
    pub(super) surface: String,
    pub(super) answers: usize,
    pub(super) compared: usize,
    /// Titles and their paths.
    pub(super) lists: Vec<(&'static str, Vec<String>)>,
}

impl CoverageView {
    pub(super) fn new(coverage: &SurfaceCoverage) -> CoverageView {
        let lists = [
            ("not reached", &coverage.unreached),
            ("always hidden", &coverage.hidden),
            ("always null", &coverage.null),
        ];
        CoverageView {
            surface: coverage.surface.clone(),
            answers: coverage.answers,
            compared: coverage.compared,
            lists: lists
                .into_iter()
                .filter(|(_, paths)| !paths.is_empty())
                .map(|(title, paths)| (title, paths.clone()))
                .collect(),
        }
    }
}

pub(super) struct LedgerView {
    pub(super) place: String,
    pub(super) message: Prose,
    pub(super) edit: String,
}

impl LedgerView {
    pub(super) fn new(failure: &LedgerFailure) -> LedgerView {
        LedgerView {
            place: format!("{}:{}", failure.file, failure.line),
            message: prose(&failure.message),
            edit: visible(&failure.edit).into_owned(),
        }
    }
}

pub(super) struct PinView {
    pub(super) surface: String,
    pub(super) pair: String,
    pub(super) transport: String,
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) left: String,
    pub(super) right: String,
    pub(super) cases: String,
    pub(super) reason: String,
    pub(super) decision: String,
    pub(super) expires: String,
    pub(super) occurred: String,
    pub(super) class: &'static str,
}

impl PinView {
    pub(super) fn new(pin: &PinOutcome) -> PinView {
        let (occurred, class) = if !pin.judged {
            ("not checked in this run".to_owned(), "quiet")
        } else if pin.matched == pin.count {
            (
                format!("occurred {} of {} times", pin.matched, pin.count),
                "",
            )
        } else {
            (
                format!("occurred {} of {} times", pin.matched, pin.count),
                "fail",
            )
        };
        PinView {
            surface: pin.surface.clone(),
            pair: format!("{} and {}", pin.pair[0], pin.pair[1]),
            transport: pin
                .transport
                .map(|transport| format!("({transport})"))
                .unwrap_or_default(),
            path: visible(&pin.path).into_owned(),
            kind: pin.kind.label(),
            left: visible(&pin.shapes[0]).into_owned(),
            right: visible(&pin.shapes[1]).into_owned(),
            cases: pin.cases.join(", "),
            reason: pin.reason.clone(),
            decision: pin.decision.clone(),
            expires: pin.expires.clone(),
            occurred,
            class,
        }
    }
}

pub(super) struct NormaliserView {
    pub(super) surface: String,
    pub(super) on: String,
    pub(super) path: String,
    pub(super) reason: String,
    pub(super) hits: usize,
    pub(super) needed: &'static str,
    pub(super) class: &'static str,
    pub(super) places: Vec<String>,
}

impl NormaliserView {
    pub(super) fn new(normaliser: &NormaliserOutcome) -> NormaliserView {
        let (needed, class) = match (normaliser.judged, normaliser.needed) {
            (_, true) => ("yes", ""),
            (true, false) => ("no", "fail"),
            (false, false) => ("not checked in this run", "quiet"),
        };
        let mut places: Vec<String> = normaliser
            .places
            .iter()
            .take(MAX_HITS)
            .map(|place| {
                visible(&format!(
                    "{} ({}), {}, {}: {}",
                    place.case, place.transport, place.implementation, place.path, place.hits
                ))
                .into_owned()
            })
            .collect();
        if normaliser.places.len() > MAX_HITS {
            places.push(format!(
                "and {} more in report.json",
                normaliser.places.len() - MAX_HITS
            ));
        }
        NormaliserView {
            surface: normaliser.surface.clone(),
            on: normaliser.on.clone(),
            path: visible(&normaliser.path).into_owned(),
            reason: normaliser.reason.clone(),
            hits: normaliser.hits,
            needed,
            class,
            places,
        }
    }
}

pub(super) struct SkippedView {
    pub(super) surface: String,
    pub(super) implementation: String,
    pub(super) reason: Prose,
    pub(super) cases: String,
}

/// Skipped cases by surface, implementation and reason.
pub(super) fn skipped(run: &Run) -> Vec<SkippedView> {
    let mut groups: BTreeMap<(&str, &str, String), Vec<String>> = BTreeMap::new();
    for case in &run.cases {
        if case.verdict == CaseVerdict::Skipped {
            groups
                .entry((&case.surface, &case.implementation, case.reasons.join("; ")))
                .or_default()
                .push(format!("{} ({})", case.case, case.transport));
        }
    }
    groups
        .into_iter()
        .map(|((surface, implementation, reason), cases)| {
            let mut named = cases
                .iter()
                .take(MAX_SKIPPED)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            if cases.len() > MAX_SKIPPED {
                named.push_str(&format!(" and {} more", cases.len() - MAX_SKIPPED));
            }
            SkippedView {
                surface: surface.to_owned(),
                implementation: implementation.to_owned(),
                reason: prose(&reason),
                cases: named,
            }
        })
        .collect()
}
