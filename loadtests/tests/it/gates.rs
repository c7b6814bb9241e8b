//! Each gate at its limit, once where it holds and once where it fails.

use std::path::Path;

use lakehouse_loadtests::exit;
use lakehouse_loadtests::gates::{Budgets, Expectations, FILE, judge, reasons, verdict};
use lakehouse_loadtests::results::{
    Comparison, Flow, Gate, GateOutcome, LoadPoint, Measurement, Ratio, Results, Role, Verdict,
    Wrong,
};

use crate::measured::{flow, measurement, reference, results, server};

const EXPECTED: Expectations<'_> = Expectations {
    flows: &["search"],
    regression_against: None,
};

fn repository() -> Budgets {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    Budgets::read(&root.join(FILE)).unwrap()
}

/// The gates of a name.
fn named(results: &Results, name: &str) -> Vec<Gate> {
    let gates = judge(results, &repository(), &EXPECTED);
    gates.into_iter().filter(|gate| gate.name == name).collect()
}

/// The outcome of the only gate of a name.
fn one(results: &Results, name: &str) -> GateOutcome {
    let gates = named(results, name);
    assert_eq!(gates.len(), 1, "{gates:#?}");
    gates[0].outcome
}

fn rust(tier: &str, flows: Vec<Flow>) -> Results {
    results(tier, vec![measurement("rust", flows)])
}

fn good() -> Flow {
    flow("search", 1.0, 2.0)
}

#[test]
fn good_runs_pass() {
    let mut results = rust("smoke", vec![good()]);
    results.gates = judge(&results, &repository(), &EXPECTED);
    assert_eq!(reasons(&results), Vec::<String>::new());
    assert_eq!(verdict(&results), Verdict::Pass);
    assert_eq!(exit::from_verdict(verdict(&results)), exit::PASS);
}

#[test]
fn one_failure_in_a_thousand_fails_with_an_example() {
    let mut wrong = good();
    wrong.failures = 1;
    wrong.wrong = vec![Wrong {
        kind: "excluded_hit".to_owned(),
        count: 1,
        example: "`w-1` was excluded".to_owned(),
    }];
    let mut results = rust("smoke", vec![wrong]);
    results.gates = judge(&results, &repository(), &EXPECTED);
    let gate = &results.gates[0];
    assert_eq!(gate.outcome, GateOutcome::Failed);
    assert_eq!(gate.subject, "rust, 50 users, search");
    assert_eq!(
        gate.found,
        "1 of 1001, 1 × `excluded_hit`, for example: `w-1` was excluded"
    );
    assert_eq!(verdict(&results), Verdict::Fail);
    assert_eq!(exit::from_verdict(verdict(&results)), exit::FAILED);

    // A wrong answer is wrong on any machine, and in a run that ended early.
    results.reference.push(reference(0.5));
    results.interrupted = true;
    results.gates = judge(&results, &repository(), &EXPECTED);
    assert_eq!(verdict(&results), Verdict::Fail);
}

#[test]
fn flows_that_never_completed_fail() {
    let mut never = good();
    never.count = 0;
    let only_failed = Flow {
        failures: 3,
        ..never.clone()
    };
    for flows in [
        vec![never],
        vec![only_failed],
        vec![],
        vec![flow("other", 1.0, 2.0)],
    ] {
        let gates = named(&rust("smoke", flows), "failures");
        let failed = gates
            .iter()
            .filter(|gate| gate.outcome == GateOutcome::Failed);
        assert_eq!(failed.count(), 1, "{gates:#?}");
    }
}

#[test]
fn missing_flows_are_inconclusive_in_an_interrupted_run() {
    let mut results = rust("smoke", vec![]);
    results.interrupted = true;
    assert_eq!(one(&results, "failures"), GateOutcome::Inconclusive);
    results.interrupted = false;
    results.reference.push(reference(0.5));
    assert_eq!(one(&results, "failures"), GateOutcome::Failed);
}

#[test]
fn dropped_arrivals_fail() {
    let run = |dropped| {
        let mut measurement = measurement("rust", vec![Flow { dropped, ..good() }]);
        measurement.load = LoadPoint {
            arrivals_per_second: Some(100.0),
            ..measurement.load
        };
        one(&results("open", vec![measurement]), "dropped")
    };
    assert_eq!(run(0), GateOutcome::Held);
    assert_eq!(run(1), GateOutcome::Failed);
    assert_eq!(named(&rust("smoke", vec![good()]), "dropped"), []);
}

