//! What the reports have in common: the load points, figures over all flows, what went wrong.

use crate::results::{
    Comparison, Flow, Gate, GateOutcome, Latencies, Measurement, Ratio, Results, Role, Verdict,
    Wrong,
};

use super::text::counted;

/// The labels of the load points, in the order they were measured.
pub(super) fn loads(results: &Results) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    for measurement in &results.measurements {
        if !labels.contains(&measurement.load.label.as_str()) {
            labels.push(&measurement.load.label);
        }
    }
    labels
}

/// The measurements under one load.
pub(super) fn under<'a>(results: &'a Results, load: &str) -> Vec<&'a Measurement> {
    results
        .measurements
        .iter()
        .filter(|measurement| measurement.load.label == load)
        .collect()
}

/// The names of the flows of several measurements, in order.
pub(super) fn flow_names<'a>(measurements: &[&'a Measurement]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for flow in measurements.iter().flat_map(|m| &m.flows) {
        if !names.contains(&flow.name.as_str()) {
            names.push(&flow.name);
        }
    }
    names
}

/// All flows of a measurement as one, named `all`.
pub(super) fn total(measurement: &Measurement) -> Flow {
    let mut latencies = Latencies::new();
    for flow in &measurement.flows {
        latencies.add(&flow.latencies);
    }
    Flow {
        name: "all".to_owned(),
        count: measurement.flows.iter().map(|flow| flow.count).sum(),
        failures: measurement.failures(),
        dropped: measurement.flows.iter().map(|flow| flow.dropped).sum(),
        rate: measurement.rate(),
        quantiles: latencies.quantiles(),
        wrong: Vec::new(),
        latencies,
    }
}

/// The most resident memory of the server, in bytes: of its processes added up, where it has
/// several.
pub(super) fn server_memory(measurement: &Measurement) -> Option<u64> {
    measurement
        .processes
        .iter()
        .filter(|process| process.role == Role::Server)
        .map(|process| process.max_rss_bytes)
        .reduce(|sum, bytes| sum + bytes)
}

/// Something that was answered wrong, and where.
pub(super) struct Fault<'a> {
    pub(super) measurement: &'a Measurement,
    pub(super) flow: &'a Flow,
    pub(super) wrong: &'a Wrong,
}

/// Everything that was answered wrong.
pub(super) fn faults(results: &Results) -> Vec<Fault<'_>> {
    let mut faults = Vec::new();
    for measurement in &results.measurements {
        for flow in &measurement.flows {
            faults.extend(flow.wrong.iter().map(|wrong| Fault {
                measurement,
                flow,
                wrong,
            }));
        }
    }
    faults
}

/// The gates, those that did not hold first.
pub(super) fn gates(results: &Results) -> Vec<&Gate> {
    let mut gates: Vec<&Gate> = results.gates.iter().collect();
    gates.sort_by_key(|gate| match gate.outcome {
        GateOutcome::Failed => 0,
        GateOutcome::Inconclusive => 1,
        GateOutcome::Held => 2,
    });
    gates
}

/// A [`Comparison`] as a table: a row per flow, a column per figure.
pub(super) struct RatioTable<'a> {
    pub(super) figures: Vec<&'a str>,
    pub(super) rows: Vec<(&'a str, Vec<Option<&'a Ratio>>)>,
}

impl<'a> RatioTable<'a> {
    pub(super) fn of(comparison: &'a Comparison) -> Self {
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
        // All together first; the order of the others stays.
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

/// What a figure of a [`Ratio`] is called.
pub(super) fn figure_name(figure: &str) -> &str {
    match figure {
        "server_cpu_per_flow" => "server CPU per flow",
        other => other,
    }
}

/// Whether a ratio says better or worse with certainty, or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tendency {
    Better,
    Worse,
    Open,
}

impl Tendency {
    /// Of a rate more is better, of a time or a cost less.
    pub(super) fn of(ratio: &Ratio) -> Self {
        let more_is_better = ratio.figure == "rate";
        match (ratio.low > 1.0, ratio.high < 1.0) {
            (true, _) if more_is_better => Self::Better,
            (_, true) if !more_is_better => Self::Better,
            (false, false) => Self::Open,
            (true, _) | (_, true) => Self::Worse,
        }
    }
}

/// The verdict in a sentence.
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
        parts.push(format!("{} did not hold", counted(failed, "gate")));
    }
    let open = of(GateOutcome::Inconclusive);
    if open > 0 {
        parts.push(format!("{} cannot be told", counted(open, "gate")));
    }
    match results.verdict {
        Verdict::Pass if results.gates.is_empty() => "Nothing was asked to hold.".to_owned(),
        Verdict::Pass if parts.is_empty() => {
            "Every answer was right and every gate held.".to_owned()
        }
        Verdict::Inconclusive if parts.is_empty() => {
            "No gate failed as far as it could be told, but not everything could be.".to_owned()
        }
        Verdict::Fail if parts.is_empty() => "The run failed.".to_owned(),
        _ => format!("{}.", parts.join(", ")),
    }
}
