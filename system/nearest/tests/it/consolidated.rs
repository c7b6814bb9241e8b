//! Tests of graphs that are derived from the graph over all rows.

use std::cell::Cell;

use lakehouse_nearest::{
    Arena, DEFAULT_EF, Flat, Graph, GraphKind, Metric, Precision, Query, build, read, recall_at,
};

use crate::data::{METRICS, PRECISIONS, arena, clustered};

const DIMENSION: usize = 32;

/// A graph over all rows, and the arena of those that `keep` keeps.
struct Pair {
    arena: Arena,
    graph: Flat,
    new_slots: Vec<Option<u32>>,
    kept: Vec<Vec<f32>>,
}

impl Pair {
    fn new(
        metric: Metric,
        precision: Precision,
        rows: &[Vec<f32>],
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let all = arena(metric, precision, rows);
        let graph = Flat::new();
        graph.extend(&all, all.len(), 2);
        let mut next = 0..;
        let new_slots = (0..rows.len()).map(|at| keep(at).then(|| next.next().expect("a slot")));
        let kept = rows.iter().enumerate().filter(|(at, _)| keep(*at));
        let kept: Vec<_> = kept.map(|(_, row)| row.clone()).collect();
        Self {
            arena: arena(metric, precision, &kept),
            graph,
            new_slots: new_slots.collect(),
            kept,
        }
    }

    fn consolidated(&self) -> Option<Box<dyn Graph>> {
        self.graph
            .consolidated(&self.arena, &self.new_slots, &|| true)
    }
}

/// The number of kept rows that a narrow search for them does not find.
fn not_found(arena: &Arena, graph: &dyn Graph, kept: &[Vec<f32>]) -> usize {
    let is_found = |(slot, row): &(u32, &Vec<f32>)| {
        let query = Query::new(arena, row);
        let found = graph.search(arena, &query, 1, DEFAULT_EF, &|s| s == *slot);
        !found.is_empty()
    };
    (0..).zip(kept).filter(|row| !is_found(row)).count()
}

#[test]
fn consolidated_graphs_find_the_remaining_rows() {
    for (metric, precision) in METRICS.into_iter().flat_map(|m| PRECISIONS.map(|p| (m, p))) {
        let mut rows = clustered(31, 2000, DIMENSION);
        // Half of the rows are duplicated; most originals and some duplicates are removed.
        rows.extend_from_within(..1000);
        let keep = |at: usize| match at {
            0..1000 => at.is_multiple_of(7),
            1000..2000 => !at.is_multiple_of(3),
            _ => true,
        };
        let pair = Pair::new(metric, precision, &rows, keep);
        let graph = pair
            .graph
            .consolidate(&pair.arena, &pair.new_slots, &|| true)
            .expect("most nodes are left");
        assert_eq!(graph.len() as usize, pair.kept.len());
        let what = format!("{metric:?} {precision:?}");
        assert_eq!(not_found(&pair.arena, &graph, &pair.kept), 0, "{what}");
        let rebuilt = Flat::new();
        rebuilt.extend(&pair.arena, pair.arena.len(), 1);
        let recall = |graph: &Flat| {
            let before = graph.rows_computed();
            let recall = recall_at(graph, &pair.arena, 500, 10, 10);
            (recall, graph.rows_computed() - before)
        };
        let (recall, rebuilt) = (recall(&graph), recall(&rebuilt));
        assert!(
            recall.0 >= rebuilt.0 - 0.01,
            "{what}: {recall:?} for {rebuilt:?}"
        );
        assert!(
            recall.1 * 10 <= rebuilt.1 * 11,
            "{what}: {recall:?} for {rebuilt:?}"
        );
        let mut bytes = Vec::new();
        graph.write(&mut bytes).unwrap();
        let again = read(GraphKind::Flat, &pair.arena, &bytes).unwrap();
        assert_eq!(again.len(), graph.len(), "{what}");
    }
}

