//! The rows of an index from one rewriting to the next: vectors, records, ids, metadata, and the
//! graph over the first of them.
//!
//! A generation is written by one thread at a time, and only appended to: putting an item in
//! takes a new slot, and what it replaces, or what is taken out, is marked with the version at
//! which it died. Whoever holds a [`View`] sees the rows as of its version, whatever is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use lakehouse_nearest::{Arena, Graph, GraphKind};
use parking_lot::RwLock;

use crate::batch::Change;
use crate::inverted::Inverted;
use crate::lookup::Lookup;
use crate::metadata::Scalar;
use crate::record::Record;
use crate::rows::Rows;

/// An index at one version.
#[derive(Clone)]
pub(crate) struct View {
    /// The rows.
    pub(crate) generation: Arc<Generation>,
    /// The version.
    pub(crate) version: u64,
    /// How many slots there are: rows from there on are of later versions.
    pub(crate) slots: u32,
    /// How many of them are live.
    pub(crate) live: u32,
}

/// The rows.
pub(crate) struct Generation {
    /// Its own number, which no other generation has that is there while the process runs.
    pub(crate) number: u64,
    pub(crate) arena: Arena,
    pub(crate) rows: Rows,
    pub(crate) tables: RwLock<Tables>,
    pub(crate) graph: ArcSwapOption<Covering>,
}

/// What is found by id and by metadata.
pub(crate) struct Tables {
    pub(crate) lookup: Lookup,
    pub(crate) inverted: Inverted,
}

/// A graph over the first rows.
pub(crate) struct Covering {
    pub(crate) kind: GraphKind,
    pub(crate) graph: Box<dyn Graph>,
    /// How widely it is searched unless a search says so.
    pub(crate) ef: usize,
}

impl Generation {
    pub(crate) fn from_parts(arena: Arena, rows: Rows, tables: Tables) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            arena,
            rows,
            tables: RwLock::new(tables),
            graph: ArcSwapOption::empty(),
        }
    }

    /// Puts a record in at `slot`, whose vector is in the arena already, and kills the row that
    /// it replaces. True when that one was live.
    fn link(&self, slot: u32, record: Record<'_>, version: u64) -> bool {
        self.rows.put(slot, record.bytes());
        let scalars = record.metadata().scalars();
        let mut tables = self.tables.write();
        let replaced = tables.add(slot, record.id_bytes(), scalars, &self.rows);
        if let Some(replaced) = replaced {
            self.rows.set_replaced(slot, replaced);
        }
        drop(tables);
        replaced.is_some_and(|replaced| self.rows.kill(replaced, version))
    }
}

impl View {
    /// The slot of a live item.
    pub(crate) fn slot_of(&self, id: &str) -> Option<u32> {
        let tables = self.generation.tables.read();
        self.slot_in(&tables, id)
    }

    /// The same, with the tables at hand.
    pub(crate) fn slot_in(&self, tables: &Tables, id: &str) -> Option<u32> {
        let rows = &self.generation.rows;
        let mut slot = tables.lookup.find(id.as_bytes(), rows)?;
        while slot >= self.slots {
            slot = rows.replaced(slot)?;
        }
        rows.states().is_alive(slot, self.version).then_some(slot)
    }

    /// The slots of live rows, in order.
    pub(crate) fn live_slots(&self) -> impl Iterator<Item = u32> + use<> {
        let states = self.generation.rows.states();
        let version = self.version;
        (0..self.slots).filter(move |slot| states.is_alive(*slot, version))
    }

    /// Slots without a live row.
    pub(crate) fn tombstones(&self) -> u32 {
        self.slots - self.live
    }

    /// Applies one write, which makes `version`, and gives how many items it found to delete.
    /// Nobody else sees this view before it is published.
    pub(crate) fn apply(&mut self, version: u64, changes: &[Change<'_>]) -> usize {
        let mut deleted = 0;
        let mut components = Vec::with_capacity(self.generation.arena.dimension());
        for change in changes {
            match change {
                Change::Upsert { record, vector } => {
                    components.clear();
                    let values = vector.as_chunks().0.iter();
                    components.extend(values.map(|bytes| f32::from_le_bytes(*bytes)));
                    let slot = self.generation.arena.push(&components);
                    self.link(slot, *record, version);
                }
                Change::Delete { id } => deleted += usize::from(self.delete(id, version)),
            }
        }
        self.version = version;
        deleted
    }

    fn delete(&mut self, id: &[u8], version: u64) -> bool {
        let generation = &self.generation;
        let slot = generation.tables.read().lookup.find(id, &generation.rows);
        let was_live = slot.is_some_and(|slot| generation.rows.kill(slot, version));
        self.live -= u32::from(was_live);
        was_live
    }

    /// Puts a row in whose vector is in the arena already, and kills the one that it replaces.
    pub(crate) fn link(&mut self, slot: u32, record: Record<'_>, version: u64) {
        debug_assert_eq!(slot, self.slots, "the arena has other rows than the view");
        let replaced_live = self.generation.link(slot, record, version);
        self.slots += 1;
        self.live += u32::from(!replaced_live);
    }
}

impl Tables {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self {
            lookup: Lookup::with_capacity(rows),
            inverted: Inverted::new(),
        }
    }

    /// Bytes of memory, as far as they are known.
    pub(crate) fn bytes(&self) -> usize {
        self.lookup.bytes()
    }

    /// Makes a row the newest of its id, and gives the one that was.
    pub(crate) fn add(
        &mut self,
        slot: u32,
        id: &[u8],
        scalars: Vec<(Box<str>, Scalar)>,
        rows: &Rows,
    ) -> Option<u32> {
        self.inverted.insert(slot, scalars);
        self.lookup.replace(id, slot, rows)
    }
}
