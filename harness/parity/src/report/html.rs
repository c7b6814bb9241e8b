//! `report.html`: one self-contained page for a browser of any width.
//!
//! Verdict, grid, then the failures: differences grouped by path and kind, with the first example
//! of a group in full and the others folded. Accepted differences and normalisers come last.
//! The page's script filters and unfolds the failures; without it, the first groups are shown.

mod anchor;
mod data;
mod failure;
mod groups;
mod lists;
mod mutation;
mod strip;
mod tables;

use std::io;

use askama::Template;
use lakehouse_rig::text::{Prose, duration, prose, thousands, visible};

use self::data::Data;
use self::groups::StaticGroups;
use self::lists::Lists;
use self::mutation::MutationView;
use self::strip::ReplacementView;
use self::tables::{CoverageView, LedgerView, NormaliserView, PinView, RowView, SkippedView};
use super::grid::{day, description, grid};
use super::sentence::sentence;
use crate::outcome::{CaseVerdict, Run};

/// Groups that a browser without scripts shows of the differences, and of the cases that could
/// not be compared.
const MAX_STATIC: usize = 10;

/// Renders the page.
pub(super) fn render(run: &Run) -> io::Result<String> {
    Page::new(run)?.render().map_err(io::Error::other)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    verdict: String,
    sentence: String,
    replacements: Vec<ReplacementView>,
    /// The command that lists the grounds of a decision, or nothing.
    grounds: String,
    facts: Vec<(&'static str, String)>,
    totals: Vec<(&'static str, String)>,
    reference: String,
    columns: Vec<(String, String)>,
    rows: Vec<RowView>,
    infrastructure: Vec<String>,
    inconclusive: Vec<Prose>,
    notices: Vec<Prose>,
    ledger: Vec<LedgerView>,
    differences: StaticGroups,
    not_compared: StaticGroups,
    mutation: Option<MutationView>,
    skipped: Vec<SkippedView>,
    pins: Vec<PinView>,
    normalisers: Vec<NormaliserView>,
    coverage: Vec<CoverageView>,
    data: Data,
}

impl Page {
    fn new(run: &Run) -> io::Result<Page> {
        let groups = groups::all(run);
        let links = groups::first_failures(&groups);
        let grid = grid(run);
        let columns: Vec<(String, String)> = grid
            .columns
            .iter()
            .map(|column| (shown(&column.name), shown(&description(column))))
            .collect();
        let mut lists = Lists::default();
        let normalisers = run.normalisers.iter();
        let normalisers = normalisers.map(|n| NormaliserView::new(n, &mut lists));
        let normalisers = normalisers.collect();
        let coverage = run.coverage.iter();
        let coverage = coverage.map(|c| CoverageView::new(c, &mut lists)).collect();
        Ok(Page {
            verdict: run.verdict.to_string(),
            sentence: sentence(run),
            replacements: run.replacements.iter().map(ReplacementView::new).collect(),
            grounds: shown(&super::strip::command(run).unwrap_or_default()),
            facts: facts(run),
            totals: totals(run),
            reference: shown(&run.reference),
            rows: grid
                .rows
                .iter()
                .map(|row| RowView::new(row, &columns, &links))
                .collect(),
            columns,
            infrastructure: run
                .infrastructure
                .iter()
                .map(|message| shown(message))
                .collect(),
            inconclusive: run.inconclusive.iter().map(|m| prose(m)).collect(),
            notices: run.notices.iter().map(|m| prose(m)).collect(),
            ledger: run.ledger_failures.iter().map(LedgerView::new).collect(),
            differences: StaticGroups::new(&groups, CaseVerdict::Diverged, MAX_STATIC),
            not_compared: StaticGroups::new(&groups, CaseVerdict::Invalid, MAX_STATIC),
            mutation: run.mutation.as_ref().map(MutationView::new),
            skipped: tables::skipped(run),
            pins: run.divergences.iter().map(PinView::new).collect(),
            normalisers,
            coverage,
            data: Data::new(&shown(&run.reference), &groups, &lists.lists)?,
        })
    }
}

fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("reference", shown(&run.reference)),
        ("date", day(run.started_at)),
        ("duration", duration(run.duration_ms)),
        ("seed", run.seed.to_string()),
    ];
    if let Some(commit) = &run.commit {
        facts.push(("commit", commit.clone()));
    }
    if run.filtered {
        facts.push(("scope", "partial run".to_owned()));
    }
    facts
}

fn totals(run: &Run) -> Vec<(&'static str, String)> {
    [
        ("diverged", CaseVerdict::Diverged),
        ("invalid", CaseVerdict::Invalid),
        ("match", CaseVerdict::Match),
        ("known", CaseVerdict::Known),
        ("skipped", CaseVerdict::Skipped),
    ]
    .into_iter()
    .map(|(name, verdict)| (name, count(run, verdict)))
    .filter(|(_, count)| *count > 0)
    .map(|(name, count)| (name, thousands(count as u64)))
    .collect()
}

fn count(run: &Run, verdict: CaseVerdict) -> usize {
    run.cases.iter().filter(|c| c.verdict == verdict).count()
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}
