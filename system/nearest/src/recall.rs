//! Recall of graphs, and builds of graphs with enough recall.

use std::iter::Sum;

use crate::arena::Arena;
use crate::graph::{DEFAULT_EF, Graph, GraphKind, build};
use crate::precision::Precision;
use crate::query::Query;
use crate::scan::scan;

/// The recall of a graph for the `k` nearest neighbours of `sample` of its rows, evenly spread. It is 1
/// for a graph with fewer than two rows.
#[must_use]
pub fn recall_at(graph: &dyn Graph, arena: &Arena, sample: usize, k: usize, ef: usize) -> f64 {
    recall_of_each(graph, arena, sample, k, ef)
        .sum::<Recall>()
        .share()
}

/// The recall for each sampled row, as an iterator, so that callers can pause: each item takes an exact
/// search of all rows.
pub fn recall_of_each(
    graph: &dyn Graph,
    arena: &Arena,
    sample: usize,
    k: usize,
    ef: usize,
) -> impl Iterator<Item = Recall> {
    let len = graph.len();
    let step = (len as usize / sample.max(1)).max(1);
    (0..len).step_by(step).map(move |slot| {
        let query = Query::from_row(arena, slot);
        let truth = scan(arena, &query, (0..len).filter(|&other| other != slot), k);
        let Some(farthest) = truth.last().map(|last| last.distance) else {
            return Recall::default();
        };
        let results = graph.search(arena, &query, k, ef, &|other| other != slot && other < len);
        // All rows at the last distance are equally correct.
        let near = results
            .iter()
            .filter(|neighbour| neighbour.distance <= farthest)
            .count();
        Recall {
            found: near.min(k),
            wanted: truth.len().min(k),
        }
    })
}

/// The number of nearest rows that a graph found, and that exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recall {
    found: usize,
    wanted: usize,
}

impl Recall {
    /// The share that was found; 1 if none exist.
    #[must_use]
    pub fn share(self) -> f64 {
        if self.wanted == 0 {
            return 1.0;
        }
        self.found as f64 / self.wanted as f64
    }
}

impl Sum for Recall {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        each.fold(Self::default(), |all, one| Self {
            found: all.found + one.found,
            wanted: all.wanted + one.wanted,
        })
    }
}

/// The requirements for a graph.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The minimum recall. Default: 0.99.
    pub min_recall: f64,
    /// The number of sampled rows. Default: 200.
    pub sample: usize,
    /// The number of results per sample. Default: 10.
    pub k: usize,
    /// The number of candidates per search. Default: [`DEFAULT_EF`].
    pub ef: usize,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            min_recall: 0.99,
            sample: 200,
            k: 10,
            ef: DEFAULT_EF,
        }
    }
}

/// A graph that passed the gate, and the rows in its precision.
pub struct Gated {
    /// The rows in the chosen precision: the same rows as the input if that had it.
    pub arena: Arena,
    /// The graph over them.
    pub graph: Box<dyn Graph>,
    /// The recall of each precision that was tried, including the chosen one.
    pub tried: Vec<(Precision, f64)>,
}

/// The minimum gain in recall that justifies the memory of longer codes.
const MIN_GAIN: f64 = 0.002;

/// Builds a graph over the shortest codes that pass the gate: `I8`, else `F16`, else `F32`.
///
/// If none passes, the rows themselves are hard to search, whatever their codes; it then uses the
/// shortest codes whose recall is within 0.002 of the best.
#[must_use]
pub fn gate(kind: GraphKind, arena: &Arena, threads: usize, gate: Gate) -> Gated {
    let mut built: Vec<(Arena, Box<dyn Graph>, f64)> = Vec::new();
    for precision in [Precision::I8, Precision::F16, Precision::F32] {
        let arena = if arena.precision() == precision {
            arena.clone()
        } else {
            arena.with_precision(precision)
        };
        let graph = build(kind, &arena, threads);
        let recall = recall_at(&*graph, &arena, gate.sample, gate.k, gate.ef);
        built.push((arena, graph, recall));
        if recall >= gate.min_recall {
            break;
        }
    }
    let tried = built
        .iter()
        .map(|(arena, _, recall)| (arena.precision(), *recall))
        .collect();
    let best = built
        .iter()
        .map(|(_, _, recall)| *recall)
        .fold(0.0, f64::max);
    let is_enough = |recall: f64| {
        recall >= gate.min_recall || best < gate.min_recall && recall >= best - MIN_GAIN
    };
    let chosen = built.into_iter().find(|(_, _, recall)| is_enough(*recall));
    let (arena, graph, _) = chosen.expect("the best is within itself");
    Gated {
        arena,
        graph,
        tried,
    }
}
