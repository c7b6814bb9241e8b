//! Builds graphs in steps, so that an index can end at any time, and selects the precision and width
//! of their searches.

use lakehouse_nearest::{
    Arena, Flat, Gate, Graph, GraphKind, HnswRs, Precision, Recall, recall_of_each,
};

use crate::generation::Covering;
use crate::index::pace::Pace;

/// The number of rows inserted between two cancellation checks, unpaced.
const STEP: u32 = 1024;

/// The number of rows inserted between two checks when paced: about a millisecond's work.
const SMALL_STEP: u32 = 4;

/// The recall above which searches are not widened. The samples are rows of the graph, which are
/// found slightly better than other vectors: at a recall of 0.99 for rows, it was 0.986 for others.
const SUFFICIENT_RECALL: f64 = 0.995;

/// The maximum search width.
const MAX_EF: usize = 512;

/// The graph over the first rows of an arena, consolidated from the old rows' graph.
///
/// `None` if a rebuild is better, or on cancellation.
pub(crate) fn consolidated(
    old: &dyn Graph,
    arena: &Arena,
    new_slots: &[Option<u32>],
    pace: &Pace,
    keep_going: &dyn Fn() -> bool,
) -> Option<Box<dyn Graph>> {
    old.consolidated(arena, new_slots, &|| {
        pace.pause_if_due();
        keep_going()
    })
}

/// Builds a graph over all rows of an arena, with the shortest codes that pass the gate, and widens
/// its searches if the recall is too low. Also returns the rows in that precision. `None` on
/// cancellation.
///
/// If a graph that extends `begun`, a graph over the first rows, passes the gate, it is used.
pub(crate) fn build(
    kind: GraphKind,
    arena: &Arena,
    begun: Option<Box<dyn Graph>>,
    pace: &Pace,
    keep_going: &dyn Fn() -> bool,
) -> Option<(Arena, Covering)> {
    let gate = Gate::default();
    let sampler = Sampler {
        gate,
        pace,
        keep_going,
    };
    let precisions = [Precision::I8, Precision::F16, Precision::F32];
    let first = precisions.iter().position(|p| *p == arena.precision());
    let begun = begun.map(|graph| (arena.precision(), Some(graph)));
    let fresh = precisions[first.unwrap_or(0)..].iter().map(|p| (*p, None));
    let mut best: Option<(Arena, Box<dyn Graph>, Sampled)> = None;
    for (precision, begun) in begun.into_iter().chain(fresh) {
        let arena = if arena.precision() == precision {
            arena.clone()
        } else {
            arena.with_precision(precision)
        };
        let graph: Box<dyn Graph> = match (begun, kind) {
            (Some(graph), _) => graph,
            (None, GraphKind::Flat) => Box::new(Flat::new()),
            (None, GraphKind::HnswRs) => Box::new(HnswRs::new(&arena)),
        };
        extend(&*graph, &arena, arena.len(), pace, keep_going).then_some(())?;
        let sampled = sampler.at(&*graph, &arena, gate.ef)?;
        // Doubling the width costs less than doubling the codes, which also takes memory.
        let sampled = sampler.widen(sampled, &*graph, &arena, 2 * gate.ef)?;
        let recall = sampled.recall;
        // Longer codes that hardly improve the recall are not worth their memory.
        if best
            .as_ref()
            .is_none_or(|best| recall > best.2.recall + 0.002)
        {
            best = Some((arena, graph, sampled));
        }
        if recall >= gate.min_recall {
            break;
        }
    }
    let (arena, graph, mut sampled) = best?;
    if sampled.recall < gate.min_recall {
        sampled = sampler.widen(sampled, &*graph, &arena, MAX_EF)?;
    }
    let Sampled { ef, recall } = sampled;
    tracing::info!(
        rows = graph.len(),
        precision = ?arena.precision(),
        ef,
        recall,
        "built a graph"
    );
    Some((arena, Covering { kind, graph, ef }))
}

/// The recall at some search width.
struct Sampled {
    ef: usize,
    recall: f64,
}

