//! Budgets that one measurement alone is held against.

use super::budgets::{Budget, Growing, Limit};
use super::{HingesOn, Judged, outcome, subject};
use crate::results::{Flow, Gate, GateOutcome, Measurement, Process, Role, Sample};

/// Fewer samples have no quarters worth the name.
const FEWEST_SAMPLES: usize = 8;

pub(super) fn judge(measurement: &Measurement, budget: &Budget) -> Vec<Judged> {
    match budget.limit {
        Limit::TailAtMost(limit) => each_flow(measurement, budget, |flow| Found {
            limit: format!("p99 at most {limit} × p50"),
            found: format!(
                "{:.2} × ({} by {} ms)",
                flow.quantiles.p99_ms / flow.quantiles.p50_ms,
                flow.quantiles.p99_ms,
                flow.quantiles.p50_ms
            ),
            // Multiplied, so that a limit that is met exactly is not missed by rounding.
            holds: flow.quantiles.p99_ms <= limit * flow.quantiles.p50_ms,
        }),
        Limit::P99AtMost(limit) => each_flow(measurement, budget, |flow| Found {
            limit: format!("p99 at most {limit} ms"),
            found: format!("{} ms", flow.quantiles.p99_ms),
            holds: flow.quantiles.p99_ms <= limit,
        }),
        Limit::MemoryAtMost(limit) => vec![memory(measurement, budget, limit)],
        Limit::GrowthAtMost(growing, limit) => servers(measurement)
            .map(|process| growth(measurement, budget, process, growing, limit))
            .collect(),
        Limit::Ratio { .. } => Vec::new(),
    }
}

struct Found {
    limit: String,
    found: String,
    holds: bool,
}

/// A flow that was never done right has no times; that it was not is another gate's matter.
fn each_flow(
    measurement: &Measurement,
    budget: &Budget,
    look: impl Fn(&Flow) -> Found,
) -> Vec<Judged> {
    let flows = measurement.flows.iter().filter(|flow| flow.count > 0);
    flows
        .map(|flow| {
            let Found {
                limit,
                found,
                holds,
            } = look(flow);
            Judged {
                gate: Gate {
                    name: budget.name.clone(),
                    subject: subject(measurement, Some(&flow.name)),
                    limit,
                    found,
                    outcome: outcome(holds),
                },
                hinges_on: HingesOn::Speed,
            }
        })
        .collect()
}

fn servers(measurement: &Measurement) -> impl Iterator<Item = &Process> {
    let processes = measurement.processes.iter();
    processes.filter(|process| process.role == Role::Server)
}

/// Of all processes of the server together, each at its most.
fn memory(measurement: &Measurement, budget: &Budget, limit: f64) -> Judged {
    let bytes: u64 = servers(measurement)
        .map(|process| process.max_rss_bytes)
        .sum();
    let megabytes = bytes as f64 / 1e6;
    let (found, outcome) = if bytes == 0 {
        let found = "no process of the server was looked at".to_owned();
        (found, GateOutcome::Inconclusive)
    } else {
        (format!("{megabytes:.1} MB"), outcome(megabytes <= limit))
    };
    Judged {
        gate: Gate {
            name: budget.name.clone(),
            subject: subject(measurement, None),
            limit: format!("at most {limit} MB resident"),
            found,
            outcome,
        },
        hinges_on: HingesOn::Nothing,
    }
}

fn growth(
    measurement: &Measurement,
    budget: &Budget,
    process: &Process,
    growing: Growing,
    limit: f64,
) -> Judged {
    let figure = |sample: &Sample| match growing {
        Growing::Memory => sample.rss_bytes,
        Growing::Descriptors => sample.descriptors,
    };
    let figures: Vec<u64> = process.samples.iter().map(figure).collect();
    let (found, outcome) = if figures.len() < FEWEST_SAMPLES {
        let found = format!(
            "{} samples, at least {FEWEST_SAMPLES} are needed",
            figures.len()
        );
        (found, GateOutcome::Inconclusive)
    } else {
        let quarter = figures.len() / 4;
        let before = median(&figures[quarter..2 * quarter]);
        let after = median(&figures[figures.len() - quarter..]);
        let found = format!("{:.3} × ({after} by {before})", after / before);
        (found, outcome(after <= limit * before))
    };
    let what = match growing {
        Growing::Memory => "resident memory",
        Growing::Descriptors => "open descriptors",
    };
    Judged {
        gate: Gate {
            name: budget.name.clone(),
            subject: subject(measurement, Some(&process.name)),
            limit: format!("{what} of the last quarter at most {limit} × that of the second"),
            found,
            outcome,
        },
        hinges_on: HingesOn::Nothing,
    }
}

fn median(figures: &[u64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_unstable();
    let last = figures.len() - 1;
    f64::midpoint(figures[last / 2] as f64, figures[last.div_ceil(2)] as f64)
}
