//! `report.html`: a self-contained page for a browser window of any width.
//!
//! It has the verdict, wrong answers, gates, an overview and comparisons; then the flows, charts and
//! processes of each load; finally memory, the machine's speed and earlier runs.

mod axis;
mod charts;
mod plot;
mod tables;

use askama::Template;
use lakehouse_rig::text::{counted, duration, thousands, visible};

use self::charts::Figure;
use self::tables::{ComparisonView, Group, HistoryView, Label};
use super::history::HistoryEntry;
use super::summary::{gates, loads, origins, sentence, wrong_answers};
use super::text::{megabytes, moment, outcome, shard, verdict};
use crate::results::{Gate, GateOutcome, Implementation, Results};

/// Renders the page; `runs` is the history, oldest first.
pub(super) fn render(results: &Results, runs: &[HistoryEntry]) -> anyhow::Result<String> {
    Ok(Page::new(results, runs).render()?)
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
    legend: Vec<Label>,
    implementations: Vec<(Label, Vec<String>)>,
    overview: Vec<Group>,
    comparisons: Vec<ComparisonView>,
    gates: Vec<GateView>,
    held: String,
    held_gates: Vec<GateView>,
    wrong_answers: Vec<WrongAnswerView>,
    sweep: Vec<Figure>,
    loads: Vec<LoadView>,
    memory: Option<Figure>,
    machine_speed: Option<Figure>,
    history: HistoryView,
}

struct GateView {
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    name: String,
    subject: String,
    expected: String,
    actual: String,
}

struct WrongAnswerView {
    place: String,
    kind: String,
    times: String,
    example: String,
}

struct LoadView {
    label: String,
    flows: Vec<Group>,
    routes: Vec<Group>,
    latencies: Vec<Figure>,
    over_time: Vec<Figure>,
    processes: Vec<(Label, String, &'static str, Vec<String>)>,
    slices: Vec<(Label, Vec<String>)>,
}

impl Page {
    fn new(results: &Results, runs: &[HistoryEntry]) -> Self {
        let loads = loads(results).into_iter();
        let loads = loads.map(|load| LoadView::new(results, load)).collect();
        let (held_gates, gates): (Vec<&Gate>, Vec<&Gate>) = gates(results)
            .into_iter()
            .partition(|gate| gate.outcome == GateOutcome::Held);
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
            legend: Label::all(results),
            implementations: Label::all(results)
                .into_iter()
                .zip(results.implementations.iter().map(implementation_cells))
                .collect(),
            overview: tables::overview(results),
            comparisons: results
                .comparisons
                .iter()
                .map(ComparisonView::new)
                .collect(),
            gates: gates.into_iter().map(GateView::new).collect(),
            held: counted(held_gates.len(), "gate"),
            held_gates: held_gates.into_iter().map(GateView::new).collect(),
            wrong_answers: wrong_answer_views(results),
            sweep: charts::sweep(results),
            loads,
            memory: charts::memory(results),
            machine_speed: charts::machine_speed(results),
            history: HistoryView::new(results, runs),
        }
    }
}

impl LoadView {
    fn new(results: &Results, load: &str) -> Self {
        Self {
            label: load.to_owned(),
            flows: tables::flows(results, load, |measurement| &measurement.flows),
            routes: tables::flows(results, load, |measurement| &measurement.routes),
            latencies: charts::latencies(results, load),
            over_time: charts::over_time(results, load),
            processes: tables::processes(results, load),
            slices: tables::slices(results, load),
        }
    }
}

impl GateView {
    fn new(gate: &Gate) -> Self {
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
            expected: gate.limit.clone(),
            actual: gate.found.clone(),
        }
    }
}

fn wrong_answer_views(results: &Results) -> Vec<WrongAnswerView> {
    let view = |answer: &super::summary::WrongAnswer<'_>| WrongAnswerView {
        place: format!(
            "{}, {}, {}",
            answer.measurement.implementation, answer.measurement.load.label, answer.flow.name
        ),
        kind: answer.wrong.kind.clone(),
        times: format!("{} of {}", thousands(answer.wrong.count), {
            thousands(answer.flow.count + answer.flow.failures)
        }),
        example: visible(&answer.wrong.example).into_owned(),
    };
    wrong_answers(results).iter().map(view).collect()
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
        ("started", moment(results.started_at)),
        ("took", duration(results.duration_ms)),
        ("seed", results.seed.to_string()),
    ];
    if let Some(commit) = &results.commit {
        facts.push(("commit", commit.clone()));
    }
    facts.extend(origins(results).map(|origin| ("measured", origin)));
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
        implementation.origin.to_string(),
        took(implementation.started_in_ms),
        took(implementation.filled_in_ms),
    ]
}
