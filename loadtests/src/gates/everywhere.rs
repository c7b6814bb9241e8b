//! Gates of every run: no failures, no missing flows, no dropped arrivals.

use super::{Expectations, Judgement, SensitiveTo, outcome, subject};
use crate::results::{Flow, Gate, GateOutcome, Measurement, Results};

const FAILURES: &str = "failures";
const FAILURES_LIMIT: &str = "0, and at least one completed";

pub(super) fn judge(results: &Results, expected: &Expectations<'_>) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for measurement in &results.measurements {
        for flow in &measurement.flows {
            judgements.push(failures(measurement, flow));
        }
        for name in expected.flows {
            if !measurement.flows.iter().any(|flow| flow.name == *name) {
                judgements.push(missing(measurement, Some(name), "never started"));
            }
        }
        if measurement.flows.is_empty() && expected.flows.is_empty() {
            judgements.push(missing(measurement, None, "no flow ran"));
        }
        if measurement.load.arrivals_per_second.is_some() {
            judgements.push(dropped(measurement));
        }
    }
    judgements
}

fn failures(measurement: &Measurement, flow: &Flow) -> Judgement {
    let Flow {
        count, failures, ..
    } = flow;
    if *count == 0 && *failures == 0 {
        return missing(measurement, Some(&flow.name), "never completed");
    }
    let mut found = format!("{failures} of {}", count + failures);
    if let Some(wrong) = flow.wrong.first() {
        found.push_str(&format!(
            ", {} × `{}`, for example: {}",
            wrong.count, wrong.kind, wrong.example
        ));
    }
    Judgement {
        gate: Gate {
            name: FAILURES.to_owned(),
            subject: subject(measurement, Some(&flow.name)),
            limit: FAILURES_LIMIT.to_owned(),
            found,
            outcome: outcome(*failures == 0 && *count > 0),
        },
        sensitive_to: SensitiveTo::Nothing,
    }
}

/// A flow that did not run; a run that ended early may not have reached it.
fn missing(measurement: &Measurement, flow: Option<&str>, found: &str) -> Judgement {
    Judgement {
        gate: Gate {
            name: FAILURES.to_owned(),
            subject: subject(measurement, flow),
            limit: FAILURES_LIMIT.to_owned(),
            found: found.to_owned(),
            outcome: GateOutcome::Failed,
        },
        sensitive_to: SensitiveTo::EarlyEnd,
    }
}

fn dropped(measurement: &Measurement) -> Judgement {
    let dropped: u64 = measurement.flows.iter().map(|flow| flow.dropped).sum();
    Judgement {
        gate: Gate {
            name: "dropped".to_owned(),
            subject: subject(measurement, None),
            limit: "0 arrivals".to_owned(),
            found: dropped.to_string(),
            outcome: outcome(dropped == 0),
        },
        sensitive_to: SensitiveTo::EarlyEndOrDrift,
    }
}
