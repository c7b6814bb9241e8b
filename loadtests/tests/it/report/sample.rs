//! A sample run: two implementations under two loads, with wrong answers and gates of each outcome.

use std::time::Duration;

use lakehouse_loadtests::results::{
    Comparison, Flow, Gate, GateOutcome, Implementation, Latencies, LimitLine, LimitedFigure,
    LoadPoint, Machine, Measurement, Origin, Process, Quantiles, Ratio, ReferenceSample, Results,
    Role, SCHEMA_VERSION, Sample, Second, Slice, SliceFlow, Verdict, Wrong,
};

/// The run's examples of wrong answers.
pub(crate) const EXAMPLES: [&str; 3] = [
    "`w-0012` first; request: `forklift` without `w-0012` <Ann & Co>",
    "503: the index is being built",
    "the answer has no `playbook_ids` | recorded as `pb-7`",
];

const SECONDS: u64 = 24;

/// Names and typical times of the flows, in microseconds.
const FLOWS: [(&str, f64); 6] = [
    ("cold_search_email", 2400.0),
    ("surge_fill_validate", 5200.0),
    ("profile_swap", 3100.0),
    ("repeat_cache", 900.0),
    ("sms_validate", 1400.0),
    ("playbook_record_replay", 9800.0),
];

/// The sample run.
pub(crate) fn results() -> Results {
    let loads = [("10 users", 10, 0.6), ("50 users", 50, 1.0)];
    let mut measurements = Vec::new();
    for (round, (label, users, busy)) in loads.into_iter().enumerate() {
        let begin = 20_000 + round as u64 * 60_000;
        for (place, (name, slowness)) in [("rust", 1.0), ("go", 3.3)].into_iter().enumerate() {
            let load = LoadPoint {
                label: label.to_owned(),
                users,
                arrivals_per_second: None,
            };
            let at_ms = begin + place as u64 * 8_000;
            measurements.push(measurement(name, load, slowness * busy, at_ms));
        }
    }
    fail(
        &mut measurements[3].flows[2],
        "excluded_hit",
        7,
        EXAMPLES[0],
    );
    fail(&mut measurements[3].flows[2], "status", 2, EXAMPLES[1]);
    fail(
        &mut measurements[1].flows[5],
        "not_replayed",
        1,
        EXAMPLES[2],
    );
    measurements[3].timeline[9].failures = 7;
    measurements[3].timeline[17].failures = 2;
    measurements[1].timeline[4].failures = 1;
    measurements[2].flows[1].dropped = 3;
    Results {
        schema_version: SCHEMA_VERSION,
        tier: "multitier".to_owned(),
        commit: Some("5c9e0d4-dirty".to_owned()),
        started_at: "2026-11-20T14:03:05Z".parse().expect("a moment"),
        duration_ms: 151_200,
        seed: 42,
        shard: None,
        machine: Machine {
            processor: "Example 3000".to_owned(),
            cpus: 2,
            memory_bytes: 8_000_000_000,
            kernel: "6.1.0".to_owned(),
        },
        workers: Some(100_000),
        implementations: vec![
            implementation("rust", "lakehouse 0.1.0", "Rust", 84),
            implementation("go", "peer 1.2", "Go 1.26", 130),
        ],
        comparisons: vec![comparison("10 users"), comparison("50 users")],
        reference: (0..9).map(reference).collect(),
        gates: gates(),
        limits: vec![
            LimitLine {
                gate: "L9 tail".to_owned(),
                load: "50 users".to_owned(),
                figure: LimitedFigure::P99Ms,
                at_most: 60.0,
            },
            LimitLine {
                gate: "L4 server memory".to_owned(),
                load: "50 users".to_owned(),
                figure: LimitedFigure::ServerRssBytes,
                at_most: 450e6,
            },
        ],
        inconclusive: vec!["the machine lost 4 % of its speed during the run".to_owned()],
        interrupted: false,
        verdict: Verdict::Fail,
        measurements,
    }
}

/// A flow with these times.
pub(crate) fn flow(name: &str, micros: impl Iterator<Item = u64>, seconds: f64) -> Flow {
    let mut latencies = Latencies::new();
    for time in micros {
        latencies.record(Duration::from_micros(time));
    }
    Flow {
        name: name.to_owned(),
        count: latencies.count(),
        failures: 0,
        dropped: 0,
        rate: latencies.count() as f64 / seconds,
        quantiles: latencies.quantiles(),
        wrong: Vec::new(),
        latencies,
    }
}

/// Adds failures to a flow.
pub(crate) fn fail(flow: &mut Flow, kind: &str, count: u64, example: &str) {
    flow.failures += count;
    flow.wrong.push(Wrong {
        kind: kind.to_owned(),
        count,
        example: example.to_owned(),
    });
}

