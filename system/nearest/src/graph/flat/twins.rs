//! Nodes by their codes, so that a row with the codes of a node is hung on it without a search.
//!
//! Rows come again with the same vector: an item whose metadata changed, a text that several items
//! have. What is missing here costs a search and no more, so a graph that is read begins without.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;

use crate::arena::Arena;

#[derive(Default)]
pub(super) struct Twins {
    nodes: Mutex<HashMap<u64, u32>>,
    hasher: RandomState,
}

/// A row's codes in short.
#[derive(Clone, Copy)]
pub(super) struct CodeHash(u64);

impl Twins {
    pub(super) fn hash(&self, arena: &Arena, slot: u32) -> CodeHash {
        CodeHash(arena.with_code_bytes(slot, |bytes| self.hasher.hash_one(bytes)))
    }

    /// A node that nothing which is traversed tells from the row.
    pub(super) fn node(&self, arena: &Arena, slot: u32, hash: CodeHash) -> Option<u32> {
        let node = self.nodes.lock().get(&hash.0).copied();
        node.filter(|&node| arena.are_twins(slot, node))
    }

    /// Keeps a node to be found.
    pub(super) fn keep(&self, node: u32, hash: CodeHash) {
        self.nodes.lock().entry(hash.0).or_insert(node);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.nodes.lock().capacity() * size_of::<(u64, u32)>()
    }
}
