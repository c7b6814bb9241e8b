//! Copies the live rows of a generation into a new one while writes continue.

use std::sync::Arc;

use lakehouse_nearest::{Arena, GraphKind, Precision, ROWS_PER_CHUNK};

use crate::generation::{Generation, Tables, View};
use crate::index::covering;
use crate::index::pace::Pace;
use crate::index::spill::Spill;
use crate::rows::{Rows, States};

/// A generation under construction.
pub(crate) struct Rewrite {
    new: View,
    old: View,
    /// The new slot of each visited slot of the old generation.
    new_slots: Vec<Option<u32>>,
}

impl Rewrite {
    /// Copies the live rows of a view; if `graph` is given, builds a graph over them. `None` if the
    /// index ended.
    pub(crate) fn new(
        old: View,
        graph: Option<GraphKind>,
        spill: &Spill,
        pace: &Pace,
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let old_arena = &old.generation.arena;
        // A precision that was too coarse for these rows before would be too coarse again.
        let precision = match graph {
            Some(_) => old_arena.precision(),
            None => Precision::I8,
        };
        let arena = Arena::new(old_arena.dimension(), old_arena.metric(), precision);
        let states = old.generation.rows.states();
        let mut new_slots = Vec::with_capacity(old.slots as usize);
        for slot in 0..old.slots {
            let new_slot = copied(&old, slot, &states, &arena);
            new_slots.push(new_slot);
            if new_slot.is_some() && arena.len().is_multiple_of(ROWS_PER_CHUNK as u32) {
                spill.spill(&arena, pace);
            }
            pace.pause_if_due();
        }
        let (arena, covering) = match graph {
            Some(kind) => {
                let mut begun = None;
                let covering = old.generation.graph.load_full();
                if let Some(covering) = covering.filter(|covering| covering.kind == kind) {
                    let graph = &*covering.graph;
                    // A reinserted row takes over its old node once it is linked there.
                    covering::extend(graph, old_arena, old.slots, pace, keep_going).then_some(())?;
                    begun = covering::consolidated(graph, &arena, &new_slots, pace, keep_going);
                }
                let (arena, covering) = covering::build(kind, &arena, begun, pace, keep_going)?;
                (arena, Some(Arc::new(covering)))
            }
            None => (arena, None),
        };
        let tables = Tables::with_capacity(old.live as usize);
        let generation = Generation::from_parts(arena, Rows::new(), tables);
        generation.graph.store(covering);
        let mut rewrite = Self {
            new: View {
                generation: Arc::new(generation),
                version: old.version,
                slots: 0,
                live: 0,
            },
            new_slots,
            old,
        };
        for slot in 0..rewrite.old.slots {
            rewrite.link(slot);
            pace.pause_if_due();
        }
        Some(rewrite)
    }

    /// Applies the writes up to a later view of the same generation. Without pauses, because it has
    /// to outpace the writers.
    pub(crate) fn catch_up(&mut self, later: &View) {
        let states = later.generation.rows.states();
        for (slot, new_slot) in (0..).zip(&self.new_slots) {
            if let Some(new_slot) = new_slot
                && !states.is_alive(slot, later.version)
                && self.new.generation.rows.kill(*new_slot, states.died(slot))
            {
                self.new.live -= 1;
            }
        }
        let from = self.old.slots;
        self.old = later.clone();
        self.new.version = later.version;
        for slot in from..self.old.slots {
            let arena = &self.new.generation.arena;
            let new_slot = copied(&self.old, slot, &states, arena);
            self.new_slots.push(new_slot);
            self.link(slot);
        }
    }

    /// The number of a view's slots that were not visited yet.
    pub(crate) fn lag(&self, later: &View) -> u32 {
        later.slots - self.old.slots
    }

    /// The new generation's view, at the version it has caught up with.
    pub(crate) fn into_view(self) -> View {
        self.new
    }

    /// Adds the record of a copied row.
    fn link(&mut self, slot: u32) {
        if let Some(new_slot) = self.new_slots[slot as usize] {
            let rows = &self.old.generation.rows;
            rows.with_record(slot, |record| {
                self.new.link(new_slot, record, self.old.version);
            });
        }
    }
}

/// Copies a row's vector to another arena if the row is live, and returns its slot there.
fn copied(old: &View, slot: u32, states: &States, to: &Arena) -> Option<u32> {
    let is_alive = states.is_alive(slot, old.version);
    let arena = &old.generation.arena;
    is_alive.then(|| arena.with_row(slot, |row| to.push_stored(row)))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use lakehouse_nearest::Metric;

    use super::*;
    use crate::batch::{Batch, changes};
    use crate::config::IndexConfig;
    use crate::index::open::empty;
    use crate::index::pace::tests::shared;
    use crate::item::Item;
    use crate::metadata::Metadata;

    const ROWS: usize = 1000;

    fn item(at: usize) -> Item {
        let (sine, cosine) = (at as f32 / 160.0).sin_cos();
        Item {
            id: at.to_string().into(),
            vector: vec![cosine, sine],
            metadata: Metadata::parse("{}").expect("an object"),
            text: None,
        }
    }

    fn apply(view: &mut View, batch: &Batch) {
        let changes = changes(batch.as_ref(), 2).expect("what was just made");
        view.apply(view.version + 1, &changes);
    }

    #[test]
    fn rewrites_reuse_the_existing_graph() {
        let pace = Pace::new(shared());
        let checks = Cell::new(0);
        let keep_going = || checks.replace(checks.get() + 1) < usize::MAX;
        let mut view = empty(&IndexConfig {
            dimension: 2,
            distance: Metric::Cosine,
            space: None,
        });
        let items: Vec<Item> = (0..ROWS).map(item).collect();
        apply(&mut view, &Batch::upsert(&items));
        let arena = &view.generation.arena;
        let built = covering::build(GraphKind::Flat, arena, None, &pace, &keep_going);
        let (_, covering) = built.expect("a graph");
        let full_build = checks.take();
        view.generation.graph.store(Some(Arc::new(covering)));

        // The dead rows alone would exceed the limit if the replaced rows did not keep their nodes.
        apply(&mut view, &Batch::upsert(&items[..ROWS * 3 / 10]));
        let gone: Vec<Box<str>> = items[ROWS - 50..].iter().map(|i| i.id.clone()).collect();
        apply(&mut view, &Batch::delete(&gone));
        let spill = Spill::new("unused".into());
        let rewrite = Rewrite::new(view, Some(GraphKind::Flat), &spill, &pace, &keep_going);
        let view = rewrite.expect("not ended").into_view();
        let graph = view.generation.graph.load_full().expect("a graph again");
        assert_eq!((view.live, view.slots), (ROWS as u32 - 50, view.live));
        assert_eq!(graph.graph.len(), view.slots);
        // Reinserting the rows would take as many checks as building the graph did.
        assert!(checks.get() < full_build, "{checks:?} after {full_build}");
    }
}
