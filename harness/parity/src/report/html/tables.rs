//! The page's tables: grid, ledgers, pins, normalisers, coverage, skipped cases.

use std::collections::{BTreeMap, HashMap};

use lakehouse_rig::text::{Prose, counted, prose, thousands, visible};

use super::lists::{ListView, Lists};
use crate::config::pin::Count;
use crate::outcome::{
    CaseVerdict, LedgerFailure, NormaliserOutcome, PinOutcome, Run, RunVerdict, SurfaceCoverage,
    SurfaceResult,
};
use crate::report::grid::{Row, counts};
use crate::report::rules;

/// Skipped cases listed for a reason.
const MAX_SKIPPED: usize = 12;

pub(super) struct RowView {
    pub(super) surface: String,
    pub(super) transport: String,
    pub(super) cells: Vec<CellView>,
}

/// A cell of the grid. `class` is empty where the implementation does not have the surface.
pub(super) struct CellView {
    pub(super) implementation: String,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) agreed: String,
    pub(super) counts: String,
    pub(super) link: String,
}

impl RowView {
    /// `links` has the first failure of each surface, transport and implementation.
    pub(super) fn new(
        row: &Row<'_>,
        columns: &[(String, String)],
        links: &HashMap<[String; 3], String>,
    ) -> RowView {
        RowView {
            surface: visible(row.surface).into_owned(),
            transport: row.transport.to_string(),
            cells: row
                .cells
                .iter()
                .zip(columns)
                .map(|(result, column)| CellView::new(*result, &column.0, links))
                .collect(),
        }
    }
}

impl CellView {
    fn new(
        result: Option<&SurfaceResult>,
        implementation: &str,
        links: &HashMap<[String; 3], String>,
    ) -> CellView {
        let Some(result) = result else {
            return CellView {
                implementation: implementation.to_owned(),
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
            _ => links
                .get(&[
                    result.surface.clone(),
                    result.transport.to_string(),
                    result.implementation.clone(),
                ])
                .cloned()
                .unwrap_or_default(),
        };
        CellView {
            implementation: implementation.to_owned(),
            class,
            mark,
            agreed: format!(
                "{}/{}",
                thousands((result.matched + result.known) as u64),
                thousands(result.cases as u64)
            ),
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
    pub(super) lists: Vec<ListView>,
}

impl CoverageView {
    pub(super) fn new(coverage: &SurfaceCoverage, lists: &mut Lists) -> CoverageView {
        let paths = [
            ("not reached", &coverage.unreached),
            ("always hidden", &coverage.hidden),
            ("always null", &coverage.null),
        ];
        CoverageView {
            surface: visible(&coverage.surface).into_owned(),
            answers: coverage.answers,
            compared: coverage.compared,
            lists: paths
                .into_iter()
                .filter(|(_, paths)| !paths.is_empty())
                .map(|(title, paths)| lists.add(format!("{} {title}", paths.len()), paths))
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
    pub(super) implementation: String,
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
    pub(super) matched: usize,
    pub(super) occurred: String,
    pub(super) class: &'static str,
}

impl PinView {
    pub(super) fn new(pin: &PinOutcome) -> PinView {
        let expected = (pin.count.min()..=pin.count.max()).contains(&pin.matched);
        let occurred = match (pin.judged, pin.count) {
            (false, _) => "not checked in this run".to_owned(),
            (true, Count::Exactly(count)) => format!("occurred {} of {count} times", pin.matched),
            (true, _) => rules::accepted(pin),
        };
        let class = match (pin.judged, expected) {
            (false, _) => "quiet",
            (true, true) => "",
            (true, false) => "fail",
        };
        PinView {
            surface: visible(&pin.surface).into_owned(),
            implementation: visible(&pin.pair[1]).into_owned(),
            pair: visible(&format!("{} and {}", pin.pair[0], pin.pair[1])).into_owned(),
            transport: pin
                .transport
                .map(|transport| format!("({transport})"))
                .unwrap_or_default(),
            path: visible(&pin.path).into_owned(),
            kind: pin.kind.label(),
            left: visible(&pin.shapes[0]).into_owned(),
            right: visible(&pin.shapes[1]).into_owned(),
            cases: visible(&pin.cases.join(", ")).into_owned(),
            reason: visible(&pin.reason).into_owned(),
            decision: visible(&pin.decision).into_owned(),
            expires: pin.expires.clone(),
            matched: pin.matched,
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
    pub(super) cases: Option<ListView>,
}

impl NormaliserView {
    pub(super) fn new(normaliser: &NormaliserOutcome, lists: &mut Lists) -> NormaliserView {
        let (needed, class) = match (normaliser.judged, normaliser.needed) {
            (_, true) => ("yes", ""),
            (true, false) => ("no", "fail"),
            (false, false) => ("not checked in this run", "quiet"),
        };
        let cases = by_case(normaliser);
        let title = format!("in {}", counted(cases.len(), "case"));
        NormaliserView {
            surface: visible(&normaliser.surface).into_owned(),
            on: normaliser.on.clone(),
            path: visible(&normaliser.path).into_owned(),
            reason: visible(&normaliser.reason).into_owned(),
            hits: normaliser.hits,
            needed,
            class,
            cases: (!cases.is_empty()).then(|| lists.add(title, &cases)),
        }
    }
}

/// `hostile (http): go 4 at body:$.at, js 2 at body:$.at`: one line for each case.
fn by_case(normaliser: &NormaliserOutcome) -> Vec<String> {
    let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in &normaliser.places {
        cases
            .entry(format!("{} ({})", place.case, place.transport))
            .or_default()
            .push(format!(
                "{} {} at {}",
                place.implementation, place.hits, place.path
            ));
    }
    cases
        .into_iter()
        .map(|(case, hits)| format!("{case}: {}", hits.join(", ")))
        .collect()
}

pub(super) struct SkippedView {
    pub(super) surface: String,
    pub(super) implementation: String,
    pub(super) reason: Prose,
    pub(super) count: usize,
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
                surface: visible(surface).into_owned(),
                implementation: visible(implementation).into_owned(),
                reason: prose(&reason),
                count: cases.len(),
                cases: visible(&named).into_owned(),
            }
        })
        .collect()
}
