//! Slices of one implementation under one load, added up.

use std::collections::BTreeMap;

use super::slice::{ProcessSlice, SliceOutcome};
use crate::drive::FlowOutcome;
use crate::results::{
    Flow, Latencies, LoadPoint, Measurement, Process, Role, Sample, Slice, SliceFlow, Wrong,
};

/// The measurement that the slices make; none without a slice.
pub(super) fn gather(
    implementation: &str,
    load: LoadPoint,
    slices: &[SliceOutcome],
) -> Measurement {
    let seconds = slices.iter().map(|slice| slice.outcome.seconds).sum();
    Measurement {
        implementation: implementation.to_owned(),
        load,
        seconds,
        flows: flows(slices, seconds),
        processes: processes(slices),
        slices: slices.iter().map(slice).collect(),
        timeline: slices
            .iter()
            .flat_map(|slice| slice.outcome.timeline.clone())
            .collect(),
    }
}

fn flows(slices: &[SliceOutcome], seconds: f64) -> Vec<Flow> {
    let mut order = Vec::new();
    let mut by_name: BTreeMap<&str, Vec<&FlowOutcome>> = BTreeMap::new();
    for flow in slices.iter().flat_map(|slice| &slice.outcome.flows) {
        let parts = by_name.entry(&flow.name).or_insert_with(|| {
            order.push(flow.name.as_str());
            Vec::new()
        });
        parts.push(flow);
    }
    order
        .into_iter()
        .map(|name| add_flow(name, &by_name[name], seconds))
        .collect()
}

fn add_flow(name: &str, parts: &[&FlowOutcome], seconds: f64) -> Flow {
    let mut latencies = Latencies::new();
    let mut wrong: Vec<Wrong> = Vec::new();
    for part in parts {
        latencies.add(&part.latencies);
        for more in &part.wrong {
            match wrong.iter_mut().find(|wrong| wrong.kind == more.kind) {
                Some(wrong) => wrong.count += more.count,
                None => wrong.push(more.clone()),
            }
        }
    }
    wrong.sort_by_key(|wrong| std::cmp::Reverse(wrong.count));
    let count = latencies.count();
    Flow {
        name: name.to_owned(),
        count,
        failures: parts.iter().map(|part| part.failures).sum(),
        dropped: parts.iter().map(|part| part.dropped).sum(),
        rate: if seconds > 0.0 {
            count as f64 / seconds
        } else {
            0.0
        },
        quantiles: latencies.quantiles(),
        wrong,
        latencies,
    }
}

fn processes(slices: &[SliceOutcome]) -> Vec<Process> {
    let mut processes: Vec<Process> = Vec::new();
    for part in slices.iter().flat_map(|slice| &slice.processes) {
        let same = |process: &&mut Process| process.name == part.name && process.role == part.role;
        if processes.iter_mut().find(same).is_none() {
            processes.push(empty(part));
        }
        let process = processes.iter_mut().find(same).expect("it was put there");
        add_process(process, part);
    }
    processes.sort_by_key(|process| match process.role {
        Role::Server => 0,
        Role::StandIn => 1,
        Role::Generator => 2,
    });
    processes
}

fn empty(part: &ProcessSlice) -> Process {
    Process {
        name: part.name.clone(),
        role: part.role,
        cpu_seconds: 0.0,
        max_rss_bytes: 0,
        max_anonymous_bytes: 0,
        max_pss_bytes: 0,
        max_threads: 0,
        max_descriptors: 0,
        samples: Vec::new(),
    }
}

fn add_process(process: &mut Process, part: &ProcessSlice) {
    let most = |figure: fn(&Sample) -> u64| part.samples.iter().map(figure).max().unwrap_or(0);
    process.cpu_seconds += part.cpu_seconds;
    process.max_rss_bytes = process.max_rss_bytes.max(most(|sample| sample.rss_bytes));
    process.max_anonymous_bytes = process
        .max_anonymous_bytes
        .max(most(|sample| sample.anonymous_bytes));
    process.max_pss_bytes = process.max_pss_bytes.max(most(|sample| sample.pss_bytes));
    process.max_threads = process.max_threads.max(most(|sample| sample.threads));
    process.max_descriptors = process
        .max_descriptors
        .max(most(|sample| sample.descriptors));
    process.samples.extend(&part.samples);
}

fn slice(slice: &SliceOutcome) -> Slice {
    let cpu = |role| {
        let of_role = slice
            .processes
            .iter()
            .filter(|process| process.role == role);
        of_role.map(|process| process.cpu_seconds).sum()
    };
    let flows = slice.outcome.flows.iter().map(|flow| SliceFlow {
        name: flow.name.clone(),
        count: flow.latencies.count(),
        failures: flow.failures,
        quantiles: flow.latencies.quantiles(),
    });
    Slice {
        round: slice.round,
        at_ms: slice.at_ms,
        seconds: slice.outcome.seconds,
        server_cpu_seconds: cpu(Role::Server),
        generator_cpu_seconds: cpu(Role::Generator),
        steal: slice.steal,
        pressure: slice.pressure,
        flows: flows.collect(),
    }
}
