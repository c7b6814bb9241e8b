//! Budgets on the figures of a single measurement.

use super::budgets::{Budget, GrowthFigure, Limit};
use super::{Judgement, SensitiveTo, outcome, subject};
use crate::results::{Flow, Gate, GateOutcome, Measurement, Process, Role, Sample};
use crate::statistics::median;

/// Minimum number of samples to judge growth by quarters.
const MIN_SAMPLES: usize = 8;

pub(super) fn judge(measurement: &Measurement, budget: &Budget) -> Vec<Judgement> {
    match budget.limit {
        Limit::TailAtMost(limit) => each_flow(measurement, budget, |flow| Finding {
            limit: format!("p99 at most {limit} × p50"),
            found: format!(
                "{:.2} × ({} / {} ms)",
                flow.quantiles.p99_ms / flow.quantiles.p50_ms,
                flow.quantiles.p99_ms,
                flow.quantiles.p50_ms
            ),
            // A product, because the quotient could be rounded above a limit that is met exactly.
            held: flow.quantiles.p99_ms <= limit * flow.quantiles.p50_ms,
        }),
        Limit::P99AtMost(limit) => each_flow(measurement, budget, |flow| Finding {
            limit: format!("p99 at most {limit} ms"),
            found: format!("{} ms", flow.quantiles.p99_ms),
            held: flow.quantiles.p99_ms <= limit,
        }),
        Limit::MemoryAtMost(limit) => vec![memory(measurement, budget, limit)],
        Limit::GrowthAtMost(figure, limit) => servers(measurement)
            .map(|process| growth(measurement, budget, process, figure, limit))
            .collect(),
        Limit::Ratio { .. } => Vec::new(),
    }
}

struct Finding {
    limit: String,
    found: String,
    held: bool,
}

/// Judges every flow that was completed; another gate fails for the others.
fn each_flow(
    measurement: &Measurement,
    budget: &Budget,
    judge: impl Fn(&Flow) -> Finding,
) -> Vec<Judgement> {
    let flows = measurement.flows.iter().filter(|flow| flow.count > 0);
    flows
        .map(|flow| {
            let Finding { limit, found, held } = judge(flow);
            Judgement {
                gate: Gate {
                    name: budget.name.clone(),
                    subject: subject(measurement, Some(&flow.name)),
                    limit,
                    found,
                    outcome: outcome(held),
                },
                sensitive_to: SensitiveTo::EarlyEndOrDrift,
            }
        })
        .collect()
}

fn servers(measurement: &Measurement) -> impl Iterator<Item = &Process> {
    let processes = measurement.processes.iter();
    processes.filter(|process| process.role == Role::Server)
}

/// The sum of the maxima of all server processes.
fn memory(measurement: &Measurement, budget: &Budget, limit: f64) -> Judgement {
    let bytes: u64 = servers(measurement)
        .map(|process| process.max_rss_bytes)
        .sum();
    let megabytes = bytes as f64 / 1e6;
    let (found, outcome) = if bytes == 0 {
        let found = "no server process was sampled".to_owned();
        (found, GateOutcome::Inconclusive)
    } else {
        (format!("{megabytes:.1} MB"), outcome(megabytes <= limit))
    };
    Judgement {
        gate: Gate {
            name: budget.name.clone(),
            subject: subject(measurement, None),
            limit: format!("at most {limit} MB resident"),
            found,
            outcome,
        },
        sensitive_to: SensitiveTo::Nothing,
    }
}

fn growth(
    measurement: &Measurement,
    budget: &Budget,
    process: &Process,
    figure: GrowthFigure,
    limit: f64,
) -> Judgement {
    let (name, value): (_, fn(&Sample) -> u64) = match figure {
        GrowthFigure::Memory => ("resident memory", |sample| sample.rss_bytes),
        GrowthFigure::Descriptors => ("open descriptors", |sample| sample.descriptors),
    };
    let samples = process.samples.iter();
    let values: Vec<f64> = samples.map(|sample| value(sample) as f64).collect();
    let (found, outcome) = if values.len() < MIN_SAMPLES {
        let found = format!("{} samples, fewer than {MIN_SAMPLES}", values.len());
        (found, GateOutcome::Inconclusive)
    } else {
        let quarter = values.len() / 4;
        let before = median(&values[quarter..2 * quarter]);
        let after = median(&values[values.len() - quarter..]);
        let found = format!("{:.3} × ({after} / {before})", after / before);
        (found, outcome(after <= limit * before))
    };
    Judgement {
        gate: Gate {
            name: budget.name.clone(),
            subject: subject(measurement, Some(&process.name)),
            limit: format!("{name} in the last quarter at most {limit} × that in the second"),
            found,
            outcome,
        },
        sensitive_to: SensitiveTo::Nothing,
    }
}