/// Samples a graph's recall.
struct Sampler<'a> {
    gate: Gate,
    pace: &'a Pace,
    keep_going: &'a dyn Fn() -> bool,
}

impl Sampler<'_> {
    /// `None` on cancellation.
    fn at(&self, graph: &dyn Graph, arena: &Arena, ef: usize) -> Option<Sampled> {
        let Gate { sample, k, .. } = self.gate;
        let each = recall_of_each(graph, arena, sample, k, ef).map(|recall| {
            self.pace.pause_if_due();
            (self.keep_going)().then_some(recall)
        });
        let recall = each.sum::<Option<Recall>>()?.share();
        Some(Sampled { ef, recall })
    }

    /// Widens the search until the recall suffices, up to `widest`.
    fn widen(
        &self,
        mut sampled: Sampled,
        graph: &dyn Graph,
        arena: &Arena,
        widest: usize,
    ) -> Option<Sampled> {
        while sampled.recall < SUFFICIENT_RECALL && sampled.ef < widest {
            sampled = self.at(graph, arena, 2 * sampled.ef)?;
        }
        Some(sampled)
    }
}

/// Inserts the rows below `upto`, on all processors when unpaced; returns false on cancellation.
pub(crate) fn extend(
    graph: &dyn Graph,
    arena: &Arena,
    upto: u32,
    pace: &Pace,
    keep_going: &dyn Fn() -> bool,
) -> bool {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    while graph.len() < upto {
        if !keep_going() {
            return false;
        }
        let (step, threads) = match pace.is_urgent() {
            true => (STEP, all),
            false => (SMALL_STEP, 1),
        };
        graph.extend(arena, upto.min(graph.len() + step), threads);
        pace.pause_if_due();
    }
    true
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use lakehouse_nearest::{Metric, recall_at};

    use super::*;
    use crate::index::pace::tests::shared;

    /// A thousand rows on a circle, `apart` from each other.
    fn arena(apart: f32) -> Arena {
        let arena = Arena::new(2, Metric::Cosine, Precision::I8);
        for at in 0..1000 {
            let (sine, cosine) = (at as f32 * apart).sin_cos();
            arena.push(&[cosine, sine]);
        }
        arena
    }

    fn graph(arena: &Arena) -> Box<dyn Graph> {
        lakehouse_nearest::build(GraphKind::Flat, arena, 1)
    }

    /// The number of cancellation checks until a graph is built, unpaced.
    fn checks(arena: &Arena, begun: Option<Box<dyn Graph>>) -> usize {
        let pace = Pace::new(shared());
        pace.set_urgent(true);
        let checks = Cell::new(0);
        let keep_going = || checks.replace(checks.get() + 1) < 10_000;
        let built = build(GraphKind::Flat, arena, begun, &pace, &keep_going);
        let (_, covering) = built.expect("a graph");
        assert!(recall_at(&*covering.graph, arena, 100, 10, covering.ef) > 0.99);
        checks.get()
    }

    #[test]
    fn builds_can_be_cancelled_between_samples() {
        let arena = arena(1.0 / 160.0);
        let pace = Pace::new(shared());
        pace.set_urgent(true);
        let is_built = |checks: usize| {
            let left = Cell::new(checks);
            let keep_going = || left.replace(left.get().saturating_sub(1)) > 0;
            build(GraphKind::Flat, &arena, None, &pace, &keep_going).is_some()
        };
        // One check before the rows, which are a single step when unpaced, and one for each sample.
        assert!(!is_built(0) && !is_built(1) && !is_built(200));
        assert!(is_built(201));
    }

    #[test]
    fn a_begun_graph_is_reused_if_its_recall_suffices() {
        let arena = arena(1.0 / 160.0);
        assert_eq!(checks(&arena, None), 201);
        assert_eq!(checks(&arena, Some(graph(&arena))), 200);
        let of_others = Some(graph(&self::arena(7.0)));
        assert!(checks(&arena, of_others) > 401);
    }
}