#[test]
fn tails_are_limited_relative_to_the_median() {
    let run = |p99| {
        one(
            &rust("multitier", vec![flow("search", 0.7, p99)]),
            "L3 tail",
        )
    };
    assert_eq!(run(4.0 * 0.7), GateOutcome::Held);
    assert_eq!(run(2.801), GateOutcome::Failed);
}

#[test]
fn times_are_inconclusive_on_a_machine_that_drifted() {
    let mut results = rust("multitier", vec![flow("search", 1.0, 5.0)]);
    results.reference.push(reference(0.85));
    results.gates = judge(&results, &repository(), &EXPECTED);
    let tail = results
        .gates
        .iter()
        .find(|gate| gate.name == "L3 tail")
        .unwrap();
    assert_eq!(tail.outcome, GateOutcome::Inconclusive);
    assert!(
        tail.found
            .ends_with(", but the machine's speed drifted by 15 %"),
        "{}",
        tail.found
    );
    assert_eq!(verdict(&results), Verdict::Inconclusive);
}

#[test]
fn times_of_scheduled_arrivals_are_limited() {
    let open = |p99| {
        let mut capacity = measurement("rust", vec![flow("search", 50.0, 90.0)]);
        capacity.load.label = "50 users".to_owned();
        let mut scheduled = measurement("rust", vec![flow("search", 1.0, p99)]);
        scheduled.load.arrivals_per_second = Some(100.0);
        results("open", vec![capacity, scheduled])
    };
    // The measurement of the capacity has no limit.
    assert_eq!(one(&open(10.0), "L7 arrivals"), GateOutcome::Held);
    assert_eq!(one(&open(10.01), "L7 arrivals"), GateOutcome::Failed);
    let closed = rust("open", vec![flow("search", 1.0, 2.0)]);
    assert_eq!(one(&closed, "L7 arrivals"), GateOutcome::Inconclusive);
    let run = |p99| one(&rust("smoke", vec![flow("search", 1.0, p99)]), "ceiling");
    assert_eq!(run(5_000.0), GateOutcome::Held);
    assert_eq!(run(5_001.0), GateOutcome::Failed);
}

#[test]
fn memory_limits_apply_to_the_sum_of_server_processes() {
    let run = |bytes: &[u64]| {
        let mut measurement = measurement("rust", vec![good()]);
        measurement.processes = bytes.iter().map(|bytes| server(*bytes, 40)).collect();
        let mut generator = server(9_000_000_000, 40);
        generator.role = Role::Generator;
        measurement.processes.push(generator);
        one(&results("multitier", vec![measurement]), "L4 server memory")
    };
    assert_eq!(run(&[450_000_000]), GateOutcome::Held);
    assert_eq!(run(&[450_000_001]), GateOutcome::Failed);
    assert_eq!(run(&[300_000_000, 200_000_000]), GateOutcome::Failed);
    assert_eq!(run(&[]), GateOutcome::Inconclusive);
}

#[test]
fn growth_is_limited_in_a_soak() {
    type Change = fn(&mut lakehouse_loadtests::results::Sample, u64);
    let run = |first: usize, change: Change, by: u64| {
        let mut process = server(100_000_000, 100);
        for sample in &mut process.samples[first..] {
            change(sample, by);
        }
        let mut measurement = measurement("rust", vec![good()]);
        measurement.processes = vec![process];
        results("soak", vec![measurement])
    };
    let memory: Change = |sample, by| sample.rss_bytes = by;
    assert_eq!(
        one(&run(10, memory, 110_000_000), "flat memory"),
        GateOutcome::Held
    );
    assert_eq!(
        one(&run(10, memory, 110_000_001), "flat memory"),
        GateOutcome::Failed
    );
    // The first quarter does not count.
    assert_eq!(
        one(&run(5, memory, 500_000_000), "flat memory"),
        GateOutcome::Held
    );
    // A change in the last moments does not move the median.
    assert_eq!(
        one(&run(18, memory, 500_000_000), "flat memory"),
        GateOutcome::Held
    );
    let descriptors: Change = |sample, by| sample.descriptors = by;
    assert_eq!(
        one(&run(10, descriptors, 110), "flat descriptors"),
        GateOutcome::Held
    );
    assert_eq!(
        one(&run(10, descriptors, 111), "flat descriptors"),
        GateOutcome::Failed
    );

    let mut short = run(10, memory, 100_000_000);
    short.measurements[0].processes[0].samples.truncate(7);
    assert_eq!(one(&short, "flat memory"), GateOutcome::Inconclusive);
}