#[test]
fn rows_without_remaining_neighbours_are_found() {
    // Ten groups of two hundred rows, far from each other; two of them keep only one row.
    let centres = clustered(33, 10, DIMENSION);
    let noise = clustered(34, 2000, DIMENSION);
    let row = |(at, noise): (usize, &Vec<f32>)| -> Vec<f32> {
        let centre = &centres[at / 200];
        centre
            .iter()
            .zip(noise)
            .map(|(c, n)| c + 0.01 * n)
            .collect()
    };
    let rows: Vec<_> = noise.iter().enumerate().map(row).collect();
    let keep = |at: usize| at / 200 > 1 || at.is_multiple_of(200);
    let pair = Pair::new(Metric::Euclidean, Precision::I8, &rows, keep);
    let graph = pair.consolidated().expect("four of five nodes are left");
    let before = not_found(
        &arena(Metric::Euclidean, Precision::I8, &rows),
        &pair.graph,
        &rows,
    );
    assert_eq!(
        not_found(&pair.arena, &*graph, &pair.kept),
        0,
        "{before} before"
    );
}

#[test]
fn consolidated_graphs_can_be_extended() {
    let mut rows = clustered(35, 1000, DIMENSION);
    rows.extend_from_within(..);
    let pair = Pair::new(Metric::Cosine, Precision::I8, &rows, |at| at >= 1000);
    let slots = &pair.new_slots;
    let graph = pair
        .graph
        .consolidate(&pair.arena, slots, &|| true)
        .expect("all nodes are left");
    let computed = graph.rows_computed();
    assert!(computed * 3 < pair.graph.rows_computed(), "{computed}");
    // A duplicate is attached without a search, and a new row is found.
    for row in &pair.kept[..100] {
        pair.arena.push(row);
    }
    graph.extend(&pair.arena, 1100, 1);
    assert_eq!(graph.rows_computed(), computed);
    let new = clustered(36, 100, DIMENSION);
    for row in &new {
        pair.arena.push(row);
    }
    graph.extend(&pair.arena, 1200, 1);
    let kept: Vec<_> = pair
        .kept
        .iter()
        .chain(&pair.kept[..100])
        .chain(&new)
        .cloned()
        .collect();
    assert_eq!(not_found(&pair.arena, &graph, &kept), 0);
}

#[test]
fn consolidation_declines_large_removals_and_cancellation() {
    let rows = clustered(37, 500, DIMENSION);
    let with = |kept: usize| {
        Pair::new(Metric::Cosine, Precision::I8, &rows, |at| at < kept).consolidated()
    };
    assert_eq!(with(375).map(|graph| graph.len()), Some(375));
    assert!(with(374).is_none());
    assert_eq!(with(500).map(|graph| graph.len()), Some(500));

    let pair = Pair::new(Metric::Cosine, Precision::I8, &rows, |_| true);
    let completes = |checks: usize| {
        let left = Cell::new(checks);
        let keep_going = || left.replace(left.get().saturating_sub(1)) > 0;
        pair.graph
            .consolidated(&pair.arena, &pair.new_slots, &keep_going)
            .is_some()
    };
    assert!(!completes(0) && !completes(40));
    assert!(completes(1000));

    let library = build(GraphKind::HnswRs, &pair.arena, 1);
    assert!(
        library
            .consolidated(&pair.arena, &pair.new_slots, &|| true)
            .is_none()
    );
}

#[test]
fn empty_graphs_can_be_consolidated() {
    let rows = clustered(38, 3, DIMENSION);
    for left in 0..=3 {
        let mut slots = vec![None; 3];
        let kept = arena(Metric::Cosine, Precision::I8, &rows);
        let graph = Flat::new();
        graph.extend(&kept, left, 1);
        (0..left).for_each(|slot| slots[slot as usize] = Some(slot));
        let graph = graph
            .consolidated(&kept, &slots, &|| true)
            .expect("nothing is removed");
        assert_eq!(graph.len(), left);
        assert_eq!(not_found(&kept, &*graph, &rows[..left as usize]), 0);
    }
}
