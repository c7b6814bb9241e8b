//! Derives the graph over the remaining rows from the graph over all rows.
//!
//! A node is removed only with all of its twins; otherwise a remaining twin replaces it, as happens
//! when rows are replaced by rows with the same vector. Removed nodes are dropped from the
//! lists. Replacing them by their own neighbours, as FreshDiskANN (Singh et al., 2021) does, did not
//! improve the recall with up to a quarter of the nodes removed: it was 0.990 both ways. Levels above 0
//! belong to slots and not to nodes; they have one node in `M`, and are rebuilt.

use std::sync::atomic::Ordering;

use super::lists::{level_of, slots, store};
use super::{Entry, Flat};
use crate::arena::Arena;

/// The largest share of removed nodes; with more, a rebuild costs little more.
const MAX_REMOVED_SHARE: f64 = 0.25;

/// The number of nodes between two cancellation checks, which take about ten microseconds.
const STEP: usize = 16;

impl Flat {
    /// As [`Graph::consolidated`](crate::Graph::consolidated).
    pub fn consolidate(
        &self,
        arena: &Arena,
        new_slots: &[Option<u32>],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let _extending = self.extending.lock();
        let len = self.len.load(Ordering::Acquire);
        let new_slots = &new_slots[..len as usize];
        let nodes = self.nodes(len);
        // For each old node, the new slot of the row that replaces it.
        let mut replacements = vec![None; len as usize];
        for &node in &nodes {
            replacements[node as usize] = self.group(node).find_map(|row| new_slots[row as usize]);
        }
        let replacement = |node: u32| replacements[node as usize];
        let kept = nodes
            .iter()
            .filter_map(|&node| Some((node, replacement(node)?)));
        let kept: Vec<(u32, u32)> = kept.collect();
        if (nodes.len() - kept.len()) as f64 > MAX_REMOVED_SHARE * nodes.len() as f64 {
            return None;
        }

        let new = Self::with_ef_construction(self.ef_construction);
        for (at, &(old, node)) in kept.iter().enumerate() {
            if at.is_multiple_of(STEP) && !keep_going() {
                return None;
            }
            new.lists.create_node(node, level_of(node));
            new.twins.insert(node, new.twins.hash(arena, node));
            let rows = self.group(old).filter_map(|row| new_slots[row as usize]);
            for twin in rows.filter(|&row| row != node) {
                new.lists.add_twin(node, twin);
            }
            let list = slots(self.lists.list(old, 0)).filter_map(replacement);
            store(new.lists.list(node, 0), &list.collect::<Vec<_>>());
        }
        let nodes: Vec<u32> = kept.into_iter().map(|(_, node)| node).collect();
        for &node in &nodes {
            if level_of(node) > 0 && !keep_going() {
                return None;
            }
            new.link_above(arena, node);
        }
        new.connect(arena, &nodes, keep_going)?;
        let rows = new_slots.iter().flatten().count();
        new.len.store(rows as u32, Ordering::Release);
        Some(new)
    }

    /// Links a node on its levels above 0.
    fn link_above(&self, arena: &Arena, slot: u32) {
        let level = level_of(slot);
        if let Some(entry) = self.entry()
            && level > 0
        {
            self.with_scratch(|scratch| {
                let neighbours = self.neighbours(arena, slot, 1..=level, entry, scratch);
                self.link(arena, slot, 1, &neighbours, scratch);
            });
        }
        self.raise_entry(Entry { slot, level });
    }

    /// The rows that are nodes, not twins.
    fn nodes(&self, len: u32) -> Vec<u32> {
        let mut is_twin = vec![false; len as usize];
        for twin in (0..len).filter_map(|slot| self.lists.twin(slot)) {
            is_twin[twin as usize] = true;
        }
        (0..len).filter(|&slot| !is_twin[slot as usize]).collect()
    }

    /// A node and its twins.
    fn group(&self, node: u32) -> impl Iterator<Item = u32> {
        std::iter::once(node).chain(self.twins(node))
    }
}
