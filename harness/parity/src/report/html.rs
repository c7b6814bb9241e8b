//! `report.html`: one self-contained page for a browser of any width.
//!
//! Verdict, grid, then the failures: differences grouped by path and kind, with the first example
//! of a group in full and the others folded. Accepted differences and normalisers come last.

mod failure;
mod mutation;
mod tables;

use std::collections::HashMap;
use std::io;

use askama::Template;
use lakehouse_rig::text::{Prose, counted, duration, prose, side_by_side, visible};

use self::failure::{Detail, FailureView};
use self::mutation::MutationView;
use self::tables::{CoverageView, LedgerView, NormaliserView, PinView, RowView, SkippedView};
use super::grid::{day, description, grid};
use super::group::{self, DifferenceGroup, Example};
use super::sentence::sentence;
use crate::outcome::{CaseOutcome, CaseVerdict, Run};

/// Characters of a value in the one-line form of an example.
const MAX_ROW_VALUE: usize = 120;

/// Renders the page.
pub(super) fn render(run: &Run) -> io::Result<String> {
    Page::new(run).render().map_err(io::Error::other)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    verdict: String,
    sentence: String,
    facts: Vec<(&'static str, String)>,
    totals: Vec<(&'static str, usize)>,
    columns: Vec<(String, String)>,
    rows: Vec<RowView>,
    infrastructure: Vec<String>,
    inconclusive: Vec<Prose>,
    notices: Vec<Prose>,
    ledger: Vec<LedgerView>,
    groups: Vec<GroupView>,
    invalid: Vec<InvalidView>,
    mutation: Option<MutationView>,
    skipped: Vec<SkippedView>,
    pins: Vec<PinView>,
    normalisers: Vec<NormaliserView>,
    coverage: Vec<CoverageView>,
}

/// Paths that a group lists besides its first.
const MAX_ALSO: usize = 24;

/// A group of differences. `others` are folded.
struct GroupView {
    anchor: String,
    surface: String,
    implementation: String,
    path: String,
    kind: String,
    /// The other paths with their kinds.
    also: Vec<(String, String)>,
    and_more: String,
    also_rest: String,
    count: String,
    first: Vec<ExampleView>,
    others: Vec<ExampleView>,
    others_count: String,
}

/// One case of a group: a line, and either the failure in full or a link to it.
struct ExampleView {
    case: String,
    transport: String,
    left: String,
    right: String,
    failure: Option<FailureView>,
    elsewhere: String,
}

/// Cases that could not be compared for one reason.
struct InvalidView {
    anchor: String,
    surface: String,
    implementation: String,
    reason: Prose,
    count: String,
    first: Vec<FailureView>,
    others: Vec<FailureView>,
    others_count: String,
}

impl Page {
    fn new(run: &Run) -> Page {
        let groups = groups(run);
        let invalid = invalid(run);
        let mut anchors: HashMap<(String, String), String> = HashMap::new();
        let links = groups
            .iter()
            .map(|group| (&group.surface, &group.implementation, &group.anchor))
            .chain(
                invalid
                    .iter()
                    .map(|group| (&group.surface, &group.implementation, &group.anchor)),
            );
        for (surface, implementation, anchor) in links {
            anchors
                .entry((surface.clone(), implementation.clone()))
                .or_insert_with(|| anchor.clone());
        }
        let grid = grid(run);
        Page {
            verdict: run.verdict.to_string(),
            sentence: sentence(run),
            facts: facts(run),
            totals: totals(run),
            columns: grid
                .columns
                .iter()
                .map(|column| (column.name.clone(), description(column)))
                .collect(),
            rows: grid
                .rows
                .iter()
                .map(|row| RowView::new(row, &anchors))
                .collect(),
            infrastructure: run
                .infrastructure
                .iter()
                .map(|message| visible(message).into_owned())
                .collect(),
            inconclusive: run.inconclusive.iter().map(|m| prose(m)).collect(),
            notices: run.notices.iter().map(|m| prose(m)).collect(),
            ledger: run.ledger_failures.iter().map(LedgerView::new).collect(),
            groups,
            invalid,
            mutation: run.mutation.as_ref().map(MutationView::new),
            skipped: tables::skipped(run),
            pins: run.divergences.iter().map(PinView::new).collect(),
            normalisers: run.normalisers.iter().map(NormaliserView::new).collect(),
            coverage: run.coverage.iter().map(CoverageView::new).collect(),
        }
    }
}

fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("reference", run.reference.clone()),
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

fn totals(run: &Run) -> Vec<(&'static str, usize)> {
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
    .collect()
}

fn count(run: &Run, verdict: CaseVerdict) -> usize {
    run.cases.iter().filter(|c| c.verdict == verdict).count()
}

fn groups(run: &Run) -> Vec<GroupView> {
    // A case of several groups is shown in full in the first one; the others link to it.
    let mut shown: HashMap<*const CaseOutcome, String> = HashMap::new();
    group::differences(run)
        .into_iter()
        .enumerate()
        .map(|(index, group)| group_view(index + 1, group, &mut shown))
        .collect()
}

fn group_view(
    number: usize,
    mut group: DifferenceGroup<'_>,
    shown: &mut HashMap<*const CaseOutcome, String>,
) -> GroupView {
    let count = format!(
        "{} in {}",
        counted(group.differences(), "difference"),
        counted(group.examples.len(), "case")
    );
    if let Some(new) = group
        .examples
        .iter()
        .position(|example| !shown.contains_key(&std::ptr::from_ref(example.case)))
    {
        let example = group.examples.remove(new);
        group.examples.insert(0, example);
    }
    let mut views = group.examples.iter().enumerate().map(|(index, example)| {
        let anchor = format!("d{number}-{}", index + 1);
        example_view(example, anchor, Detail::of_example(index), shown)
    });
    let first: Vec<ExampleView> = views.by_ref().take(1).collect();
    let others: Vec<ExampleView> = views.collect();
    GroupView {
        anchor: format!("d{number}"),
        surface: group.surface.to_owned(),
        implementation: group.implementation.to_owned(),
        path: visible(&group.path).into_owned(),
        kind: group.kind.label().to_owned(),
        also: group
            .also
            .iter()
            .take(MAX_ALSO)
            .map(|(path, kind)| (visible(path).into_owned(), kind.label().to_owned()))
            .collect(),
        and_more: group.and_more(),
        also_rest: match group.also.len().saturating_sub(MAX_ALSO) {
            0 => String::new(),
            rest => format!("and {rest} more"),
        },
        count,
        others_count: counted(others.len(), "more case"),
        first,
        others,
    }
}

fn example_view(
    example: &Example<'_>,
    anchor: String,
    detail: Detail,
    shown: &mut HashMap<*const CaseOutcome, String>,
) -> ExampleView {
    let (left, right) = example
        .differences
        .first()
        .map(|judged| {
            let difference = &judged.difference;
            side_by_side(&difference.left.text, &difference.right.text, MAX_ROW_VALUE)
        })
        .unwrap_or_default();
    let key = std::ptr::from_ref(example.case);
    let elsewhere = shown.get(&key).cloned().unwrap_or_default();
    let failure = elsewhere.is_empty().then(|| {
        shown.insert(key, anchor.clone());
        FailureView::new(example.case, anchor, detail)
    });
    ExampleView {
        case: example.case.case.clone(),
        transport: example.case.transport.to_string(),
        left,
        right,
        failure,
        elsewhere,
    }
}

fn invalid(run: &Run) -> Vec<InvalidView> {
    group::invalid(run)
        .into_iter()
        .enumerate()
        .map(|(index, group)| {
            let number = index + 1;
            let mut views = group.cases.iter().enumerate().map(|(index, case)| {
                let anchor = format!("i{number}-{}", index + 1);
                FailureView::new(case, anchor, Detail::of_example(index))
            });
            let first: Vec<FailureView> = views.by_ref().take(1).collect();
            let others: Vec<FailureView> = views.collect();
            InvalidView {
                anchor: format!("i{number}"),
                surface: group.surface.to_owned(),
                implementation: group.implementation.to_owned(),
                reason: prose(group.reason),
                count: counted(group.cases.len(), "case"),
                others_count: counted(others.len(), "more case"),
                first,
                others,
            }
        })
        .collect()
}
