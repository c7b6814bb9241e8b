//! HNSW (Malkov and Yashunin, 2018) over contiguous arrays.
//!
//! Neighbour lists are words in arrays that never move. Lists are read without a lock while they are
//! changed; a reader may then see a mixture of the old and the new list, in which every entry is
//! valid. Writers of a list take one of a few thousand locks, and never two.
//!
//! Rows with identical codes (mostly duplicates) would fill each other's lists and become
//! disconnected. Only the first of them is a node; the others, its twins, form a chain that starts at
//! the node and are found with it.

mod connect;
mod consolidate;
mod format;
mod insert;
mod lists;
mod search;
mod twins;

use std::io::Write;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::{EF_CONSTRUCTION, Graph, GraphError};
use crate::arena::Arena;
use crate::neighbour::Neighbour;
use crate::query::Query;
use lists::Lists;
use search::Scratch;
use twins::Twins;

/// This crate's graph.
pub struct Flat {
    ef_construction: usize,
    lists: Lists,
    twins: Twins,
    len: AtomicU32,
    /// The level and slot of the entry node: `level << 32 | slot + 1`, 0 if there is none.
    entry: AtomicU64,
    extending: Mutex<()>,
    locks: Box<[Mutex<()>]>,
    scratches: Mutex<Vec<Scratch>>,
}

/// A power of two.
const LOCKS: usize = 4096;

impl Flat {
    /// An empty graph.
    #[must_use]
    pub fn new() -> Self {
        Self::with_ef_construction(EF_CONSTRUCTION)
    }

    /// An empty graph that considers this many candidates for each insertion.
    #[must_use]
    pub fn with_ef_construction(ef_construction: usize) -> Self {
        Self {
            ef_construction,
            lists: Lists::new(),
            twins: Twins::default(),
            len: AtomicU32::new(0),
            entry: AtomicU64::new(0),
            extending: Mutex::new(()),
            locks: (0..LOCKS).map(|_| Mutex::new(())).collect(),
            scratches: Mutex::new(Vec::new()),
        }
    }

    /// The number of distances that finished searches and insertions have computed, on the levels
    /// they searched. For benchmarks.
    #[must_use]
    pub fn rows_computed(&self) -> u64 {
        self.scratches
            .lock()
            .iter()
            .map(|scratch| scratch.rows)
            .sum()
    }

    fn entry(&self) -> Option<Entry> {
        let packed = self.entry.load(Ordering::Acquire);
        let slot = (packed as u32).checked_sub(1)?;
        Some(Entry {
            slot,
            level: (packed >> 32) as usize,
        })
    }

    /// Makes this node the entry if its level is higher than the current entry's.
    fn raise_entry(&self, entry: Entry) {
        let packed = (entry.level as u64) << 32 | u64::from(entry.slot + 1);
        let is_higher = |now: u64| now == 0 || entry.level as u64 > now >> 32;
        let _ = self
            .entry
            .try_update(Ordering::AcqRel, Ordering::Acquire, |now| {
                is_higher(now).then_some(packed)
            });
    }

    fn with_scratch<R>(&self, work: impl FnOnce(&mut Scratch) -> R) -> R {
        let mut scratch = self.scratches.lock().pop().unwrap_or_default();
        let result = work(&mut scratch);
        self.scratches.lock().push(scratch);
        result
    }
}

impl Default for Flat {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone, Copy)]
struct Entry {
    slot: u32,
    level: usize,
}

impl Graph for Flat {
    fn len(&self) -> u32 {
        self.len.load(Ordering::Acquire)
    }

    fn extend(&self, arena: &Arena, upto: u32, threads: usize) {
        assert!(upto <= arena.len(), "`{upto}` rows of `{}`", arena.len());
        let _extending = self.extending.lock();
        let next = AtomicU32::new(self.len());
        let insert_all = || {
            self.with_scratch(|scratch| {
                loop {
                    let slot = next.fetch_add(1, Ordering::Relaxed);
                    if slot >= upto {
                        return;
                    }
                    self.insert(arena, slot, scratch);
                }
            });
        };
        if self.len() == 0 && upto > 0 {
            // The first node is inserted alone, because the others need an entry node.
            self.with_scratch(|scratch| {
                self.insert(arena, next.fetch_add(1, Ordering::Relaxed), scratch);
            });
        }
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(insert_all);
            }
            insert_all();
        });
        self.len.fetch_max(upto, Ordering::Release);
    }

    fn search(
        &self,
        arena: &Arena,
        query: &Query,
        k: usize,
        ef: usize,
        accept: &dyn Fn(u32) -> bool,
    ) -> Vec<Neighbour> {
        if k == 0 {
            return Vec::new();
        }
        self.with_scratch(|scratch| self.nearest(arena, query, k, ef, accept, scratch))
    }

    fn consolidated(
        &self,
        arena: &Arena,
        new_slots: &[Option<u32>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Box<dyn Graph>> {
        Some(Box::new(self.consolidate(arena, new_slots, keep_going)?))
    }

    fn memory_bytes(&self) -> usize {
        self.lists.memory_bytes(self.len()) + self.twins.memory_bytes()
    }

    fn write(&self, writer: &mut dyn Write) -> Result<(), GraphError> {
        let _extending = self.extending.lock();
        format::write(self, writer)
    }
}
