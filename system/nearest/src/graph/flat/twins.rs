//! A cache of nodes by their codes, which finds the twins of new rows without a search.
//!
//! Rows with the same vector are common: items whose metadata has changed, items with one text. A
//! missing entry only costs a search, so a graph that is read from a file starts with an empty
//! cache.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;

use crate::arena::Arena;

#[derive(Default)]
pub(super) struct Twins {
    nodes: Mutex<HashMap<u64, u32>>,
    hasher: RandomState,
}

/// A hash of a row's codes.
#[derive(Clone, Copy)]
pub(super) struct CodeHash(u64);

impl Twins {
    pub(super) fn hash(&self, arena: &Arena, slot: u32) -> CodeHash {
        CodeHash(arena.with_code_bytes(slot, |bytes| self.hasher.hash_one(bytes)))
    }

    /// A node whose codes equal the row's.
    pub(super) fn node(&self, arena: &Arena, slot: u32, hash: CodeHash) -> Option<u32> {
        let node = self.nodes.lock().get(&hash.0).copied();
        node.filter(|&node| arena.are_twins(slot, node))
    }

    /// Adds a node.
    pub(super) fn insert(&self, node: u32, hash: CodeHash) {
        self.nodes.lock().entry(hash.0).or_insert(node);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.nodes.lock().capacity() * size_of::<(u64, u32)>()
    }
}
