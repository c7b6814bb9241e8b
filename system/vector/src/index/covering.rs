//! Building graphs in steps, so that the end of an index need not wait for one, and choosing how
//! precisely and how widely they are searched.

use lakehouse_nearest::{
    Arena, Flat, Gate, Graph, GraphKind, HnswRs, Precision, Recall, recall_of_each,
};

use crate::generation::Covering;
use crate::index::pace::Pace;

/// Rows that are inserted between two looks at whether it goes on, in a hurry.
const STEP: u32 = 1024;

/// The same at a pace: about a millisecond's work.
const SMALL_STEP: u32 = 4;

/// The recall from which on a graph is not searched more widely. What is sampled are rows of the
/// graph, which are found a little better than what was never in it: where 0.99 of a row's
/// neighbours were, it was 0.986 of another vector's.
const ENOUGH: f64 = 0.995;

/// The widest search that is chosen.
const WIDEST: usize = 512;

/// Builds a graph over all rows of an arena, in codes as short as the gate lets through; where
/// too little is found, it is searched more widely. Gives the rows in that precision, too. Nothing, as
/// soon as it does not go on.
pub(crate) fn build(
    kind: GraphKind,
    arena: &Arena,
    pace: &Pace,
    goes_on: &dyn Fn() -> bool,
) -> Option<(Arena, Covering)> {
    let gate = Gate::default();
    let sampler = Sampler {
        gate,
        pace,
        goes_on,
    };
    let precisions = [Precision::I8, Precision::F16, Precision::F32];
    let first = precisions.iter().position(|p| *p == arena.precision());
    let mut best: Option<(Arena, Box<dyn Graph>, Sampled)> = None;
    for &precision in &precisions[first.unwrap_or(0)..] {
        let arena = if arena.precision() == precision {
            arena.clone()
        } else {
            arena.with_precision(precision)
        };
        let graph: Box<dyn Graph> = match kind {
            GraphKind::Flat => Box::new(Flat::new()),
            GraphKind::HnswRs => Box::new(HnswRs::new(&arena)),
        };
        extend(&*graph, &arena, arena.len(), pace, goes_on).then_some(())?;
        let sampled = sampler.at(&*graph, &arena, gate.ef)?;
        // Twice as wide costs less than codes twice as long, which take their memory, too.
        let sampled = sampler.widen(sampled, &*graph, &arena, 2 * gate.ef)?;
        let recall = sampled.recall;
        // Longer codes that hardly help are not worth their memory.
        if best
            .as_ref()
            .is_none_or(|best| recall > best.2.recall + 0.002)
        {
            best = Some((arena, graph, sampled));
        }
        if recall >= gate.least {
            break;
        }
    }
    let (arena, graph, mut sampled) = best?;
    if sampled.recall < gate.least {
        sampled = sampler.widen(sampled, &*graph, &arena, WIDEST)?;
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

/// What a graph found in a search of some width.
struct Sampled {
    ef: usize,
    recall: f64,
}

/// Who samples a graph's recall, and how.
struct Sampler<'a> {
    gate: Gate,
    pace: &'a Pace,
    goes_on: &'a dyn Fn() -> bool,
}

impl Sampler<'_> {
    /// Nothing, when it did not go on to the end.
    fn at(&self, graph: &dyn Graph, arena: &Arena, ef: usize) -> Option<Sampled> {
        let Gate { sample, k, .. } = self.gate;
        let each = recall_of_each(graph, arena, sample, k, ef).map(|recall| {
            self.pace.breathe();
            (self.goes_on)().then_some(recall)
        });
        let recall = each.sum::<Option<Recall>>()?.share();
        Some(Sampled { ef, recall })
    }

    /// Searches more widely until enough is found, at `widest` at the most.
    fn widen(
        &self,
        mut sampled: Sampled,
        graph: &dyn Graph,
        arena: &Arena,
        widest: usize,
    ) -> Option<Sampled> {
        while sampled.recall < ENOUGH && sampled.ef < widest {
            sampled = self.at(graph, arena, 2 * sampled.ef)?;
        }
        Some(sampled)
    }
}

/// Inserts the rows below `upto`, with all processors when that hurries; false when it did not go on
/// to the end.
pub(crate) fn extend(
    graph: &dyn Graph,
    arena: &Arena,
    upto: u32,
    pace: &Pace,
    goes_on: &dyn Fn() -> bool,
) -> bool {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    while graph.len() < upto {
        if !goes_on() {
            return false;
        }
        let (step, threads) = match pace.hurries() {
            true => (STEP, all),
            false => (SMALL_STEP, 1),
        };
        graph.extend(arena, upto.min(graph.len() + step), threads);
        pace.breathe();
    }
    true
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use lakehouse_nearest::Metric;

    use super::*;
    use crate::index::pace::tests::shared;

    #[test]
    fn it_looks_up_between_sampled_rows_and_ends_there() {
        let arena = Arena::new(2, Metric::Cosine, Precision::I8);
        for at in 0..100 {
            let (sine, cosine) = (at as f32 / 16.0).sin_cos();
            arena.push(&[cosine, sine]);
        }
        let pace = Pace::new(shared());
        pace.hurry(true);
        let is_built = |looks: usize| {
            let left = Cell::new(looks);
            let goes_on = || left.replace(left.get().saturating_sub(1)) > 0;
            build(GraphKind::Flat, &arena, &pace, &goes_on).is_some()
        };
        // One look before all rows, which are one step in a hurry, and one at each that is sampled.
        assert!(!is_built(0) && !is_built(1) && !is_built(100));
        assert!(is_built(101));
    }
}
