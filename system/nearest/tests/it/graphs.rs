//! What every graph does.

use lakehouse_nearest::{DEFAULT_EF, GraphKind, Metric, Precision, Query, build, scan};

use crate::data::{METRICS, PRECISIONS, arena, clustered};

const KINDS: [GraphKind; 2] = [GraphKind::Flat, GraphKind::HnswRs];

fn each(check: impl Fn(GraphKind, Metric, Precision)) {
    for kind in KINDS {
        for metric in METRICS {
            for precision in PRECISIONS {
                check(kind, metric, precision);
            }
        }
    }
}

#[test]
fn find_the_nearest() {
    each(|kind, metric, precision| {
        for (count, dimension) in [(1, 3), (2, 1), (300, 17), (3000, 32)] {
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
                    assert_eq!(neighbour.distance, arena.distance(&query, neighbour.slot));
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
fn find_every_duplicate() {
    each(|kind, metric, precision| {
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
