//! The gates of merged results.

use std::collections::BTreeSet;

use crate::results::{Gate, GateOutcome, Measurement, Results};

/// The gate that is always judged again.
const FAILURES: &str = "failures";

/// Adds the gates: those `judged` on the merged results, and those that failed in a part. Dropped
/// gates are listed in `inconclusive`.
pub(super) fn add(merged: &mut Results, parts: &[Results], judged: Vec<Gate>) {
    let names: BTreeSet<String> = judged.iter().map(|gate| gate.name.clone()).collect();
    let is_judged = |gate: &Gate| gate.name == FAILURES || names.contains(&gate.name);
    let mut gates: Vec<Gate> = merged.measurements.iter().map(failures).collect();
    gates.extend(judged);
    let mut dropped = BTreeSet::new();
    for part in parts {
        let index = super::index(part);
        for gate in part.gates.iter().filter(|gate| !is_judged(gate)) {
            if gate.outcome == GateOutcome::Failed {
                gates.push(Gate {
                    subject: format!("shard {index}: {}", gate.subject),
                    ..gate.clone()
                });
            } else {
                dropped.insert(format!("`{}`", gate.name));
            }
        }
    }
    if !dropped.is_empty() {
        let names: Vec<String> = dropped.into_iter().collect();
        merged.inconclusive.push(format!(
            "these gates cannot be judged on merged results: {}",
            names.join(", ")
        ));
    }
    merged.gates = gates;
}

fn failures(measurement: &Measurement) -> Gate {
    let failures = measurement.failures();
    let completed: u64 = measurement.flows.iter().map(|flow| flow.count).sum();
    let outcome = match (failures, completed) {
        (1.., _) => GateOutcome::Failed,
        // Nothing failed because nothing ran.
        (0, 0) => GateOutcome::Inconclusive,
        (0, _) => GateOutcome::Held,
    };
    Gate {
        name: FAILURES.to_owned(),
        subject: format!("{}, {}", measurement.implementation, measurement.load.label),
        limit: "0".to_owned(),
        found: format!("{failures} of {}", completed + failures),
        outcome,
    }
}
