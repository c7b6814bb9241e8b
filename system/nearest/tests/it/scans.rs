//! Scans are exact for all kinds of rows.

use lakehouse_nearest::{Metric, Precision, Query, scan, scan_where};
use proptest::prelude::*;
use rand::RngExt;

use crate::data::{METRICS, PRECISIONS, arena, by_definition, clustered, exact, random, vector};

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

/// Components of which large ones cancel: in `f32`, or in another order, little is left of the rest.
fn cancelling() -> impl Strategy<Value = f32> {
    prop::sample::select(vec![
        0.0f32,
        -0.0,
        1.0,
        -1.0,
        2.0,
        -2.0,
        3.0,
        0.1,
        -0.3,
        1e-30,
        -1e-23,
        1e-46,
        16_777_217.0,
        1e7,
        -1e7,
        1e15,
        -1e15,
        5e14,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn scans_of_cancelling_rows_are_exact(
        rows in (1..40usize).prop_flat_map(|dimension| {
            prop::collection::vec(prop::collection::vec(cancelling(), dimension), 2..40)
        }),
    ) {
        let (query, rows) = rows.split_first().expect("two at least");
        check(rows, std::slice::from_ref(query));
    }
}

#[test]
fn sums_are_exact_where_single_precision_is_not() {
    let rows = [vec![1.0, -1e15, 1e15], vec![0.5, 0.0, 0.0]];
    for precision in PRECISIONS {
        let arena = arena(Metric::Dot, precision, &rows);
        let query = Query::new(&arena, &[1.0, -2.0, -2.0]);
        let found = scan(&arena, &query, 0..2, 1);
        assert_eq!(
            (found[0].slot, found[0].distance),
            (0, -1.0),
            "{precision:?}"
        );
    }
    let rows = [vec![0.0, 0.0], vec![1e-23, 0.0], vec![2e-23, 0.0]];
    for precision in PRECISIONS {
        let arena = arena(Metric::Euclidean, precision, &rows);
        let query = Query::new(&arena, &[2e-23, 0.0]);
        let slots: Vec<u32> = scan(&arena, &query, 0..3, 2)
            .iter()
            .map(|one| one.slot)
            .collect();
        assert_eq!(slots, [2, 1], "{precision:?}");
    }
}

#[test]
fn unit_vectors_are_quotients_by_the_norm() {
    let mut random = random(9);
    for dimension in [1, 3, 17, 768] {
        let vector = vector(&mut random, dimension);
        let arena = arena(Metric::Cosine, Precision::I8, std::slice::from_ref(&vector));
        let mut sum = 0.0;
        for value in &vector {
            sum += f64::from(*value) * f64::from(*value);
        }
        let norm: f64 = f64::sqrt(sum);
        let unit: Vec<f32> = vector
            .iter()
            .map(|value| (f64::from(*value) / norm) as f32)
            .collect();
        let mut stored = vec![0.0; dimension];
        arena.copy_row(0, &mut stored);
        assert_eq!(stored, unit);
        assert_eq!(Query::new(&arena, &vector).vector(), unit);
        let distance = Metric::Cosine.distance(&unit, &unit);
        assert_eq!(distance, by_definition(Metric::Cosine, &unit, &unit));
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
