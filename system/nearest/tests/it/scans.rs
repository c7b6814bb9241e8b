//! Scans are exact for all kinds of rows.

use lakehouse_nearest::{Metric, Precision, Query, scan, scan_where};
use proptest::prelude::*;
use rand::RngExt;

use crate::data::{METRICS, PRECISIONS, arena, clustered, exact, random, vector};

/// Compares scans of these rows, in all metrics and precisions, with computing every distance.
fn check(rows: &[Vec<f32>], queries: &[Vec<f32>]) {
    for metric in METRICS {
        for precision in PRECISIONS {
            let arena = arena(metric, precision, rows);
            for query in queries {
                let query = Query::new(&arena, query);
                for k in [0, 1, 3, 10, rows.len(), rows.len() + 5] {
                    let truth = exact(&arena, &query, 0..arena.len(), k);
                    let found = scan(&arena, &query, 0..arena.len(), k);
                    assert_eq!(found, truth, "{metric:?} {precision:?} k {k}");
                    let odd = (0..arena.len()).filter(|slot| slot % 3 == 1);
                    assert_eq!(
                        scan(&arena, &query, odd.clone(), k),
                        exact(&arena, &query, odd, k),
                        "{metric:?} {precision:?} k {k}, some slots"
                    );
                    let is_odd = |slot| slot % 3 == 1;
                    assert_eq!(
                        scan_where(&arena, &query, 0..arena.len(), is_odd, k),
                        exact(
                            &arena,
                            &query,
                            (0..arena.len()).filter(|slot| is_odd(*slot)),
                            k
                        ),
                        "{metric:?} {precision:?} k {k}, some of a range"
                    );
                }
            }
        }
    }
}

#[test]
fn scans_of_every_shape_are_exact() {
    for dimension in [1, 2, 3, 15, 17, 64, 100, 768] {
        for count in [1, 2, 63, 64, 65, 500] {
            let rows = clustered(7, count, dimension);
            let queries = [
                rows[0].clone(),
                vector(&mut random(8), dimension),
                vec![0.0; dimension],
            ];
            check(&rows, &queries);
        }
    }
}

#[test]
fn scans_of_near_duplicates_are_exact() {
    let mut random = random(3);
    let base = vector(&mut random, 48);
    let mut rows = vec![base.clone(); 300];
    for row in rows.iter_mut().skip(150) {
        let place = random.random_range(0..48);
        row[place] = row[place].next_up();
    }
    check(&rows, &[base, vector(&mut random, 48)]);
}

#[test]
fn scans_of_huge_and_tiny_rows_are_exact() {
    let mut random = random(4);
    for exponent in [-44.0f32, -38.0, -30.0, -20.0, -10.0, 10.0, 15.0, 18.0] {
        let rows: Vec<Vec<f32>> = (0..200)
            .map(|_| {
                let size = 10f32.powf(exponent + random.random_range(-2.0..2.0));
                vector(&mut random, 32)
                    .into_iter()
                    .map(|value| value * size)
                    .collect()
            })
            .collect();
        let unit = vector(&mut random, 32);
        let alike = unit
            .iter()
            .map(|value| value * 10f32.powf(exponent))
            .collect();
        check(&rows, &[rows[7].clone(), unit, alike]);
    }
}

#[test]
fn scans_of_mixed_sizes_and_outliers_are_exact() {
    let mut random = random(5);
    let rows: Vec<Vec<f32>> = (0..400)
        .map(|_| {
            let mut row = vector(&mut random, 40);
            if random.random_bool(0.5) {
                // One large value leaves almost no codes for the others.
                row[random.random_range(0..40)] = random.random_range(-1e4..1e4);
            }
            row
        })
        .collect();
    check(
        &rows,
        &[rows[0].clone(), rows[1].clone(), vector(&mut random, 40)],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn scans_of_arbitrary_rows_are_exact(
        rows in (1..24usize).prop_flat_map(|dimension| prop::collection::vec(
            prop::collection::vec((-1.0f32..1.0, -30..30i32).prop_map(|(m, e)| m * 2f32.powi(e)), dimension),
            2..60,
        )),
    ) {
        let (query, rows) = rows.split_first().expect("two at least");
        check(rows, std::slice::from_ref(query));
    }
}

#[test]
fn scans_cross_chunks() {
    let rows = clustered(11, 20_000, 24);
    let arena = arena(Metric::Cosine, Precision::I8, &rows);
    for query in clustered(12, 20, 24) {
        let query = Query::new(&arena, &query);
        assert_eq!(
            scan(&arena, &query, 0..arena.len(), 10),
            exact(&arena, &query, 0..arena.len(), 10)
        );
    }
}
