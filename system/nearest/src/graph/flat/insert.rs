//! Insertion.

use std::ops::RangeInclusive;

use super::super::M;
use super::lists::{M_BASE, level_of, slots, store};
use super::search::{Ranked, Scratch};
use super::{Entry, Flat, LOCKS};
use crate::arena::Arena;

/// The number of nearest rows to check for a twin of the new row.
const TWIN_CANDIDATES: usize = 4;

/// The place of a row in the graph.
enum Place {
    /// A node with these neighbours by level.
    Node(Vec<Vec<u32>>),
    /// A twin of this node.
    Twin(u32),
}

impl Flat {
    /// Inserts a slot that is not in the graph. Threads may insert different slots concurrently.
    pub(super) fn insert(&self, arena: &Arena, slot: u32, scratch: &mut Scratch) {
        let level = level_of(slot);
        let hash = self.twins.hash(arena, slot);
        let Some(entry) = self.entry() else {
            self.lists.create_node(slot, level);
            self.twins.insert(slot, hash);
            self.raise_entry(Entry { slot, level });
            return;
        };
        if let Some(node) = self.twins.node(arena, slot, hash) {
            self.lists.add_twin(node, slot);
            return;
        }
        let neighbours = match self.choose(arena, slot, level, entry, scratch) {
            Place::Node(neighbours) => neighbours,
            Place::Twin(node) => {
                self.twins.insert(node, hash);
                self.lists.add_twin(node, slot);
                return;
            }
        };
        self.lists.create_node(slot, level);
        self.twins.insert(slot, hash);
        self.link(arena, slot, 0, &neighbours, scratch);
        self.raise_entry(Entry { slot, level });
    }

    /// Determines the place of a new row.
    fn choose(
        &self,
        arena: &Arena,
        slot: u32,
        level: usize,
        entry: Entry,
        scratch: &mut Scratch,
    ) -> Place {
        let chosen = self.neighbours(arena, slot, 0..=level, entry, scratch);
        let nearest = scratch.found.iter().take(TWIN_CANDIDATES);
        let twin = nearest
            .map(|found| found.slot())
            .find(|&node| arena.are_twins(slot, node));
        twin.map_or(Place::Node(chosen), Place::Twin)
    }

    /// The neighbours of a row that no list contains yet, by level from the lowest of `levels` on.
    /// `scratch.found` keeps the result of the search of the lowest level.
    pub(super) fn neighbours(
        &self,
        arena: &Arena,
        slot: u32,
        levels: RangeInclusive<usize>,
        entry: Entry,
        scratch: &mut Scratch,
    ) -> Vec<Vec<u32>> {
        let (lowest, highest) = levels.into_inner();
        let mut row = std::mem::take(&mut scratch.row);
        let probe = arena.probe_of(slot, &mut row);
        let mut start = self.descend(arena, probe, entry, highest);
        let mut chosen = vec![Vec::new(); highest + 1 - lowest];
        for level in (lowest..=highest.min(entry.level)).rev() {
            self.search_layer(
                arena,
                probe,
                start,
                level,
                self.ef_construction,
                |_| true,
                scratch,
            );
            start = scratch
                .found
                .first()
                .map_or(start, |nearest| nearest.slot());
            chosen[level - lowest] = select(arena, &scratch.found, M, &mut scratch.other_row);
        }
        scratch.row = row;
        chosen
    }

    /// Links a node with its neighbours on each level from `lowest` on, both ways.
    pub(super) fn link(
        &self,
        arena: &Arena,
        slot: u32,
        lowest: usize,
        neighbours: &[Vec<u32>],
        scratch: &mut Scratch,
    ) {
        for (level, neighbours) in (lowest..).zip(neighbours) {
            store(self.lists.list(slot, level), neighbours);
        }
        // From the lowest level up: a search that finds the node on a level can descend from it.
        for (level, neighbours) in (lowest..).zip(neighbours) {
            for &neighbour in neighbours {
                self.link_back(arena, neighbour, slot, level, scratch);
            }
        }
    }

    /// Adds `slot` to the list of `node`; a full list is thinned.
    pub(super) fn link_back(
        &self,
        arena: &Arena,
        node: u32,
        slot: u32,
        level: usize,
        scratch: &mut Scratch,
    ) {
        let _lock = self.locks[node as usize % LOCKS].lock();
        let list = self.lists.list(node, level);
        let mut linked: Vec<u32> = slots(list).collect();
        if linked.contains(&slot) {
            return;
        }
        linked.push(slot);
        if linked.len() > list.len() {
            linked = thinned(arena, node, &linked, list.len(), scratch);
        }
        store(list, &linked);
    }
}

/// At most `max` of the slots `linked`, which [`select`] selects for the list of `node`.
pub(super) fn thinned(
    arena: &Arena,
    node: u32,
    linked: &[u32],
    max: usize,
    scratch: &mut Scratch,
) -> Vec<u32> {
    let probe = arena.probe_of(node, &mut scratch.row);
    let ranked = linked
        .iter()
        .map(|&slot| Ranked::new(arena.key(probe, slot), slot));
    let mut ranked: Vec<Ranked> = ranked.collect();
    ranked.sort_unstable();
    select(arena, &ranked, max, &mut scratch.other_row)
}

/// The paper's heuristic: in order of distance, selects at most `max` candidates that are nearer to
/// the centre than to any selected candidate.
pub(super) fn select(
    arena: &Arena,
    candidates: &[Ranked],
    max: usize,
    row: &mut Vec<f32>,
) -> Vec<u32> {
    let mut selected: Vec<u32> = Vec::with_capacity(max.min(M_BASE));
    for candidate in candidates {
        if selected.len() == max {
            break;
        }
        let probe = arena.probe_of(candidate.slot(), row);
        if selected
            .iter()
            .all(|&other| arena.key(probe, other) >= candidate.key())
        {
            selected.push(candidate.slot());
        }
    }
    selected
}
