//! A map from ids to slots.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::rows::Rows;

/// Maps an id to its newest slot, live or dead. The ids themselves are in the rows.
pub(crate) struct Lookup {
    // Each slot is stored with its id's hash, so that growing does not read every id.
    slots: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl Lookup {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self {
            slots: HashTable::with_capacity(rows),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The newest slot of an id.
    pub(crate) fn find(&self, id: &[u8], rows: &Rows) -> Option<u32> {
        let hash = self.hash(id);
        let is_it =
            |&(h, slot): &(u32, u32)| h == hash && rows.with_record(slot, |r| r.id_bytes() == id);
        let found = self.slots.find(spread(hash), is_it);
        found.map(|&(_, slot)| slot)
    }

    /// Makes `slot` the newest of an id and returns the previous one.
    pub(crate) fn replace(&mut self, id: &[u8], slot: u32, rows: &Rows) -> Option<u32> {
        let hash = self.hash(id);
        let is_it =
            |&(h, slot): &(u32, u32)| h == hash && rows.with_record(slot, |r| r.id_bytes() == id);
        match self
            .slots
            .entry(spread(hash), is_it, |&(hash, _)| spread(hash))
        {
            Entry::Occupied(mut entry) => Some(std::mem::replace(&mut entry.get_mut().1, slot)),
            Entry::Vacant(entry) => {
                entry.insert((hash, slot));
                None
            }
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.slots.allocation_size()
    }

    fn hash(&self, id: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(id);
        (hash ^ (hash >> 32)) as u32
    }
}

/// The table takes the bucket from the low bits and the tag from the high ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(hash)
}
