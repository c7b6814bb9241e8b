//! Rows and codes, in memory and in files.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lakehouse_nearest::{
    Arena, ArenaError, Metric, Precision, Query, ROWS_PER_CHUNK, StoredRows, scan,
};

use crate::data::{METRICS, PRECISIONS, arena, clustered, random, vector};

const DIMENSION: usize = 12;

/// The rows in a file, one part per chunk.
fn stored(arena: &Arena) -> Vec<StoredRows> {
    let path = std::env::temp_dir().join(format!(
        "nearest-{}-{:?}.f32",
        std::process::id(),
        std::thread::current().id()
    ));
    arena
        .write_rows(0..arena.len(), &mut File::create(&path).expect("a file"))
        .expect("rows written");
    let file = Arc::new(File::open(&path).expect("the file"));
    // The open file stays readable.
    std::fs::remove_file(&path).expect("the file removed");
    let dimension = arena.dimension();
    (0..arena.len() as usize)
        .step_by(ROWS_PER_CHUNK)
        .map(|from| {
            let rows = (arena.len() as usize - from).min(ROWS_PER_CHUNK);
            StoredRows::new(
                file.clone(),
                (from * dimension * 4) as u64,
                rows * dimension,
            )
            .expect("a part")
        })
        .collect()
}

fn row(arena: &Arena, slot: u32) -> Vec<f32> {
    let mut row = vec![0.0; arena.dimension()];
    arena.copy_row(slot, &mut row);
    row
}

#[test]
fn rows_are_returned_unchanged() {
    let rows = clustered(31, 300, DIMENSION);
    for precision in PRECISIONS {
        for metric in [Metric::Euclidean, Metric::Dot] {
            let arena = arena(metric, precision, &rows);
            for (slot, vector) in rows.iter().enumerate() {
                assert_eq!(&row(&arena, slot as u32), vector);
            }
        }
        let arena = arena(Metric::Cosine, precision, &rows);
        for slot in 0..arena.len() {
            let norm: f32 = row(&arena, slot).iter().map(|value| value * value).sum();
            assert!((norm - 1.0).abs() < 1e-5, "{norm}");
        }
    }
}

#[test]
fn zero_vectors_have_distance_1() {
    let arena = arena(
        Metric::Cosine,
        Precision::I8,
        &[vec![0.0; 3], vec![1.0, 0.0, 0.0]],
    );
    let query = Query::new(&arena, &[1.0, 0.0, 0.0]);
    assert_eq!(query.distance(&arena, 0), 1.0);
    assert_eq!(query.distance(&arena, 1), 0.0);
    let nothing = Query::new(&arena, &[0.0; 3]);
    assert_eq!(
        scan(&arena, &nothing, 0..2, 1).len(),
        2,
        "both have distance 1"
    );
}

#[test]
fn arenas_round_trip_through_files() {
    let rows = clustered(32, ROWS_PER_CHUNK + 700, DIMENSION);
    for metric in METRICS {
        for precision in PRECISIONS {
            let arena = arena(metric, precision, &rows);
            let mut codes = Vec::new();
            arena
                .write_codes(0..arena.len(), &mut codes)
                .expect("codes written");
            assert_eq!(
                codes.len(),
                rows.len() * Arena::code_row_bytes(DIMENSION, precision),
                "{precision:?}"
            );
            let open = |codes: Option<&mut dyn Read>| {
                let parts = stored(&arena);
                Arena::from_parts(DIMENSION, metric, precision, arena.len(), parts, codes)
            };
            let with_codes = open(Some(&mut codes.as_slice())).expect("an arena");
            let without = open(None).expect("an arena with recomputed codes");
            for opened in [with_codes, without] {
                let mut again = Vec::new();
                opened
                    .write_codes(0..opened.len(), &mut again)
                    .expect("codes written");
                assert_eq!(again, codes);
                let more = vector(&mut random(33), DIMENSION);
                assert_eq!(opened.push(&more), rows.len() as u32);
                for slot in (0..arena.len()).step_by(371) {
                    assert_eq!(row(&opened, slot), row(&arena, slot));
                }
                let is_stored = opened.memory().stored_bytes > 0;
                assert_eq!(is_stored, precision != Precision::F32);
            }
            if precision != Precision::F32 {
                let short = &codes[..codes.len() - 1];
                assert!(open(Some(&mut &*short)).is_err());
                codes.push(0);
                assert!(open(Some(&mut codes.as_slice())).is_err());
            }
        }
    }
}

