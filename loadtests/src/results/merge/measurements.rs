//! The sums of several parts' measurements.

use crate::results::{Flow, Machine, Measurement, Process, Results, Role, Second, Slice};

/// Moves a part's times so that they count from an earlier moment.
pub(super) fn shift(part: &mut Results, offset_ms: u64) {
    for sample in &mut part.reference {
        sample.at_ms += offset_ms;
    }
    for measurement in &mut part.measurements {
        for slice in &mut measurement.slices {
            slice.at_ms += offset_ms;
        }
        let processes = measurement.processes.iter_mut();
        for sample in processes.flat_map(|process| &mut process.samples) {
            sample.at_ms += offset_ms;
        }
    }
}

/// Adds the measurements; all parts have the same ones in the same order.
pub(super) fn add(parts: &[Results]) -> Vec<Measurement> {
    let count = parts.first().map_or(0, |part| part.measurements.len());
    (0..count)
        .map(|position| add_one(parts, position))
        .collect()
}

fn add_one(parts: &[Results], position: usize) -> Measurement {
    let first = &parts[0].measurements[position];
    let all = || parts.iter().map(|part| &part.measurements[position]);
    let mut load = first.load.clone();
    load.users = all().map(|measurement| measurement.load.users).sum();
    load.arrivals_per_second = all()
        .filter_map(|measurement| measurement.load.arrivals_per_second)
        .reduce(|sum, rate| sum + rate);
    let seconds = all()
        .map(|measurement| measurement.seconds)
        .fold(0.0, f64::max);
    let mut flows: Vec<Flow> = Vec::new();
    let mut routes: Vec<Flow> = Vec::new();
    let mut timeline: Vec<Second> = Vec::new();
    let mut slices: Vec<Slice> = Vec::new();
    for measurement in all() {
        add_flows(&mut flows, &measurement.flows);
        add_flows(&mut routes, &measurement.routes);
        if timeline.len() < measurement.timeline.len() {
            timeline.resize(measurement.timeline.len(), Second::default());
        }
        for (sum, second) in timeline.iter_mut().zip(&measurement.timeline) {
            sum.count += second.count;
            sum.failures += second.failures;
            sum.users += second.users;
        }
        // The slices of a round are compared; those of different parts did not alternate.
        let next = slices
            .iter()
            .map(|slice| slice.round + 1)
            .max()
            .unwrap_or(0);
        slices.extend(measurement.slices.iter().map(|slice| Slice {
            round: next + slice.round,
            ..slice.clone()
        }));
    }
    for flow in flows.iter_mut().chain(&mut routes) {
        flow.summarise(seconds);
    }
    Measurement {
        implementation: first.implementation.clone(),
        load,
        seconds,
        flows,
        routes,
        processes: processes(parts, position),
        slices,
        timeline,
    }
}

fn add_flows(flows: &mut Vec<Flow>, more: &[Flow]) {
    for flow in more {
        match flows.iter_mut().find(|known| known.name == flow.name) {
            Some(known) => known.add(flow.failures, flow.dropped, &flow.wrong, &flow.latencies),
            None => flows.push(flow.clone()),
        }
    }
}

fn processes(parts: &[Results], position: usize) -> Vec<Process> {
    let name = &parts[0].measurements[position].implementation;
    let started = |part: &&Results| {
        let mut named = part.implementations.iter().filter(|one| one.name == *name);
        named.any(|one| one.started_in_ms.is_some())
    };
    let own_servers = parts.iter().filter(started).count() > 1;
    // By the machine and the name of the process there.
    let mut found: Vec<(&Machine, &str, Process)> = Vec::new();
    for part in parts {
        for process in &part.measurements[position].processes {
            let shared = process.role != Role::Generator && !own_servers;
            let known = found.iter_mut().find(|(machine, name, known)| {
                shared
                    && **machine == part.machine
                    && *name == process.name
                    && known.role == process.role
            });
            match known {
                Some((_, _, known)) => keep_maxima(known, process),
                None => {
                    let is_known = found.iter().any(|(_, name, _)| *name == process.name);
                    let mut kept = process.clone();
                    if !shared || is_known {
                        kept.name = format!("{} (shard {})", process.name, super::index(part));
                    }
                    found.push((&part.machine, &process.name, kept));
                }
            }
        }
    }
    // Servers come first.
    found.sort_by_key(|(_, _, process)| process.role != Role::Server);
    found.into_iter().map(|(_, _, process)| process).collect()
}

fn keep_maxima(known: &mut Process, again: &Process) {
    known.cpu_seconds = known.cpu_seconds.max(again.cpu_seconds);
    known.max_rss_bytes = known.max_rss_bytes.max(again.max_rss_bytes);
    known.max_anonymous_bytes = known.max_anonymous_bytes.max(again.max_anonymous_bytes);
    known.max_pss_bytes = known.max_pss_bytes.max(again.max_pss_bytes);
    known.max_threads = known.max_threads.max(again.max_threads);
    known.max_descriptors = known.max_descriptors.max(again.max_descriptors);
    known.samples.extend_from_slice(&again.samples);
    known.samples.sort_by_key(|sample| sample.at_ms);
}
