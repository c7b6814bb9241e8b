//! Merging the results of several machines.

use lakehouse_loadtests::gates::{Budgets, judge_merged};
use lakehouse_loadtests::results::{self, GateOutcome, MergeError, Results, Role, Shard, Verdict};

use crate::report::sample::{fail, flow, results};

/// Merges parts without budgets.
fn merge(parts: Vec<Results>) -> Result<Results, MergeError> {
    results::merge(parts, |_| Vec::new())
}

/// Shard `index` of `of` without failures and gates.
fn part(index: u32, of: u32) -> Results {
    let mut part = results();
    part.shard = Some(Shard { index, of });
    part.inconclusive.clear();
    part.gates.clear();
    for flow in part.measurements.iter_mut().flat_map(|m| &mut m.flows) {
        flow.failures = 0;
        flow.wrong.clear();
    }
    part
}

#[test]
fn percentiles_come_from_the_joint_times() {
    let (mut quick, mut slow) = (part(1, 2), part(2, 2));
    quick.measurements[0].flows[0] = flow("cold_search_email", (0..990).map(|_| 1_000), 10.0);
    slow.measurements[0].flows[0] = flow("cold_search_email", (0..10).map(|i| 80_000 + i), 10.0);
    quick.measurements[0].seconds = 10.0;
    slow.measurements[0].seconds = 8.0;
    let joint = flow(
        "cold_search_email",
        (0..990).map(|_| 1_000).chain((0..10).map(|i| 80_000 + i)),
        10.0,
    );
    let means = f64::midpoint(
        quick.measurements[0].flows[0].quantiles.p99_ms,
        slow.measurements[0].flows[0].quantiles.p99_ms,
    );
    let merged = merge(vec![quick, slow]).expect("one");
    let found = &merged.measurements[0].flows[0];
    assert_eq!(found.quantiles, joint.quantiles);
    assert_eq!(
        found.latencies.quantile_ms(0.999),
        joint.latencies.quantile_ms(0.999)
    );
    assert!(
        means > 10.0 * found.quantiles.p99_ms,
        "the mean of both would be {means}"
    );
    assert_eq!((found.count, found.rate), (1000, 100.0));
    assert_eq!(merged.measurements[0].seconds, 10.0);
}

#[test]
fn counts_timelines_and_slices_are_added() {
    let (mut one, mut two) = (part(1, 2), part(2, 2));
    fail(&mut one.measurements[1].flows[0], "status", 2, "first");
    fail(&mut two.measurements[1].flows[0], "status", 3, "second");
    fail(&mut two.measurements[1].flows[0], "body", 9, "third");
    two.measurements[0].timeline.truncate(5);
    two.started_at = "2026-11-20T14:03:07Z".parse().expect("a moment");
    let before = one.clone();
    // The order of the parts does not matter.
    let merged = merge(vec![two, one]).expect("one");
    assert_eq!(merged.started_at, before.started_at);
    assert_eq!(merged.duration_ms, before.duration_ms + 2_000);
    assert_eq!(merged.shard, None);
    let measurement = &merged.measurements[0];
    assert_eq!(measurement.load.users, 20);
    let single = |second: usize| before.measurements[0].timeline[second].count;
    assert_eq!(measurement.timeline[4].count, 2 * single(4));
    assert_eq!(measurement.timeline[5].count, single(5));
    let rounds: Vec<u32> = measurement.slices.iter().map(|slice| slice.round).collect();
    assert_eq!(rounds, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(
        measurement.slices[4].at_ms,
        measurement.slices[0].at_ms + 2_000
    );
    assert_eq!(merged.measurements[2].flows[1].dropped, 6);
    let wrong = &merged.measurements[1].flows[0];
    assert_eq!(wrong.failures, 14);
    let kinds: Vec<(&str, u64, &str)> = wrong
        .wrong
        .iter()
        .map(|wrong| (wrong.kind.as_str(), wrong.count, wrong.example.as_str()))
        .collect();
    assert_eq!(kinds, [("body", 9, "third"), ("status", 5, "first")]);
    assert_eq!(merged.verdict, Verdict::Fail);
    let failed: Vec<&str> = merged
        .gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Failed)
        .map(|gate| gate.subject.as_str())
        .collect();
    assert_eq!(failed, ["go, 10 users"]);
}

#[test]
fn a_shared_server_counts_once_and_separate_ones_are_all_kept() {
    let names = |merged: &Results| -> Vec<String> {
        let processes = merged.measurements[0].processes.iter();
        processes.map(|process| process.name.clone()).collect()
    };
    let own = merge(vec![part(1, 2), part(2, 2)]).expect("one");
    assert_eq!(
        names(&own),
        [
            "rust (shard 1)",
            "rust (shard 2)",
            "generator (shard 1)",
            "model server (shard 1)",
            "generator (shard 2)",
            "model server (shard 2)",
        ]
    );
    let attached = |index| {
        let mut part = part(index, 2);
        for implementation in &mut part.implementations {
            implementation.started_in_ms = None;
        }
        part
    };
    let (one, mut two) = (attached(1), attached(2));
    let max = one.measurements[0].processes[0].max_rss_bytes + 5;
    two.measurements[0].processes[0].max_rss_bytes = max;
    let mut elsewhere = two.clone();
    let shared = merge(vec![one.clone(), two]).expect("one");
    assert_eq!(
        names(&shared),
        [
            "rust",
            "generator (shard 1)",
            "model server",
            "generator (shard 2)"
        ]
    );
    let server = &shared.measurements[0].processes[0];
    assert_eq!(
        (server.role, server.max_rss_bytes, server.cpu_seconds),
        (Role::Server, max, 25.5)
    );
    elsewhere.machine.processor = "another".to_owned();
    let apart = merge(vec![one, elsewhere]).expect("one");
    assert_eq!(names(&apart)[..2], ["rust", "rust (shard 2)"]);
}

