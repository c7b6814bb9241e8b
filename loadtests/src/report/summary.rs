//! Figures that several reports show: loads, sums over all flows, wrong answers, gates, ratios.

use lakehouse_rig::text::counted;

use crate::results::{
    Comparison, Flow, Gate, GateOutcome, Measurement, Origin, Ratio, Results, Role, Verdict, Wrong,
};

/// The labels of the loads, in order.
pub(super) fn loads(results: &Results) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    for measurement in &results.measurements {
        if !labels.contains(&measurement.load.label.as_str()) {
            labels.push(&measurement.load.label);
        }
    }
    labels
}

/// What was measured other than builds of the checkout, whose commit the run names.
pub(super) fn origins(results: &Results) -> impl Iterator<Item = String> {
    let implementations = results.implementations.iter();
    let others = implementations.filter(|one| one.origin != Origin::Checkout);
    others.map(|one| format!("{}: {}", one.name, one.origin))
}

/// The measurements of one load.
pub(super) fn of_load<'a>(results: &'a Results, load: &str) -> Vec<&'a Measurement> {
    results
        .measurements
        .iter()
        .filter(|measurement| measurement.load.label == load)
        .collect()
}

/// The distinct flows of several measurements, in order.
pub(super) fn flow_names<'a>(flows: impl IntoIterator<Item = &'a Flow>) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for flow in flows {
        if !names.contains(&flow.name.as_str()) {
            names.push(&flow.name);
        }
    }
    names
}

/// The sum of all flows of a measurement, named `all`.
pub(super) fn total(measurement: &Measurement) -> Flow {
    sum(&measurement.flows, measurement.seconds)
}

/// The sum of flows that were measured for `seconds`, named `all`.
pub(super) fn sum(flows: &[Flow], seconds: f64) -> Flow {
    let mut all = Flow::empty("all");
    for flow in flows {
        all.add(flow.failures, flow.dropped, &[], &flow.latencies);
    }
    all.summarise(seconds);
    all
}

/// Maximum resident memory of the server in bytes, summed over its processes.
pub(super) fn server_memory(measurement: &Measurement) -> Option<u64> {
    measurement
        .processes
        .iter()
        .filter(|process| process.role == Role::Server)
        .map(|process| process.max_rss_bytes)
        .reduce(|sum, bytes| sum + bytes)
}

/// A kind of wrong answer and its place.
pub(super) struct WrongAnswer<'a> {
    pub(super) measurement: &'a Measurement,
    pub(super) flow: &'a Flow,
    pub(super) wrong: &'a Wrong,
}

/// All kinds of wrong answers.
pub(super) fn wrong_answers(results: &Results) -> Vec<WrongAnswer<'_>> {
    let mut wrong_answers = Vec::new();
    for measurement in &results.measurements {
        for flow in &measurement.flows {
            wrong_answers.extend(flow.wrong.iter().map(|wrong| WrongAnswer {
                measurement,
                flow,
                wrong,
            }));
        }
    }
    wrong_answers
}

/// The gates: failed ones first, held ones last.
pub(super) fn gates(results: &Results) -> Vec<&Gate> {
    let mut gates: Vec<&Gate> = results.gates.iter().collect();
    gates.sort_by_key(|gate| match gate.outcome {
        GateOutcome::Failed => 0,
        GateOutcome::Inconclusive => 1,
        GateOutcome::Held => 2,
    });
    gates
}

/// A [`Comparison`] as a table with a row for each flow and a column for each figure.
pub(super) struct RatioTable<'a> {
    pub(super) figures: Vec<&'a str>,
    pub(super) rows: Vec<(&'a str, Vec<Option<&'a Ratio>>)>,
}

impl<'a> RatioTable<'a> {
    pub(super) fn new(comparison: &'a Comparison) -> Self {
        let mut figures: Vec<&str> = Vec::new();
        let mut flows: Vec<Option<&str>> = Vec::new();
        for ratio in &comparison.ratios {
            if !figures.contains(&ratio.figure.as_str()) {
                figures.push(&ratio.figure);
            }
            if !flows.contains(&ratio.flow.as_deref()) {
                flows.push(ratio.flow.as_deref());
            }
        }
        // All flows together come first; the sort keeps the order of the others.
        flows.sort_by_key(|flow| flow.is_some());
        let find = |flow: Option<&str>, figure: &str| {
            comparison
                .ratios
                .iter()
                .find(|ratio| ratio.flow.as_deref() == flow && ratio.figure == figure)
        };
        let rows = flows
            .iter()
            .map(|flow| {
                let cells = figures.iter().map(|figure| find(*flow, figure)).collect();
                (flow.unwrap_or("all"), cells)
            })
            .collect();
        Self { figures, rows }
    }
}

/// The name of a [`Ratio`]'s figure in reports.
pub(super) fn figure_name(figure: &str) -> &str {
    match figure {
        "server_cpu_per_flow" => "server CPU per flow",
        other => other,
    }
}

/// The direction of a ratio, if its interval excludes 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Better,
    Worse,
    Unclear,
}

impl Change {
    /// A higher rate is better, and a lower time or cost.
    pub(super) fn new(ratio: &Ratio) -> Self {
        let more_is_better = ratio.figure == "rate";
        match (ratio.low > 1.0, ratio.high < 1.0) {
            (true, _) if more_is_better => Self::Better,
            (_, true) if !more_is_better => Self::Better,
            (false, false) => Self::Unclear,
            (true, _) | (_, true) => Self::Worse,
        }
    }
}

/// A sentence that explains the verdict.
pub(super) fn sentence(results: &Results) -> String {
    let failures: u64 = results.measurements.iter().map(Measurement::failures).sum();
    let of = |outcome| {
        results
            .gates
            .iter()
            .filter(|g| g.outcome == outcome)
            .count()
    };
    let mut parts = Vec::new();
    if failures > 0 {
        parts.push(counted(
            usize::try_from(failures).unwrap_or(usize::MAX),
            "wrong answer",
        ));
    }
    let failed = of(GateOutcome::Failed);
    if failed > 0 {
        parts.push(format!("{} failed", counted(failed, "gate")));
    }
    let inconclusive = of(GateOutcome::Inconclusive);
    if inconclusive > 0 {
        parts.push(format!("{} inconclusive", counted(inconclusive, "gate")));
    }
    match results.verdict {
        Verdict::Pass if results.gates.is_empty() => "No gate was applied.".to_owned(),
        Verdict::Pass if parts.is_empty() => {
            "Every answer was correct and every gate held.".to_owned()
        }
        Verdict::Inconclusive if parts.is_empty() => {
            "No gate failed, but the run is inconclusive.".to_owned()
        }
        Verdict::Fail if parts.is_empty() => "The run failed.".to_owned(),
        _ => format!("{}.", parts.join(", ")),
    }
}
