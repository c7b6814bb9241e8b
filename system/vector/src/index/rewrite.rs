//! Rewriting an index: the live rows of one generation in a new one, while writes go on.

use std::sync::Arc;

use lakehouse_nearest::{Arena, GraphKind, Precision, ROWS_PER_CHUNK};

use crate::generation::{Generation, Tables, View};
use crate::index::covering;
use crate::index::pace::Pace;
use crate::index::spill::Spill;
use crate::rows::{Rows, States};

/// A generation in the making.
pub(crate) struct Rewrite {
    new: View,
    old: View,
    /// For each slot of the old generation that was looked at, the new slot of its row.
    new_slots: Vec<Option<u32>>,
}

impl Rewrite {
    /// Copies the live rows of a view; with a `graph`, builds one over them. Nothing, when the
    /// index ended meanwhile.
    pub(crate) fn of(
        old: View,
        graph: Option<GraphKind>,
        spill: &Spill,
        pace: &Pace,
        goes_on: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let old_arena = &old.generation.arena;
        // What was too coarse for these rows before will be so again.
        let precision = match graph {
            Some(_) => old_arena.precision(),
            None => Precision::I8,
        };
        let arena = Arena::new(old_arena.dimension(), old_arena.metric(), precision);
        for slot in old.live_slots() {
            old_arena.with_row(slot, |row| arena.push_stored(row));
            if arena.len().is_multiple_of(ROWS_PER_CHUNK as u32) {
                spill.relieve(&arena, pace);
            }
            pace.breathe();
        }
        let (arena, covering) = match graph {
            Some(kind) => {
                let (arena, covering) = covering::build(kind, &arena, pace, goes_on)?;
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
            new_slots: Vec::with_capacity(old.slots as usize),
            old,
        };
        let states = rewrite.old.generation.rows.states();
        for slot in 0..rewrite.old.slots {
            rewrite.link(slot, &states);
            pace.breathe();
        }
        Some(rewrite)
    }

    /// Takes over what was written since, as of a later view of the same generation. Without
    /// rests: it is to outrun the writers.
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
        self.push_from(from, &states);
        for slot in from..self.old.slots {
            self.link(slot, &states);
        }
    }

    /// How many slots a view has that were not looked at.
    pub(crate) fn is_behind(&self, later: &View) -> u32 {
        later.slots - self.old.slots
    }

    /// The new generation's view, at the version that it caught up with.
    pub(crate) fn into_view(self) -> View {
        self.new
    }

    fn push_from(&self, from: u32, states: &States) {
        let (old, new) = (&self.old.generation.arena, &self.new.generation.arena);
        for slot in from..self.old.slots {
            if states.is_alive(slot, self.old.version) {
                old.with_row(slot, |row| new.push_stored(row));
            }
        }
    }

    /// Puts the record of a live row beside its vector, which is in the new arena already.
    fn link(&mut self, slot: u32, states: &States) {
        let is_alive = states.is_alive(slot, self.old.version);
        let new_slot = is_alive.then_some(self.new.slots);
        if let Some(new_slot) = new_slot {
            let rows = &self.old.generation.rows;
            rows.with_record(slot, |record| {
                self.new.link(new_slot, record, self.old.version);
            });
        }
        self.new_slots.push(new_slot);
    }
}