#[test]
fn damaged_codes_are_an_error() {
    let arena = arena(Metric::Dot, Precision::I8, &clustered(34, 40, DIMENSION));
    let mut codes = Vec::new();
    arena
        .write_codes(0..arena.len(), &mut codes)
        .expect("codes written");
    codes[5] ^= 1;
    let opened = Arena::from_parts(
        DIMENSION,
        Metric::Dot,
        Precision::I8,
        arena.len(),
        stored(&arena),
        Some(&mut codes.as_slice()),
    );
    assert!(matches!(opened, Err(ArenaError::Parts { .. })));
}

#[test]
fn chunks_can_be_replaced_while_they_are_read() {
    let rows = clustered(35, 2 * ROWS_PER_CHUNK + 10, DIMENSION);
    let arena = arena(Metric::Euclidean, Precision::I8, &rows);
    let before = arena.memory();
    let parts = stored(&arena);
    assert_eq!(arena.replaceable_chunks().collect::<Vec<_>>(), [0, 1]);
    let query = Query::new(&arena, &rows[3]);
    let truth = scan(&arena, &query, 0..arena.len(), 20);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                assert_eq!(scan(&arena, &query, 0..rows.len() as u32, 20), truth);
            }
        });
        for _ in 0..20 {
            for (index, part) in parts.iter().take(2).enumerate() {
                arena
                    .replace_chunk(index, part.clone())
                    .expect("a full chunk");
            }
        }
        done.store(true, Ordering::Release);
    });
    assert_eq!(arena.replaceable_chunks().count(), 0);
    let after = arena.memory();
    assert_eq!(after.stored_bytes, 2 * ROWS_PER_CHUNK * DIMENSION * 4);
    assert_eq!(after.owned_bytes + after.stored_bytes, before.owned_bytes);
    assert!(
        arena.replace_chunk(2, parts[2].clone()).is_err(),
        "not full"
    );
    assert!(
        arena.replace_chunk(0, parts[2].clone()).is_err(),
        "too few rows"
    );
    let traversed = arena.with_precision(Precision::F32);
    assert!(
        traversed.replace_chunk(0, parts[0].clone()).is_err(),
        "traversed"
    );
}

#[test]
fn ranges_beyond_the_file_are_rejected() {
    let mut file = tempfile();
    file.write_all(&[0; 64]).expect("bytes written");
    let file = Arc::new(file);
    assert!(StoredRows::new(file.clone(), 0, 16).is_ok());
    for (offset, values) in [(0, 17), (4, 16), (u64::MAX - 3, 1), (0, usize::MAX)] {
        assert!(
            StoredRows::new(file.clone(), offset, values).is_err(),
            "{offset} {values}"
        );
    }
}

fn tempfile() -> File {
    let path = std::env::temp_dir().join(format!("nearest-{}-range", std::process::id()));
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path);
    let file = file.expect("a file");
    std::fs::remove_file(path).expect("the file removed");
    file
}

#[test]
fn readers_see_complete_rows_while_rows_are_pushed() {
    let arena = Arena::new(64, Metric::Euclidean, Precision::I8);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while seen < 3 * ROWS_PER_CHUNK as u32 {
                for slot in seen..arena.len() {
                    arena.with_row(slot, |row| assert!(row.iter().all(|&v| v == slot as f32)));
                }
                seen = arena.len();
                std::thread::yield_now();
            }
        });
        for slot in 0..3 * ROWS_PER_CHUNK {
            arena.push(&[slot as f32; 64]);
        }
        reader.join().expect("only complete rows");
    });
}

#[test]
fn all_instruction_sets_give_the_same_codes_and_distances() {
    let rows = clustered(36, 60, 37);
    for metric in METRICS {
        for precision in PRECISIONS {
            let results = lakehouse_nearest::Kernels::available()
                .into_iter()
                .map(|kernels| {
                    let arena = Arena::with_kernels(37, metric, precision, kernels);
                    rows.iter().for_each(|row| {
                        let _ = arena.push(row);
                    });
                    let mut codes = Vec::new();
                    arena
                        .write_codes(0..arena.len(), &mut codes)
                        .expect("codes written");
                    let query = Query::new(&arena, &rows[1]);
                    (codes, scan(&arena, &query, 0..arena.len(), 60))
                });
            let results: Vec<_> = results.collect();
            assert!(
                results.iter().all(|result| *result == results[0]),
                "{metric:?} {precision:?}"
            );
        }
    }
}