fn measurement(name: &str, load: LoadPoint, slowness: f64, at_ms: u64) -> Measurement {
    let flows: Vec<Flow> = FLOWS
        .iter()
        .enumerate()
        .map(|(place, (flow_name, middle))| {
            let count = (9000.0 / slowness / (1.0 + place as f64)) as u64;
            let times = (0..count).map(|index| time(index, count, middle * slowness));
            flow(flow_name, times, SECONDS as f64)
        })
        .collect();
    let total: u64 = flows.iter().map(|flow| flow.count).sum();
    let each = total / SECONDS;
    let timeline = (0..SECONDS).map(|second| Second {
        count: each - each * (second * 7 % 5) / 40,
        failures: 0,
        users: load.users.min(second as u32 + 1),
        quantiles: Some(Quantiles {
            p50_ms: 2.0 * slowness,
            p95_ms: 5.0 * slowness,
            p99_ms: 9.0 * slowness + (second % 3) as f64,
            max_ms: 20.0 * slowness,
        }),
    });
    let routes = [("/v1/matrix/search", 1800.0), ("/v1/validate", 700.0)];
    let routes = routes.map(|(route, middle)| {
        let times = (0..4000).map(|index| time(index, 4000, middle * slowness));
        flow(route, times, SECONDS as f64)
    });
    let slices = (0..4).map(|round| Slice {
        round,
        at_ms: at_ms + u64::from(round) * 15_000,
        seconds: 6.0,
        server_cpu_seconds: 3.25 * slowness,
        generator_cpu_seconds: 4.5,
        steal: 0.0125,
        pressure: 0.25,
        flows: flows.iter().map(slice_flow).collect(),
    });
    Measurement {
        implementation: name.to_owned(),
        seconds: SECONDS as f64,
        processes: vec![
            process(name, Role::Server, at_ms, 110e6 * slowness),
            process("generator", Role::Generator, at_ms, 45e6),
            process("model server", Role::StandIn, at_ms, 30e6),
        ],
        slices: slices.collect(),
        timeline: timeline.collect(),
        load,
        routes: routes.to_vec(),
        flows,
    }
}

/// A time of a long-tailed distribution, as of latencies.
fn time(index: u64, count: u64, middle: f64) -> u64 {
    let above = (index as f64 + 0.5) / count as f64;
    (middle * 0.6 * (1.0 - above).powf(-0.45) + middle * 0.1) as u64
}

fn slice_flow(flow: &Flow) -> SliceFlow {
    SliceFlow {
        name: flow.name.clone(),
        count: flow.count / 4,
        failures: 0,
        quantiles: flow.quantiles,
    }
}

fn process(name: &str, role: Role, at_ms: u64, bytes: f64) -> Process {
    let samples: Vec<Sample> = (0..52)
        .map(|index| {
            let rss = bytes * (1.0 - 0.4 * (-(index as f64) / 9.0).exp());
            Sample {
                at_ms: at_ms + index * 1000,
                rss_bytes: rss as u64,
                anonymous_bytes: (rss * 0.7) as u64,
                pss_bytes: (rss * 0.9) as u64,
                cpu_seconds: index as f64 * 0.5,
                threads: 6,
                descriptors: 70,
            }
        })
        .collect();
    let max = |of: fn(&Sample) -> u64| samples.iter().map(of).max().unwrap_or(0);
    Process {
        name: name.to_owned(),
        role,
        cpu_seconds: 25.5,
        max_rss_bytes: max(|sample| sample.rss_bytes),
        max_anonymous_bytes: max(|sample| sample.anonymous_bytes),
        max_pss_bytes: max(|sample| sample.pss_bytes),
        max_threads: 6,
        max_descriptors: 70,
        samples,
    }
}

fn implementation(name: &str, version: &str, language: &str, started: u64) -> Implementation {
    Implementation {
        name: name.to_owned(),
        version: version.to_owned(),
        language: language.to_owned(),
        origin: Origin::Checkout,
        started_in_ms: Some(started),
        filled_in_ms: Some(4_250),
    }
}

fn comparison(load: &str) -> Comparison {
    let mut ratios = Vec::new();
    let flows = std::iter::once(None).chain(FLOWS.iter().map(|(name, _)| Some(*name)));
    for (place, flow) in flows.enumerate() {
        let by = place as f64 / 16.0;
        let figures = [
            ("rate", 3.25 + by, 0.25),
            ("p50", 0.3125 - by / 8.0, 0.0625),
            ("p99", 0.875 + by, 0.5),
        ];
        for (figure, ratio, width) in figures {
            ratios.push(Ratio {
                flow: flow.map(str::to_owned),
                figure: figure.to_owned(),
                ratio,
                low: ratio - width,
                high: ratio + width,
                pairs: 4,
            });
        }
    }
    Comparison {
        implementation: "rust".to_owned(),
        against: "go".to_owned(),
        load: load.to_owned(),
        ratios,
    }
}

fn reference(index: u64) -> ReferenceSample {
    ReferenceSample {
        at_ms: index * 18_000,
        cpu_rounds_per_second: 1_000_000.0 - (index * index) as f64 * 700.0,
        echoes_per_second: 42_000.0 + (index % 3) as f64 * 800.0,
    }
}

fn gates() -> Vec<Gate> {
    let gate = |name: &str, subject: &str, limit: &str, found: &str, outcome| Gate {
        name: name.to_owned(),
        subject: subject.to_owned(),
        limit: limit.to_owned(),
        found: found.to_owned(),
        outcome,
    };
    vec![
        gate(
            "failures",
            "rust, 50 users",
            "0",
            "0 of 22,050",
            GateOutcome::Held,
        ),
        gate(
            "failures",
            "go, 50 users",
            "0",
            "9 of 6,700",
            GateOutcome::Failed,
        ),
        gate(
            "L2 rate",
            "rust by go, 50 users",
            "at least 3 ×",
            "3.25 × (3.00 to 3.50)",
            GateOutcome::Held,
        ),
        gate(
            "L3 tail",
            "rust, 50 users, profile_swap",
            "p99 at most 4 × p50",
            "5.92 ×",
            GateOutcome::Failed,
        ),
        gate(
            "L8 server CPU",
            "rust by go, 50 users",
            "at most 0.33 ×",
            "0.34 × (0.30 to 0.38)",
            GateOutcome::Inconclusive,
        ),
    ]
}
