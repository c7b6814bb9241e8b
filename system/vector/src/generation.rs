//! The rows of an index between two rewrites: vectors, records, ids, metadata, and the graph over
//! a prefix of the rows.
//!
//! A generation is append-only and has one writer at a time: an upsert takes a new slot, and a
//! replaced or deleted row is marked with the version at which it died. A [`View`] shows the rows
//! as of its version, regardless of later writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use lakehouse_nearest::{Arena, Graph, GraphKind};
use parking_lot::RwLock;

use crate::batch::Change;
use crate::inverted::Inverted;
use crate::lookup::Lookup;
use crate::metadata::Values;
use crate::record::Record;
use crate::rows::Rows;

/// An index at one version.
#[derive(Clone)]
pub(crate) struct View {
    /// The rows.
    pub(crate) generation: Arc<Generation>,
    /// The version.
    pub(crate) version: u64,
    /// The number of slots; rows at or after it belong to later versions.
    pub(crate) slots: u32,
    /// The number of live rows.
    pub(crate) live: u32,
}

/// The rows.
pub(crate) struct Generation {
    /// A number that is unique among the generations of this process.
    pub(crate) number: u64,
    pub(crate) arena: Arena,
    pub(crate) rows: Rows,
    pub(crate) tables: RwLock<Tables>,
    pub(crate) graph: ArcSwapOption<Covering>,
}

/// The lookup tables by id and by metadata.
pub(crate) struct Tables {
    pub(crate) lookup: Lookup,
    pub(crate) inverted: Inverted,
}

/// A graph over a prefix of the rows.
pub(crate) struct Covering {
    pub(crate) kind: GraphKind,
    pub(crate) graph: Box<dyn Graph>,
    /// The search width, unless a search overrides it.
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

    /// Adds the record of `slot`, whose vector is already in the arena, and kills the row that it
    /// replaces. Returns whether the replaced row was live.
    fn link(&self, slot: u32, record: Record<'_>, version: u64) -> bool {
        self.rows.put(slot, record.bytes());
        let fields = record.metadata().fields();
        let mut tables = self.tables.write();
        let replaced = tables.add(slot, record.id_bytes(), fields, &self.rows);
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

    /// As [`slot_of`](Self::slot_of), for callers that hold the tables.
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

    /// Applies the write that produces `version` and returns the number of deleted items. The view
    /// must not be published yet.
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

    /// Adds a row whose vector is already in the arena, and kills the row that it replaces.
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

    /// The known memory in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.lookup.bytes()
    }

    /// Makes a row the newest of its id and returns the previous one.
    pub(crate) fn add(
        &mut self,
        slot: u32,
        id: &[u8],
        fields: Vec<(Box<str>, Values)>,
        rows: &Rows,
    ) -> Option<u32> {
        self.inverted.insert(slot, fields);
        self.lookup.replace(id, slot, rows)
    }
}