/// A run with an interval for the ratio of `rust` to `go`.
fn both(tier: &str, figure: &str, [low, high]: [f64; 2]) -> Results {
    let measurements = ["rust", "go"].map(|name| Measurement {
        load: LoadPoint {
            users: 200,
            ..measurement(name, vec![good()]).load
        },
        ..measurement(name, vec![good()])
    });
    let mut results = results(tier, measurements.to_vec());
    results.comparisons = vec![Comparison {
        implementation: "rust".to_owned(),
        against: "go".to_owned(),
        load: "50 users".to_owned(),
        ratios: vec![Ratio {
            flow: None,
            figure: figure.to_owned(),
            ratio: f64::midpoint(low, high),
            low,
            high,
            pairs: 6,
        }],
    }];
    results
}

#[test]
fn ratios_are_judged_by_their_whole_interval() {
    for (tier, name) in [
        ("multitier", "L2 rate"),
        ("sweep", "L5 search rate"),
        ("mixed", "L6 mixed rate"),
    ] {
        let run = |interval| one(&both(tier, "rate", interval), name);
        assert_eq!(run([3.0, 3.6]), GateOutcome::Held);
        assert_eq!(run([2.5, 2.999]), GateOutcome::Failed);
        assert_eq!(run([2.999, 3.0]), GateOutcome::Inconclusive);
    }
    let run = |interval| {
        let results = both("multitier", "server_cpu_per_flow", interval);
        one(&results, "L8 processor time")
    };
    assert_eq!(run([0.2, 0.3333]), GateOutcome::Held);
    assert_eq!(run([0.3334, 0.4]), GateOutcome::Failed);
    assert_eq!(run([0.2, 0.4]), GateOutcome::Inconclusive);
}

#[test]
fn ratios_do_not_apply_without_the_other_implementation() {
    assert_eq!(named(&rust("multitier", vec![good()]), "L2 rate"), []);
    let mut results = both("multitier", "rate", [4.0, 5.0]);
    results.comparisons.clear();
    assert_eq!(one(&results, "L2 rate"), GateOutcome::Inconclusive);
}

#[test]
fn budgets_without_a_matching_measurement_are_inconclusive() {
    let mut results = both("sweep", "rate", [4.0, 5.0]);
    for measurement in &mut results.measurements {
        measurement.load.users = 100;
    }
    let gates = named(&results, "L5 search rate");
    assert_eq!(gates[0].outcome, GateOutcome::Inconclusive);
    assert_eq!(
        gates[0].found,
        "no measurement of `rust` with 200 users has this figure"
    );
}

#[test]
fn inconclusive_runs_never_pass() {
    type Change = fn(&mut Results);
    let cases: [(&str, Change); 7] = [
        ("nothing was measured", |run| run.measurements.clear()),
        ("no gate was applied", |run| run.gates.clear()),
        ("a signal ended the run early", |run| run.interrupted = true),
        (
            "the machine's speed drifted by up to 11.4 % in computing",
            |run| {
                run.reference.push(reference(1.12));
            },
        ),
        ("fewer than two reference samples", |run| {
            run.reference.clear();
        }),
        ("gate `failures` of rust, 50 users, search", |run| {
            run.gates[0].outcome = GateOutcome::Inconclusive;
        }),
        ("", |run| {
            run.inconclusive.push("the peer is missing".to_owned());
        }),
    ];
    for (reason, change) in cases {
        let mut results = rust("smoke", vec![good()]);
        results.gates = judge(&results, &repository(), &EXPECTED);
        change(&mut results);
        assert_eq!(verdict(&results), Verdict::Inconclusive, "{reason}");
        assert_eq!(exit::from_verdict(verdict(&results)), exit::INCONCLUSIVE);
        let reasons = reasons(&results);
        assert!(
            reasons.iter().all(|found| found.starts_with(reason)),
            "{reasons:?}"
        );
        assert_eq!(reasons.len(), usize::from(!reason.is_empty()));
    }
}

