//! Connects level 0 of a consolidated graph. Insertion keeps it connected.

use super::super::M;
use super::Flat;
use super::insert::{select, thinned};
use super::lists::{M_BASE, slots, store};
use super::search::Scratch;
use crate::arena::Arena;

/// The number of attempts: a full list may drop its link to an island, and a link to one island may
/// replace the only link to another.
const ROUNDS: usize = 4;

impl Flat {
    /// Links the islands among `nodes` with the nodes that searches reach from the entry. `None` on
    /// cancellation, or if an island remains.
    pub(super) fn connect(
        &self,
        arena: &Arena,
        nodes: &[u32],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<()> {
        let Some(entry) = self.entry() else {
            return nodes.is_empty().then_some(());
        };
        for _ in 0..ROUNDS {
            let mut is_reached = vec![false; arena.len() as usize];
            self.reach(entry.slot, &mut is_reached);
            let mut is_connected = true;
            for &node in nodes {
                if is_reached[node as usize] {
                    continue;
                }
                keep_going().then_some(())?;
                is_connected = false;
                self.with_scratch(|scratch| self.bridge(arena, entry.slot, node, scratch));
                self.reach(node, &mut is_reached);
            }
            if is_connected {
                return Some(());
            }
        }
        None
    }

    /// Marks a node and all nodes that are reachable from it on level 0.
    fn reach(&self, node: u32, is_reached: &mut [bool]) {
        let mut next = vec![node];
        is_reached[node as usize] = true;
        while let Some(node) = next.pop() {
            for to in slots(self.lists.list(node, 0)) {
                if !std::mem::replace(&mut is_reached[to as usize], true) {
                    next.push(to);
                }
            }
        }
    }

    /// Links a node in both directions with nearby nodes that are reachable from `start`.
    fn bridge(&self, arena: &Arena, start: u32, node: u32, scratch: &mut Scratch) {
        let mut row = std::mem::take(&mut scratch.row);
        let probe = arena.probe_of(node, &mut row);
        let ef = self.ef_construction;
        self.search_layer(arena, probe, start, 0, ef, |_| true, scratch);
        scratch.row = row;
        let near = select(arena, &scratch.found, M, &mut scratch.other_row);

        let list = self.lists.list(node, 0);
        let mut linked: Vec<u32> = slots(list).chain(near.iter().copied()).collect();
        linked.sort_unstable();
        linked.dedup();
        if linked.len() > M_BASE {
            linked = thinned(arena, node, &linked, M_BASE, scratch);
        }
        store(list, &linked);

        for &to in &near {
            self.link_back(arena, to, node, 0, scratch);
        }
    }
}
