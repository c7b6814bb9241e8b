//! Tests for graphs of every kind.

use lakehouse_nearest::{
    Arena, DEFAULT_EF, Flat, Graph, GraphKind, HnswRs, Metric, Precision, Query, build, scan,
};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::data::{METRICS, PRECISIONS, arena, clustered};

const KINDS: [GraphKind; 2] = [GraphKind::Flat, GraphKind::HnswRs];

fn for_each(check: impl Fn(GraphKind, Metric, Precision)) {
    for kind in KINDS {
        for metric in METRICS {
            for precision in PRECISIONS {
                check(kind, metric, precision);
            }
        }
    }
}

#[test]
fn graphs_find_the_nearest() {
    for_each(|kind, metric, precision| {
        for (count, dimension) in [(1, 3), (2, 1), (300, 17), (1000, 32)] {
            let rows = clustered(21, count, dimension);
            let arena = arena(metric, precision, &rows);
            let graph = build(kind, &arena, 2);
            assert_eq!(graph.len(), arena.len());
            let (mut found, mut wanted) = (0, 0);
            for query in clustered(22, 50, dimension) {
                let query = Query::new(&arena, &query);
                let truth = scan(&arena, &query, 0..arena.len(), 10);
                let result = graph.search(&arena, &query, 10, DEFAULT_EF, &|_| true);
                assert!(result.is_sorted_by(|a, b| a.distance <= b.distance));
                for neighbour in &result {
                    assert_eq!(neighbour.distance, query.distance(&arena, neighbour.slot));
                }
                wanted += truth.len();
                found += truth
                    .iter()
                    .filter(|neighbour| result.contains(neighbour))
                    .count();
            }
            let recall = found as f64 / wanted as f64;
            assert!(
                recall >= 0.95,
                "{kind:?} {metric:?} {precision:?} {count}x{dimension}: {recall}"
            );
        }
    });
}

#[test]
fn graphs_find_every_duplicate() {
    for_each(|kind, metric, precision| {
        let mut rows = clustered(23, 200, 16);
        let twin = rows[5].clone();
        rows.splice(100..100, std::iter::repeat_n(twin.clone(), 500));
        let arena = arena(metric, precision, &rows);
        let graph = build(kind, &arena, 2);
        let result = graph.search(&arena, &Query::new(&arena, &twin), 501, 501, &|slot| {
            slot == 5 || (100..600).contains(&slot)
        });
        assert_eq!(result.len(), 501, "{kind:?} {metric:?} {precision:?}");
    });
}

#[test]
fn duplicates_are_inserted_without_a_search() {
    for precision in PRECISIONS {
        let rows = clustered(29, 300, 16);
        let arena = arena(Metric::Cosine, precision, &rows);
        let graph = Flat::new();
        graph.extend(&arena, arena.len(), 2);
        let computed = graph.rows_computed();
        for row in &rows[..200] {
            arena.push(row);
        }
        graph.extend(&arena, arena.len(), 2);
        assert_eq!(graph.rows_computed(), computed, "{precision:?}");
        for (slot, row) in (300..500).zip(&rows) {
            let found = graph.search(&arena, &Query::new(&arena, row), 1, 50, &|s| s == slot);
            assert_eq!(found.len(), 1, "{precision:?} slot {slot}");
        }
    }
}

#[test]
fn searches_without_candidates_are_empty() {
    for_each(|kind, metric, precision| {
        let arena = Arena::new(3, metric, precision);
        let query = Query::new(&arena, &[1.0, 2.0, 3.0]);
        let graph = build(kind, &arena, 2);
        assert!(graph.search(&arena, &query, 3, 10, &|_| true).is_empty());
        arena.push(&[1.0, 0.0, 0.0]);
        graph.extend(&arena, 1, 2);
        assert_eq!(graph.search(&arena, &query, 3, 10, &|_| true).len(), 1);
        assert!(graph.search(&arena, &query, 3, 10, &|_| false).is_empty());
        assert!(graph.search(&arena, &query, 0, 10, &|_| true).is_empty());
    });
}

#[test]
fn only_accepted_rows_are_returned() {
    for_each(|kind, metric, precision| {
        let rows = clustered(24, 1000, 8);
        let arena = arena(metric, precision, &rows);
        let graph = build(kind, &arena, 2);
        for share in [2, 10, 100] {
            let accept = |slot: u32| slot.is_multiple_of(share);
            for row in rows.iter().take(10) {
                let query = Query::new(&arena, row);
                let found = graph.search(&arena, &query, 5, DEFAULT_EF, &accept);
                assert!(
                    found.len() >= 5,
                    "{kind:?} {metric:?} {precision:?} 1/{share}"
                );
                assert!(found.iter().all(|neighbour| accept(neighbour.slot)));
            }
        }
    });
}

#[test]
fn graphs_hold_rows_of_any_dimension() {
    for_each(|kind, metric, precision| {
        for dimension in [1, 3, 17, 768] {
            let rows = clustered(25, 60, dimension);
            let arena = arena(metric, precision, &rows);
            let graph = build(kind, &arena, 2);
            let query = Query::new(&arena, &rows[30]);
            let found = graph.search(&arena, &query, 60, 60, &|_| true);
            assert_eq!(
                found,
                scan(&arena, &query, 0..60, 60),
                "{kind:?} {metric:?} {dimension}"
            );
        }
    });
}

#[test]
fn graphs_can_be_searched_while_they_grow() {
    let rows = clustered(26, 6000, 16);
    for kind in KINDS {
        let arena = arena(Metric::Cosine, Precision::I8, &rows[..100]);
        let graph: Box<dyn Graph> = match kind {
            GraphKind::Flat => Box::new(Flat::new()),
            GraphKind::HnswRs => Box::new(HnswRs::new(&arena)),
        };
        graph.extend(&arena, 100, 1);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut next = 0;
                while !done.load(Ordering::Acquire) {
                    let len = graph.len();
                    let query = Query::new(&arena, &rows[next % 6000]);
                    let found = graph.search(&arena, &query, 10, DEFAULT_EF, &|slot| slot < len);
                    assert!(found.len() >= 10, "{kind:?}: {} of {len}", found.len());
                    assert!(found.iter().all(|neighbour| neighbour.slot < len));
                    next += 1;
                }
            });
            for from in (100..6000).step_by(590) {
                rows[from..from + 590].iter().for_each(|row| {
                    let _ = arena.push(row);
                });
                graph.extend(&arena, arena.len(), 2);
            }
            done.store(true, Ordering::Release);
        });
        assert_eq!(graph.len(), 6000);
        let recall = lakehouse_nearest::recall_at(&*graph, &arena, 100, 10, DEFAULT_EF);
        assert!(recall >= 0.97, "{kind:?}: {recall}");
    }
}

#[test]
fn infinite_distances_are_ranked() {
    for kind in KINDS {
        for (metric, precision) in [
            (Metric::Dot, Precision::F32),
            (Metric::Euclidean, Precision::I8),
        ] {
            let mut rows = clustered(27, 100, 4);
            rows.extend(vec![
                vec![3e38, -3e38, 3e38, -3e38],
                vec![-3e38, -3e38, 3e38, 3e38],
            ]);
            let arena = arena(metric, precision, &rows);
            let graph = build(kind, &arena, 2);
            let query = Query::new(&arena, &rows[1]);
            let found = graph.search(&arena, &query, 3, 102, &|_| true);
            assert_eq!(
                found,
                scan(&arena, &query, 0..102, 3),
                "{kind:?} {metric:?}"
            );
        }
    }
}
