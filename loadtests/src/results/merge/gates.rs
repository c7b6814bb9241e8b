//! What had to hold, for the whole.

use std::collections::BTreeSet;

use crate::results::{Gate, GateOutcome, Measurement, Results};

/// The gate that is always judged anew.
const FAILURES: &str = "failures";

/// Gives the whole its gates, those that were `judged` on it among them; what is dropped is named in
/// `inconclusive`.
pub(super) fn settle(whole: &mut Results, parts: &[Results], judged: Vec<Gate>) {
    let names: BTreeSet<String> = judged.iter().map(|gate| gate.name.clone()).collect();
    let is_judged = |gate: &Gate| gate.name == FAILURES || names.contains(&gate.name);
    let mut gates: Vec<Gate> = whole.measurements.iter().map(failures).collect();
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
        whole.inconclusive.push(format!(
            "shards cannot tell about the whole whether these gates hold: {}",
            names.join(", ")
        ));
    }
    whole.gates = gates;
}

fn failures(measurement: &Measurement) -> Gate {
    let failures = measurement.failures();
    let right: u64 = measurement.flows.iter().map(|flow| flow.count).sum();
    let outcome = match (failures, right) {
        (1.., _) => GateOutcome::Failed,
        // Nothing was wrong because nothing was done.
        (0, 0) => GateOutcome::Inconclusive,
        (0, _) => GateOutcome::Held,
    };
    Gate {
        name: FAILURES.to_owned(),
        subject: format!("{}, {}", measurement.implementation, measurement.load.label),
        limit: "0".to_owned(),
        found: format!("{failures} of {}", right + failures),
        outcome,
    }
}
