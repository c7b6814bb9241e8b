//! How much of the exact answer a graph finds, and graphs that find enough.

use std::iter::Sum;

use crate::arena::Arena;
use crate::graph::{DEFAULT_EF, Graph, GraphKind, build};
use crate::precision::Precision;
use crate::query::Query;
use crate::scan::scan;

/// The share of the `k` nearest that the graph finds, over `sample` of its rows, spread evenly,
/// each searched for among the others. One for a graph with fewer than two rows.
#[must_use]
pub fn recall_at(graph: &dyn Graph, arena: &Arena, sample: usize, k: usize, ef: usize) -> f64 {
    recall_of_each(graph, arena, sample, k, ef)
        .sum::<Recall>()
        .share()
}

/// What [`recall_at`] adds up, a row at a time for those who must not be busy for long: each costs
/// an exact search of all rows.
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
        let query = Query::of_row(arena, slot);
        let truth = scan(arena, &query, (0..len).filter(|&other| other != slot), k);
        let Some(farthest) = truth.last().map(|last| last.distance) else {
            return Recall::default();
        };
        let results = graph.search(arena, &query, k, ef, &|other| other != slot && other < len);
        // Any of several rows at the last distance is as good as another.
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

/// How many of the nearest rows a graph found, and how many there were to find.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recall {
    found: usize,
    wanted: usize,
}

impl Recall {
    /// The share that was found; one where there was nothing to find.
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

/// What is asked of a graph before it is used.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The least recall; 0.99.
    pub least: f64,
    /// Rows that are sampled; 200.
    pub sample: usize,
    /// Results of each; 10.
    pub k: usize,
    /// Candidates of each search; [`DEFAULT_EF`].
    pub ef: usize,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            least: 0.99,
            sample: 200,
            k: 10,
            ef: DEFAULT_EF,
        }
    }
}

/// A graph that was let through, and the rows as it traverses them.
pub struct Gated {
    /// The rows in the chosen precision: another handle on those given, if they were in it.
    pub arena: Arena,
    /// The graph over them.
    pub graph: Box<dyn Graph>,
    /// Each precision that was tried, and the recall it had; the chosen one is that of `arena`.
    pub tried: Vec<(Precision, f64)>,
}

/// Longer codes that add less recall than this are not worth their memory.
const WORTH: f64 = 0.002;

/// Builds a graph over codes as short as the gate lets through: `I8`, else `F16`, else `F32`.
///
/// Where none reaches the gate, the rows themselves are hard, and not their codes at fault: then
/// the shortest codes are taken whose recall is within 0.002 of the best.
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
        if recall >= gate.least {
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
    let is_enough =
        |recall: f64| recall >= gate.least || best < gate.least && recall >= best - WORTH;
    let chosen = built.into_iter().find(|(_, _, recall)| is_enough(*recall));
    let (arena, graph, _) = chosen.expect("the best is within itself");
    Gated {
        arena,
        graph,
        tried,
    }
}