#[test]
fn requested_regression_tests_are_gates() {
    let expected = Expectations {
        regression_against: Some("base"),
        ..EXPECTED
    };
    let mut results = results(
        "smoke",
        vec![
            measurement("rust", vec![good()]),
            measurement("base", vec![good()]),
        ],
    );
    let found = |results: &Results| {
        let gates = judge(results, &repository(), &expected);
        gates
            .into_iter()
            .find(|gate| gate.name == "regression")
            .unwrap()
    };
    assert_eq!(found(&results).found, "no pair of slices has both builds");
    assert_eq!(found(&results).outcome, GateOutcome::Inconclusive);
    results.measurements.pop();
    assert_eq!(
        found(&results).found,
        "no load was measured on both builds, `base` included"
    );
}

const BUDGET: &str = r#"
[[budget]]
name = "tail"
tiers = ["smoke"]
implementation = "rust"
figure = "p99_by_p50"
at_most = 4.0
reason = "because"
"#;

#[test]
fn budget_errors_report_the_place_and_the_expected_values() {
    Budgets::parse("b.toml", BUDGET).unwrap();
    let twice = format!("{BUDGET}{BUDGET}");
    let cases = [
        (
            "at_most = 4.0",
            "at_most = -4",
            "`b.toml`: budget `tail`, line 2: `at_most` is `-4`; expected a finite number above 0",
        ),
        (
            "at_most = 4.0",
            "at_most = nan",
            "`at_most` is `NaN`; expected a finite number above 0",
        ),
        ("at_most = 4.0", "", "`at_most` is missing"),
        ("at_most = 4.0", "at_most = \"4\"", "at_most = \"4\""),
        (
            "at_most = 4.0",
            "at_least = 4",
            "`at_least` is `4`; expected `at_most` instead",
        ),
        (
            "\"because\"",
            "\" \"",
            "`reason` is ` `; expected a non-empty text",
        ),
        ("reason = \"because\"", "", "missing field `reason`"),
        (
            "[\"smoke\"]",
            "[\"smok\"]",
            "unknown tier `smok`; expected one of `smoke`, `multitier`",
        ),
        ("[\"smoke\"]", "[]", "expected at least one tier"),
        (
            "p99_by_p50",
            "p98",
            "unknown variant `p98`, expected one of `p99_by_p50`",
        ),
        (
            "p99_by_p50",
            "server_cpu_per_flow",
            "`against` is `missing`; expected another implementation",
        ),
        (
            "at_most = 4.0",
            "at_most = 4.0\nagainst = \"go\"",
            "`against` is `go`; expected no such key",
        ),
        (
            "at_most = 4.0",
            "at_most = 4.0\nusers = 0",
            "`users` is `0`; expected at least 1",
        ),
        (
            "at_most = 4.0",
            "at_most = 4.0\nuser = 5",
            "unknown field `user`, expected one of `name`",
        ),
        (
            BUDGET,
            twice.as_str(),
            "line 10: `name` is `tail`; expected a unique name",
        ),
    ];
    for (from, to, problem) in cases {
        let text = BUDGET.replacen(from, to, 1);
        let error = Budgets::parse("b.toml", &text).unwrap_err();
        assert!(error.to_string().contains(problem), "{to}: {error}");
        assert_eq!(exit::from_error(&error.into()), exit::USAGE);
    }
    let missing = Budgets::read(Path::new("no/such.toml")).unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("cannot read `no/such.toml`"),
        "{missing}"
    );
    assert_eq!(exit::from_error(&missing.into()), exit::INFRASTRUCTURE);
}

#[test]
fn every_budget_of_the_repository_is_tested() {
    // A new budget needs a test in this file and its name here.
    let names: Vec<String> = repository()
        .0
        .into_iter()
        .map(|budget| budget.name)
        .collect();
    let tested = [
        "L2 rate",
        "L3 tail",
        "L4 server memory",
        "L5 search rate",
        "L6 mixed rate",
        "L7 arrivals",
        "L8 processor time",
        "flat memory",
        "flat descriptors",
        "ceiling",
    ];
    assert_eq!(names, tested);
}
