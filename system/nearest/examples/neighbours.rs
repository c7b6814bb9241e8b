//! Builds a graph over some rows, searches it and measures its recall.
//!
//! `cargo run --release -p lakehouse-nearest --example neighbours`

use lakehouse_nearest::{
    Arena, DEFAULT_EF, Gate, GraphKind, Metric, Plan, Precision, Query, gate, plan, recall_at, scan,
};
use rand::{RngExt, SeedableRng};

const DIMENSION: usize = 64;
const ROWS: usize = 10_000;

fn main() {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let arena = Arena::new(DIMENSION, Metric::Cosine, Precision::I8);
    let centres: Vec<[f32; DIMENSION]> = (0..200)
        .map(|_| std::array::from_fn(|_| random.random_range(-1.0..1.0)))
        .collect();
    for slot in 0..ROWS {
        let centre = &centres[slot % centres.len()];
        arena.push(&centre.map(|value| value + random.random_range(-0.5..0.5)));
    }

    // Choose the shortest codes that reach the required recall.
    let gated = gate(GraphKind::Flat, &arena, 2, Gate::default());
    println!(
        "tried {:?}, chose {:?}",
        gated.tried,
        gated.arena.precision()
    );
    let (arena, graph) = (gated.arena, gated.graph);
    println!(
        "recall@10: {:.4}",
        recall_at(&*graph, &arena, 500, 10, DEFAULT_EF)
    );

    // The nearest five, by the graph and exactly.
    let query = Query::new(&arena, &centres[7]);
    for neighbour in graph.search(&arena, &query, 5, DEFAULT_EF, &|_| true) {
        println!("slot {} at {:.4}", neighbour.slot, neighbour.distance);
    }
    println!("exactly: {:?}", scan(&arena, &query, 0..arena.len(), 5));

    // The nearest five of the slots that a filter allows.
    let allowed: Vec<u32> = (0..arena.len()).filter(|slot| slot % 3 == 0).collect();
    let found = match plan(allowed.len(), ROWS, DEFAULT_EF, 5) {
        Plan::Scan => scan(&arena, &query, allowed.iter().copied(), 5),
        Plan::Graph { ef } => graph.search(&arena, &query, 5, ef, &|slot| slot % 3 == 0),
    };
    println!("of every third: {found:?}");
}
