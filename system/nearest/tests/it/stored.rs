//! Tests of the stored form of graphs.

use lakehouse_nearest::{
    Arena, Graph, GraphError, GraphKind, Metric, Precision, Query, build, read,
};
use proptest::prelude::*;
use rand::RngExt;

use crate::data::{METRICS, PRECISIONS, arena, clustered, random};

fn small() -> (Arena, Vec<u8>) {
    let mut rows = clustered(41, 200, 5);
    rows.extend(vec![rows[0].clone(); 20]);
    let arena = arena(Metric::Cosine, Precision::I8, &rows);
    let bytes = bytes_of(&*build(GraphKind::Flat, &arena, 1));
    (arena, bytes)
}

fn bytes_of(graph: &dyn Graph) -> Vec<u8> {
    let mut bytes = Vec::new();
    graph.write(&mut bytes).expect("the graph written");
    bytes
}

#[test]
fn graphs_round_trip() {
    for metric in METRICS {
        for precision in PRECISIONS {
            let rows = clustered(42, 1500, 9);
            let arena = arena(metric, precision, &rows[..1000]);
            let graph = build(GraphKind::Flat, &arena, 2);
            let again = read(GraphKind::Flat, &arena, &bytes_of(&*graph)).expect("a graph");
            assert_eq!(again.len(), 1000);
            assert_eq!(bytes_of(&*again), bytes_of(&*graph));
            for row in &rows[1000..1020] {
                let query = Query::new(&arena, row);
                let search = |graph: &dyn Graph| graph.search(&arena, &query, 5, 20, &|_| true);
                assert_eq!(search(&*again), search(&*graph));
            }
            // The graph can still be extended.
            rows[1000..].iter().for_each(|row| {
                let _ = arena.push(row);
            });
            again.extend(&arena, 1500, 2);
            let query = Query::new(&arena, &rows[1400]);
            assert!(
                again
                    .search(&arena, &query, 5, 64, &|slot| slot == 1400)
                    .len()
                    == 1
            );
        }
    }
}

#[test]
fn empty_graphs_round_trip() {
    let arena = Arena::new(4, Metric::Dot, Precision::F32);
    let graph = build(GraphKind::Flat, &arena, 2);
    let again = read(GraphKind::Flat, &arena, &bytes_of(&*graph)).expect("a graph");
    assert!(again.is_empty());
    let query = Query::new(&arena, &[0.0; 4]);
    assert!(again.search(&arena, &query, 5, 64, &|_| true).is_empty());
}

#[test]
fn single_threaded_build_is_deterministic() {
    assert_eq!(small().1, small().1);
}

#[test]
fn library_graphs_cannot_be_stored() {
    let arena = arena(Metric::Dot, Precision::I8, &clustered(43, 5, 3));
    let graph = build(GraphKind::HnswRs, &arena, 1);
    assert!(matches!(
        graph.write(&mut Vec::new()),
        Err(GraphError::Unsupported(_))
    ));
    assert!(matches!(
        read(GraphKind::HnswRs, &arena, &[]),
        Err(GraphError::Unsupported(_))
    ));
}

#[test]
fn truncated_bytes_are_rejected() {
    let (arena, bytes) = small();
    for length in 0..bytes.len() {
        assert!(
            read(GraphKind::Flat, &arena, &bytes[..length]).is_err(),
            "{length}"
        );
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(read(GraphKind::Flat, &arena, &longer).is_err());
}

#[test]
fn graphs_larger_than_the_arena_are_rejected() {
    let (_, bytes) = small();
    let fewer = arena(Metric::Cosine, Precision::I8, &clustered(44, 50, 5));
    assert!(matches!(
        read(GraphKind::Flat, &fewer, &bytes),
        Err(GraphError::Damaged(_))
    ));
}

/// Any bytes yield an error, or a graph that can be searched and extended without a panic.
fn check_no_panic(arena: &Arena, bytes: &[u8]) {
    let Ok(graph) = read(GraphKind::Flat, arena, bytes) else {
        return;
    };
    let query = Query::from_row(arena, 3);
    let found = graph.search(arena, &query, 300, 300, &|_| true);
    assert!(found.iter().all(|neighbour| neighbour.slot < arena.len()));
    graph.extend(arena, arena.len(), 1);
}

#[test]
fn damaged_words_never_panic() {
    let (arena, bytes) = small();
    let mut random = random(45);
    for _ in 0..3000 {
        let mut damaged = bytes.clone();
        for _ in 0..random.random_range(1..4) {
            let word = random.random_range(0..damaged.len() / 4) * 4;
            let value: u32 = match random.random_range(0..3) {
                0 => random.random_range(0..230),
                1 => u32::MAX - random.random_range(0..3),
                _ => random.random(),
            };
            damaged[word..word + 4].copy_from_slice(&value.to_le_bytes());
        }
        check_no_panic(&arena, &damaged);
    }
}

proptest! {
    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_no_panic(&small().0, &bytes);
        // Also after a valid prefix.
        let (arena, mut true_bytes) = small();
        true_bytes.truncate(28);
        true_bytes.extend(bytes);
        check_no_panic(&arena, &true_bytes);
    }
}
