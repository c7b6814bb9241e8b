//! Gates of every run: nothing fails, nothing is missing, nothing is dropped.

use super::{Asked, HingesOn, Judged, outcome, subject};
use crate::results::{Flow, Gate, GateOutcome, Measurement, Results};

pub(super) fn judge(results: &Results, asked: &Asked<'_>) -> Vec<Judged> {
    let mut judged = Vec::new();
    for measurement in &results.measurements {
        for flow in &measurement.flows {
            judged.push(failures(measurement, flow));
        }
        for name in asked.flows {
            if !measurement.flows.iter().any(|flow| flow.name == *name) {
                let found = "was never begun".to_owned();
                judged.push(missing(measurement, Some(name), found));
            }
        }
        if measurement.flows.is_empty() && asked.flows.is_empty() {
            let found = "nothing was done at all".to_owned();
            judged.push(missing(measurement, None, found));
        }
        if measurement.load.arrivals_per_second.is_some() {
            judged.push(dropped(measurement));
        }
    }
    judged
}

fn failures(measurement: &Measurement, flow: &Flow) -> Judged {
    let Flow {
        count, failures, ..
    } = flow;
    if *count == 0 && *failures == 0 {
        let found = "was not done once".to_owned();
        return missing(measurement, Some(&flow.name), found);
    }
    let mut found = format!("{failures} of {}", count + failures);
    for wrong in flow.wrong.iter().take(1) {
        found.push_str(&format!(
            ", {} times `{}`, such as: {}",
            wrong.count, wrong.kind, wrong.example
        ));
    }
    Judged {
        gate: Gate {
            name: "failures".to_owned(),
            subject: subject(measurement, Some(&flow.name)),
            limit: "0, and at least one done right".to_owned(),
            found,
            outcome: outcome(*failures == 0 && *count > 0),
        },
        hinges_on: HingesOn::Nothing,
    }
}

/// A run that was cut short may not have come to it, which is no failure of it.
fn missing(measurement: &Measurement, flow: Option<&str>, found: String) -> Judged {
    Judged {
        gate: Gate {
            name: "failures".to_owned(),
            subject: subject(measurement, flow),
            limit: "0, and at least one done right".to_owned(),
            found,
            outcome: GateOutcome::Failed,
        },
        hinges_on: HingesOn::Completeness,
    }
}

fn dropped(measurement: &Measurement) -> Judged {
    let dropped: u64 = measurement.flows.iter().map(|flow| flow.dropped).sum();
    Judged {
        gate: Gate {
            name: "dropped".to_owned(),
            subject: subject(measurement, None),
            limit: "0 arrivals".to_owned(),
            found: dropped.to_string(),
            outcome: outcome(dropped == 0),
        },
        hinges_on: HingesOn::Speed,
    }
}
