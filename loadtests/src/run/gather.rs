//! Adds the slices of one implementation under one load.

use super::slice::{ProcessSlice, SliceOutcome};
use crate::drive::{FlowOutcome, Outcome};
use crate::results::{Flow, LoadPoint, Measurement, Process, Role, Sample, Slice, SliceFlow};

/// Adds slices to a measurement.
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
        flows: flows(slices, seconds, |outcome| &outcome.flows),
        routes: flows(slices, seconds, |outcome| &outcome.routes),
        processes: processes(slices),
        slices: slices.iter().map(slice).collect(),
        timeline: slices
            .iter()
            .flat_map(|slice| slice.outcome.timeline.clone())
            .collect(),
    }
}

fn flows(slices: &[SliceOutcome], seconds: f64, of: fn(&Outcome) -> &[FlowOutcome]) -> Vec<Flow> {
    let mut flows: Vec<Flow> = Vec::new();
    for part in slices.iter().flat_map(|slice| of(&slice.outcome)) {
        let known = flows.iter().position(|flow| flow.name == part.name);
        let known = known.unwrap_or_else(|| {
            flows.push(Flow::empty(&part.name));
            flows.len() - 1
        });
        flows[known].add(part.failures, part.dropped, &part.wrong, &part.latencies);
    }
    for flow in &mut flows {
        flow.summarise(seconds);
    }
    flows
}

fn processes(slices: &[SliceOutcome]) -> Vec<Process> {
    let mut processes: Vec<Process> = Vec::new();
    for part in slices.iter().flat_map(|slice| &slice.processes) {
        let same = |process: &&mut Process| process.name == part.name && process.role == part.role;
        if processes.iter_mut().find(same).is_none() {
            processes.push(empty(part));
        }
        let process = processes.iter_mut().find(same).expect("it was just added");
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
    let max = |figure: fn(&Sample) -> u64| part.samples.iter().map(figure).max().unwrap_or(0);
    process.cpu_seconds += part.cpu_seconds;
    process.max_rss_bytes = process.max_rss_bytes.max(max(|sample| sample.rss_bytes));
    process.max_anonymous_bytes = process
        .max_anonymous_bytes
        .max(max(|sample| sample.anonymous_bytes));
    process.max_pss_bytes = process.max_pss_bytes.max(max(|sample| sample.pss_bytes));
    process.max_threads = process.max_threads.max(max(|sample| sample.threads));
    process.max_descriptors = process
        .max_descriptors
        .max(max(|sample| sample.descriptors));
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
