//! Measurements for tests.

use lakehouse_loadtests::results::{
    Flow, Implementation, Latencies, LoadPoint, Machine, Measurement, Origin, Process, Quantiles,
    ReferenceSample, Results, Role, SCHEMA_VERSION, Sample, Slice, SliceFlow, Verdict,
};

pub(crate) fn measurement(implementation: &str, flows: Vec<Flow>) -> Measurement {
    Measurement {
        implementation: implementation.to_owned(),
        load: LoadPoint {
            label: "50 users".to_owned(),
            users: 50,
            arrivals_per_second: None,
        },
        seconds: 20.0,
        flows,
        routes: Vec::new(),
        processes: vec![server(400_000_000, 40)],
        slices: Vec::new(),
        timeline: Vec::new(),
    }
}

/// A flow that completed a thousand times.
pub(crate) fn flow(name: &str, p50_ms: f64, p99_ms: f64) -> Flow {
    Flow {
        name: name.to_owned(),
        count: 1_000,
        failures: 0,
        dropped: 0,
        rate: 50.0,
        quantiles: quantiles(p50_ms, p99_ms),
        wrong: Vec::new(),
        latencies: Latencies::new(),
    }
}

/// A server with constant memory and descriptors.
pub(crate) fn server(rss_bytes: u64, descriptors: u64) -> Process {
    let sample = |second: u64| Sample {
        at_ms: second * 1000,
        rss_bytes,
        anonymous_bytes: rss_bytes,
        pss_bytes: rss_bytes,
        cpu_seconds: second as f64,
        threads: 4,
        descriptors,
    };
    Process {
        name: "server".to_owned(),
        role: Role::Server,
        cpu_seconds: 20.0,
        max_rss_bytes: rss_bytes,
        max_anonymous_bytes: rss_bytes,
        max_pss_bytes: rss_bytes,
        max_threads: 4,
        max_descriptors: descriptors,
        samples: (0..20).map(sample).collect(),
    }
}

/// A slice of 20 s.
pub(crate) fn slice(round: u32, server_cpu_seconds: f64, flows: Vec<SliceFlow>) -> Slice {
    Slice {
        round,
        at_ms: u64::from(round) * 50_000,
        seconds: 20.0,
        server_cpu_seconds,
        generator_cpu_seconds: 10.0,
        steal: 0.0,
        pressure: 0.0,
        flows,
    }
}

pub(crate) fn slice_flow(name: &str, count: u64, p50_ms: f64, p99_ms: f64) -> SliceFlow {
    SliceFlow {
        name: name.to_owned(),
        count,
        failures: 0,
        quantiles: quantiles(p50_ms, p99_ms),
    }
}

/// A run on a steady machine, without gates.
pub(crate) fn results(tier: &str, measurements: Vec<Measurement>) -> Results {
    let mut implementations: Vec<Implementation> = Vec::new();
    for measurement in &measurements {
        let name = &measurement.implementation;
        if !implementations.iter().any(|known| known.name == *name) {
            implementations.push(Implementation {
                name: name.clone(),
                version: "1".to_owned(),
                language: "rust".to_owned(),
                origin: Origin::Checkout,
                started_in_ms: None,
                filled_in_ms: None,
            });
        }
    }
    Results {
        schema_version: SCHEMA_VERSION,
        tier: tier.to_owned(),
        commit: None,
        started_at: jiff::Timestamp::UNIX_EPOCH,
        duration_ms: 60_000,
        seed: 1,
        shard: None,
        machine: Machine {
            processor: "any".to_owned(),
            cpus: 2,
            memory_bytes: 8_000_000_000,
            kernel: "6".to_owned(),
        },
        workers: Some(5_000),
        implementations,
        measurements,
        comparisons: Vec::new(),
        reference: vec![reference(1.0), reference(1.01), reference(0.99)],
        gates: Vec::new(),
        limits: Vec::new(),
        inconclusive: Vec::new(),
        interrupted: false,
        verdict: Verdict::Inconclusive,
    }
}

/// A reference sample of a machine with this relative speed.
pub(crate) fn reference(speed: f64) -> ReferenceSample {
    ReferenceSample {
        at_ms: 0,
        cpu_rounds_per_second: 10_000.0 * speed,
        echoes_per_second: 50_000.0 * speed,
    }
}

fn quantiles(p50_ms: f64, p99_ms: f64) -> Quantiles {
    Quantiles {
        p50_ms,
        p95_ms: p99_ms,
        p99_ms,
        max_ms: p99_ms,
    }
}
