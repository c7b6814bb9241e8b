//! `report.html`: one page without anything from elsewhere, for a browser of any width.
//!
//! Verdict and what was wrong, the figures over all, who is faster by how much, gates; then each
//! load with its flows, distributions, rates and processes; last memory, pace and earlier runs.

mod axis;
mod charts;
mod plot;
mod tables;

use askama::Template;

use self::charts::Figure;
use self::tables::{ComparisonView, Group, HistoryView, Who};
use super::grid::{faults, gates, loads, sentence};
use super::history::Past;
use super::text::{
    counted, duration, megabytes, moment, outcome, shard, thousands, verdict, visible,
};
use crate::results::{Gate, GateOutcome, Implementation, Results};

/// The page; `runs` are those of the history, oldest first.
pub(super) fn render(results: &Results, runs: &[Past]) -> anyhow::Result<String> {
    Ok(Page::of(results, runs).render()?)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    tier: String,
    verdict: &'static str,
    sentence: String,
    totals: Vec<(&'static str, String)>,
    facts: Vec<(&'static str, String)>,
    interrupted: bool,
    inconclusive: Vec<String>,
    legend: Vec<Who>,
    implementations: Vec<(Who, Vec<String>)>,
    overview: Vec<Group>,
    comparisons: Vec<ComparisonView>,
    gates: Vec<GateView>,
    faults: Vec<FaultView>,
    sweep: Vec<Figure>,
    loads: Vec<LoadView>,
    memory: Option<Figure>,
    pace: Option<Figure>,
    history: HistoryView,
}

/// A gate.
struct GateView {
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    name: String,
    subject: String,
    limit: String,
    found: String,
}

/// One kind of wrong answer.
struct FaultView {
    place: String,
    kind: String,
    times: String,
    example: String,
}

/// Everything under one load.
struct LoadView {
    label: String,
    flows: Vec<Group>,
    latencies: Vec<Figure>,
    rate: Option<Figure>,
    processes: Vec<(Who, String, &'static str, Vec<String>)>,
    slices: Vec<(Who, Vec<String>)>,
}

impl Page {
    fn of(results: &Results, runs: &[Past]) -> Self {
        let loads = loads(results).into_iter();
        let loads = loads.map(|load| LoadView::of(results, load)).collect();
        Self {
            tier: results.tier.clone(),
            verdict: verdict(results.verdict),
            sentence: sentence(results),
            totals: totals(results),
            facts: facts(results),
            interrupted: results.interrupted,
            inconclusive: results
                .inconclusive
                .iter()
                .map(|m| visible(m).into_owned())
                .collect(),
            legend: Who::all(results),
            implementations: Who::all(results)
                .into_iter()
                .zip(results.implementations.iter().map(implementation_cells))
                .collect(),
            overview: tables::overview(results),
            comparisons: results.comparisons.iter().map(ComparisonView::of).collect(),
            gates: gates(results).into_iter().map(GateView::of).collect(),
            faults: fault_views(results),
            sweep: charts::sweep(results),
            loads,
            memory: charts::memory(results),
            pace: charts::pace(results),
            history: HistoryView::of(results, runs),
        }
    }
}

impl LoadView {
    fn of(results: &Results, load: &str) -> Self {
        Self {
            label: load.to_owned(),
            flows: tables::flows(results, load),
            latencies: charts::latencies(results, load),
            rate: charts::rate(results, load),
            processes: tables::processes(results, load),
            slices: tables::slices(results, load),
        }
    }
}

impl GateView {
    fn of(gate: &Gate) -> Self {
        let (class, mark) = match gate.outcome {
            GateOutcome::Held => ("pass", "✓"),
            GateOutcome::Failed => ("fail", "✗"),
            GateOutcome::Inconclusive => ("inconclusive", "?"),
        };
        Self {
            class,
            mark,
            word: outcome(gate.outcome),
            name: gate.name.clone(),
            subject: gate.subject.clone(),
            limit: gate.limit.clone(),
            found: gate.found.clone(),
        }
    }
}

fn fault_views(results: &Results) -> Vec<FaultView> {
    let view = |fault: &super::grid::Fault<'_>| FaultView {
        place: format!(
            "{}, {}, {}",
            fault.measurement.implementation, fault.measurement.load.label, fault.flow.name
        ),
        kind: fault.wrong.kind.clone(),
        times: format!("{} of {}", thousands(fault.wrong.count), {
            thousands(fault.flow.count + fault.flow.failures)
        }),
        example: visible(&fault.wrong.example).into_owned(),
    };
    faults(results).iter().map(view).collect()
}

fn totals(results: &Results) -> Vec<(&'static str, String)> {
    let of = |outcome| {
        results
            .gates
            .iter()
            .filter(|g| g.outcome == outcome)
            .count()
    };
    let wrong: u64 = results.measurements.iter().map(|m| m.failures()).sum();
    let mut totals = vec![
        ("fail", of(GateOutcome::Failed), "gate", "failed"),
        (
            "inconclusive",
            of(GateOutcome::Inconclusive),
            "gate",
            "inconclusive",
        ),
        ("pass", of(GateOutcome::Held), "gate", "held"),
    ];
    totals.retain(|(_, count, _, _)| *count > 0);
    let mut totals: Vec<(&str, String)> = totals
        .into_iter()
        .map(|(class, count, noun, word)| (class, format!("{} {word}", counted(count, noun))))
        .collect();
    if wrong > 0 {
        let wrong = counted(usize::try_from(wrong).unwrap_or(usize::MAX), "wrong answer");
        totals.insert(0, ("fail", wrong));
    }
    totals
}

fn facts(results: &Results) -> Vec<(&'static str, String)> {
    let machine = &results.machine;
    let mut facts = vec![
        ("began", moment(results.started_at)),
        ("took", duration(results.duration_ms)),
        ("seed", results.seed.to_string()),
    ];
    if let Some(commit) = &results.commit {
        facts.push(("commit", commit.clone()));
    }
    if let Some(part) = results.shard {
        facts.push(("shard", shard(part)));
    }
    if let Some(workers) = results.workers {
        facts.push(("workers", thousands(workers)));
    }
    facts.push((
        "processor",
        format!("{} × {}", machine.cpus, machine.processor),
    ));
    facts.push(("memory", megabytes(machine.memory_bytes)));
    facts.push(("kernel", machine.kernel.clone()));
    facts
}

fn implementation_cells(implementation: &Implementation) -> Vec<String> {
    let took = |time: Option<u64>| time.map_or("–".to_owned(), duration);
    vec![
        implementation.language.clone(),
        implementation.version.clone(),
        took(implementation.started_in_ms),
        took(implementation.filled_in_ms),
    ]
}
