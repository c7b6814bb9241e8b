//! What is true of a graph over the rows that are left, made from the graph over all of them.

use std::cell::Cell;

use lakehouse_nearest::{
    Arena, DEFAULT_EF, Flat, Graph, GraphKind, Metric, Precision, Query, build, read, recall_at,
};

use crate::data::{METRICS, PRECISIONS, arena, clustered};

const DIMENSION: usize = 32;

/// A graph over all rows, then one over those that `keep` keeps, with its arena.
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

/// How many kept rows a narrow search for them does not find.
fn not_found(arena: &Arena, graph: &dyn Graph, kept: &[Vec<f32>]) -> usize {
    let is_found = |(slot, row): &(u32, &Vec<f32>)| {
        let query = Query::new(arena, row);
        let found = graph.search(arena, &query, 1, DEFAULT_EF, &|s| s == *slot);
        !found.is_empty()
    };
    (0..).zip(kept).filter(|row| !is_found(row)).count()
}

#[test]
fn it_finds_the_nearest_of_what_is_left() {
    for (metric, precision) in METRICS.into_iter().flat_map(|m| PRECISIONS.map(|p| (m, p))) {
        let mut rows = clustered(31, 2000, DIMENSION);
        // Half come again; of those most of the first are gone, and of the others some are.
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
        let anew = Flat::new();
        anew.extend(&pair.arena, pair.arena.len(), 1);
        let recall = |graph: &Flat| {
            let before = graph.rows_computed();
            let recall = recall_at(graph, &pair.arena, 500, 10, 10);
            (recall, graph.rows_computed() - before)
        };
        let (recall, anew) = (recall(&graph), recall(&anew));
        assert!(recall.0 >= anew.0 - 0.01, "{what}: {recall:?} for {anew:?}");
        assert!(
            recall.1 * 10 <= anew.1 * 11,
            "{what}: {recall:?} for {anew:?}"
        );
        let mut bytes = Vec::new();
        graph.write(&mut bytes).unwrap();
        let again = read(GraphKind::Flat, &pair.arena, &bytes).unwrap();
        assert_eq!(again.len(), graph.len(), "{what}");
    }
}

#[test]
fn it_finds_a_row_whose_neighbours_are_gone() {
    // Ten groups of two hundred that are far from each other; of two of them one row is left.
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
fn it_is_extended_as_the_other_was() {
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
    // A row that is there already hangs on it without a search, one that is not is found.
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
fn it_is_not_made_where_building_is_the_better_way_or_no_longer_wanted() {
    let rows = clustered(37, 500, DIMENSION);
    let with = |kept: usize| {
        Pair::new(Metric::Cosine, Precision::I8, &rows, |at| at < kept).consolidated()
    };
    assert_eq!(with(375).map(|graph| graph.len()), Some(375));
    assert!(with(374).is_none());
    assert_eq!(with(500).map(|graph| graph.len()), Some(500));

    let pair = Pair::new(Metric::Cosine, Precision::I8, &rows, |_| true);
    let is_made = |looks: usize| {
        let left = Cell::new(looks);
        let goes_on = || left.replace(left.get().saturating_sub(1)) > 0;
        pair.graph
            .consolidated(&pair.arena, &pair.new_slots, &goes_on)
            .is_some()
    };
    assert!(!is_made(0) && !is_made(40));
    assert!(is_made(1000));

    let library = build(GraphKind::HnswRs, &pair.arena, 1);
    assert!(
        library
            .consolidated(&pair.arena, &pair.new_slots, &|| true)
            .is_none()
    );
}

#[test]
fn it_is_made_of_nothing_too() {
    let rows = clustered(38, 3, DIMENSION);
    for left in 0..=3 {
        let mut slots = vec![None; 3];
        let kept = arena(Metric::Cosine, Precision::I8, &rows);
        let graph = Flat::new();
        graph.extend(&kept, left, 1);
        (0..left).for_each(|slot| slots[slot as usize] = Some(slot));
        let graph = graph
            .consolidated(&kept, &slots, &|| true)
            .expect("nothing is gone");
        assert_eq!(graph.len(), left);
        assert_eq!(not_found(&kept, &*graph, &rows[..left as usize]), 0);
    }
}