#[test]
fn gates_of_parts_do_not_hold_for_the_merged_run() {
    let whole = merge(vec![part(1, 2), part(2, 2)]).expect("one");
    assert_eq!(whole.verdict, Verdict::Pass, "{:?}", whole.inconclusive);
    assert_eq!(whole.gates.len(), 4);
    let mut judged = part(1, 2);
    judged.gates = results().gates;
    let whole = merge(vec![judged, part(2, 2)]).expect("one");
    assert_eq!(whole.verdict, Verdict::Fail);
    let kept: Vec<String> = whole
        .gates
        .iter()
        .map(|gate| format!("{} {}", gate.name, gate.subject))
        .collect();
    assert_eq!(kept[4..], ["L3 tail shard 1: rust, 50 users, profile_swap"]);
    assert_eq!(
        whole.inconclusive,
        ["these gates cannot be judged on merged results: `L2 rate`, `L8 server CPU`"]
    );
}

#[test]
fn budgets_are_judged_on_the_joint_times() {
    let budget = |limit: f64| {
        let text = format!(
            "[[budget]]\nname = \"ceiling\"\ntiers = [\"{}\"]\nimplementation = \"rust\"\n\
             users = 20\nfigure = \"p99_ms\"\nat_most = {limit}\nreason = \"a test\"\n",
            results().tier
        );
        Budgets::parse("budgets.toml", &text).expect("a budget")
    };
    // 20 ms is the p99 of the slow part only.
    let (mut quick, mut slow) = (part(1, 2), part(2, 2));
    for part in [&mut quick, &mut slow] {
        part.measurements.truncate(1);
        part.gates = results().gates;
        part.gates.truncate(1);
        part.gates[0].name = "ceiling".to_owned();
        part.gates[0].outcome = GateOutcome::Failed;
    }
    quick.measurements[0].flows = vec![flow("profile_swap", (0..1000).map(|_| 1_000), 10.0)];
    let times = (0..985).map(|_| 1_000).chain((0..15).map(|_| 20_000));
    slow.measurements[0].flows = vec![flow("profile_swap", times, 10.0)];
    let judged = |limit: f64| {
        let parts = vec![quick.clone(), slow.clone()];
        let whole = results::merge(parts, |merged| judge_merged(merged, &budget(limit)));
        let whole = whole.expect("one");
        let found = whole.gates.iter().filter(|gate| gate.name == "ceiling");
        let found: Vec<_> = found.map(|gate| gate.outcome).collect();
        (whole.verdict, found, whole.inconclusive)
    };
    assert_eq!(
        judged(15.0),
        (Verdict::Pass, vec![GateOutcome::Held], Vec::new())
    );
    assert_eq!(
        judged(0.5),
        (Verdict::Fail, vec![GateOutcome::Failed], Vec::new())
    );
}

#[test]
fn missing_shards_make_the_run_inconclusive() {
    let merged = merge(vec![part(2, 4), part(1, 4)]).expect("one");
    assert_eq!(merged.verdict, Verdict::Inconclusive);
    assert_eq!(merged.inconclusive, ["shards 3, 4 of 4 are missing"]);
}

#[test]
fn parts_of_different_runs_are_rejected() {
    let rejected = |change: fn(&mut Results), message: &str| {
        let mut other = part(2, 2);
        change(&mut other);
        let error = merge(vec![part(1, 2), other]).expect_err("rejected");
        assert_eq!(error.to_string(), message);
    };
    assert_eq!(merge(Vec::new()).expect_err("rejected"), MergeError::Empty);
    rejected(
        |part| part.schema_version = 7,
        "part 2 has schema version 7, expected 1: merge it with the version that wrote it",
    );
    rejected(
        |part| part.shard = None,
        "part 2 is a whole run, not a shard: merge only results of `--shard`",
    );
    rejected(
        |part| part.shard = Some(Shard { index: 1, of: 2 }),
        "parts 1 and 2 are both shard 1: the same load would count twice",
    );
    rejected(
        |part| part.shard = Some(Shard { index: 3, of: 2 }),
        "part 2 is shard 3 of 2, which does not exist",
    );
    rejected(
        |part| part.shard = Some(Shard { index: 2, of: 3 }),
        "part 2 has the number of shards `3`, expected `2` as in part 1: merge only parts of one run",
    );
    rejected(
        |part| part.tier = "sweep".to_owned(),
        "part 2 has the tier `sweep`, expected `multitier` as in part 1: merge only parts of one run",
    );
    rejected(
        |part| part.implementations[1].version = "peer 1.3".to_owned(),
        "part 2 has the implementations `rust lakehouse 0.1.0, go peer 1.3`, expected `rust lakehouse 0.1.0, go peer 1.2` as in part 1: merge only parts of one run",
    );
    rejected(
        |part| part.measurements[0].load.label = "11 users".to_owned(),
        "part 2 has the measurements `rust under 11 users, go under 10 users, rust under 50 users, go under 50 users`, expected `rust under 10 users, go under 10 users, rust under 50 users, go under 50 users` as in part 1: merge only parts of one run",
    );
}
