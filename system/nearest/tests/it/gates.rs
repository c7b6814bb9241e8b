//! Tests of recall, gate and plan.

use lakehouse_nearest::{
    DEFAULT_EF, Gate, GraphKind, Metric, Plan, Precision, build, gate, plan, recall_at,
};

use crate::data::{arena, clustered, random, vector};

#[test]
fn recall_compares_with_the_exact_answer() {
    let arena = arena(Metric::Cosine, Precision::I8, &clustered(51, 2000, 24));
    let graph = build(GraphKind::Flat, &arena, 2);
    assert!(recall_at(&*graph, &arena, 100, 10, DEFAULT_EF) >= 0.99);
    assert_eq!(recall_at(&*graph, &arena, 10, 10, 2000), 1.0);
}

#[test]
fn short_codes_are_used_if_they_pass_the_gate() {
    let arena = arena(Metric::Cosine, Precision::F32, &clustered(52, 1500, 24));
    let gated = gate(GraphKind::Flat, &arena, 2, Gate::default());
    assert_eq!(gated.arena.precision(), Precision::I8, "{:?}", gated.tried);
    assert_eq!(gated.tried.len(), 1);
    assert_eq!(gated.graph.len(), arena.len());
}

#[test]
fn longer_codes_are_used_if_short_ones_fail() {
    // One large value in each row leaves few integer steps for the others.
    let mut random = random(53);
    let mut rows: Vec<_> = (0..1500).map(|_| vector(&mut random, 24)).collect();
    rows.iter_mut().for_each(|row| row.push(100.0));
    let arena = arena(Metric::Euclidean, Precision::I8, &rows);
    let gated = gate(GraphKind::Flat, &arena, 2, Gate::default());
    assert_eq!(gated.arena.precision(), Precision::F16, "{:?}", gated.tried);
    assert_eq!(gated.tried.len(), 2);
    assert!(
        gated.tried[0].1 < 0.99 && gated.tried[1].1 >= 0.99,
        "{:?}",
        gated.tried
    );
}

#[test]
fn the_shortest_of_the_best_codes_is_used_if_none_passes() {
    let arena = arena(Metric::Cosine, Precision::I8, &clustered(54, 1000, 24));
    let never = Gate {
        min_recall: 1.1,
        ..Gate::default()
    };
    let gated = gate(GraphKind::Flat, &arena, 2, never);
    assert_eq!(gated.tried.len(), 3);
    assert_eq!(gated.arena.precision(), Precision::I8, "{:?}", gated.tried);
}

#[test]
fn the_plan_scans_only_small_shares() {
    assert_eq!(plan(0, 100_000, 64, 10), Plan::Scan);
    assert_eq!(plan(64, 64, 64, 10), Plan::Scan);
    assert_eq!(plan(1_000, 100_000, 64, 10), Plan::Scan);
    assert_eq!(plan(100_000, 100_000, 64, 10), Plan::Graph { ef: 64 });
    assert_eq!(plan(90_000, 100_000, 64, 100), Plan::Graph { ef: 100 });
    // The plan changes only once as the share grows.
    let turns = (1..=100).map(|percent| plan(percent * 1000, 100_000, 64, 10));
    assert!(turns.is_sorted_by_key(|plan| plan != Plan::Scan));
}
