//! Build, search and scan, by precision and kind of graph.
//!
//! `cargo bench -p lakehouse-nearest --bench engines`

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lakehouse_nearest::{Arena, GraphKind, Metric, Precision, Query, build, scan};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const DIMENSION: usize = 768;
const PRECISIONS: [Precision; 3] = [Precision::F32, Precision::F16, Precision::I8];
const KINDS: [GraphKind; 2] = [GraphKind::Flat, GraphKind::HnswRs];

/// Clustered rows, fifty per centre.
fn arena(rows: usize, precision: Precision) -> Arena {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut vector = |size: f32| -> Vec<f32> {
        (0..DIMENSION)
            .map(|_| random.random_range(-size..size))
            .collect()
    };
    let centres: Vec<_> = (0..rows.div_ceil(50)).map(|_| vector(1.0)).collect();
    let arena = Arena::new(DIMENSION, Metric::Cosine, precision);
    for slot in 0..rows {
        let mut row = vector(0.7);
        let centre = &centres[slot % centres.len()];
        row.iter_mut()
            .zip(centre)
            .for_each(|(value, centre)| *value += centre);
        arena.push(&row);
    }
    arena
}

fn queries(arena: &Arena) -> impl Iterator<Item = Query> + use<> {
    let queries: Vec<_> = (0..arena.len())
        .step_by(97)
        .map(|slot| Query::from_row(arena, slot))
        .collect();
    queries.into_iter().cycle()
}

fn scans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan");
    for precision in PRECISIONS {
        let arena = arena(100_000, precision);
        for rows in [1_000, 5_000, 20_000, 100_000u32] {
            group.throughput(Throughput::Elements(u64::from(rows)));
            let mut queries = queries(&arena);
            let id = BenchmarkId::new(format!("{precision:?}"), rows);
            group.bench_function(id, |bencher| {
                bencher.iter_batched(
                    || queries.next().expect("a cycle"),
                    |query| black_box(scan(&arena, &query, 0..rows, 10)),
                    criterion::BatchSize::SmallInput,
                );
            });
        }
    }
}

fn graphs(criterion: &mut Criterion) {
    const ROWS: usize = 10_000;
    for precision in PRECISIONS {
        let arena = arena(ROWS, precision);
        for kind in KINDS {
            let name = format!("{kind:?} {precision:?}");
            let mut group = criterion.benchmark_group("build 2,000");
            let few = self::arena(2_000, precision);
            group.bench_function(&name, |bencher| {
                bencher.iter(|| black_box(build(kind, &few, 2).len()));
            });
            group.finish();

            let graph = build(kind, &arena, 2);
            let mut group = criterion.benchmark_group("search 10,000");
            for ef in [16, 64, 256] {
                let mut queries = queries(&arena);
                group.bench_function(BenchmarkId::new(&name, ef), |bencher| {
                    bencher.iter_batched(
                        || queries.next().expect("a cycle"),
                        |query| black_box(graph.search(&arena, &query, 10, ef, &|_| true)),
                        criterion::BatchSize::SmallInput,
                    );
                });
            }
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = scans, graphs
}
criterion_main!(benches);
