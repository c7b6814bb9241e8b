//! Search.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::visited::Visited;
use super::lists::{M_BASE, slots};
use super::{Entry, Flat};
use crate::arena::Arena;
use crate::metric::{Metric, cosine_distance, dot_distance, euclidean_distance};
use crate::neighbour::{Nearest, Neighbour, ordered, unordered};
use crate::precision::Precision;
use crate::probe::Probe;
use crate::query::Query;
use crate::scan::scan;

/// The buffers of searches and insertions, kept for reuse.
#[derive(Default)]
pub(super) struct Scratch {
    visited: Visited,
    candidates: BinaryHeap<Reverse<Ranked>>,
    results: BinaryHeap<Ranked>,
    /// The result of the last layer search, nearest first.
    pub(super) found: Vec<Ranked>,
    pub(super) row: Vec<f32>,
    pub(super) other_row: Vec<f32>,
    /// The number of distances computed in layer searches.
    pub(super) rows: u64,
}

/// A slot with its key, ordered by key, then slot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked(u64);

impl Ranked {
    #[inline]
    pub(super) fn new(key: f32, slot: u32) -> Self {
        Self(u64::from(ordered(key)) << 32 | u64::from(slot))
    }

    #[inline]
    pub(super) fn slot(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    pub(super) fn key(self) -> f32 {
        unordered((self.0 >> 32) as u32)
    }
}

impl Flat {
    pub(super) fn nearest(
        &self,
        arena: &Arena,
        query: &Query,
        k: usize,
        ef: usize,
        accept: &dyn Fn(u32) -> bool,
        scratch: &mut Scratch,
    ) -> Vec<Neighbour> {
        let Some(entry) = self.entry() else {
            return Vec::new();
        };
        let probe = query.probe();
        let start = self.descend(arena, probe, entry, 0);
        let accept_any = |slot: u32| accept(slot) || self.twins(slot).any(accept);
        self.search_layer(arena, probe, start, 0, ef.max(k), accept_any, scratch);
        if arena.precision() == Precision::F32 {
            return self.estimated_already(arena, query, k, accept, scratch);
        }
        // Read only the rows that may be among the nearest, out of those whose codes are near.
        let slots = scratch.found.iter().flat_map(|found| {
            let node = found.slot();
            std::iter::once(node).chain(self.twins(node))
        });
        scan(arena, query, slots.filter(|&slot| accept(slot)), k)
    }

    /// The nearest of the found rows if rows are traversed: their keys are estimates from `f32`.
    fn estimated_already(
        &self,
        arena: &Arena,
        query: &Query,
        k: usize,
        accept: &dyn Fn(u32) -> bool,
        scratch: &Scratch,
    ) -> Vec<Neighbour> {
        let mut nearest = Nearest::new(k);
        for found in &scratch.found {
            let distance = match arena.metric() {
                Metric::Cosine => cosine_distance(-found.key()),
                Metric::Euclidean => euclidean_distance(found.key()),
                Metric::Dot => dot_distance(-found.key()),
            };
            let node = found.slot();
            for slot in std::iter::once(node).chain(self.twins(node)) {
                if accept(slot) {
                    let row = arena.traversed_row(slot);
                    nearest.push(query.bounded(arena, slot, row, distance));
                }
            }
        }
        query.nearest(arena, nearest)
    }

    /// Descends from `entry` to level `above + 1`, to the nearest node of each level.
    pub(super) fn descend(
        &self,
        arena: &Arena,
        probe: Probe<'_>,
        entry: Entry,
        above: usize,
    ) -> u32 {
        let mut best = Ranked::new(arena.key(probe, entry.slot), entry.slot);
        for level in (above + 1..=entry.level).rev() {
            loop {
                let list = self.lists.list(best.slot(), level);
                for slot in slots(list) {
                    arena.prefetch(slot);
                }
                let nearest = slots(list)
                    .map(|slot| Ranked::new(arena.key(probe, slot), slot))
                    .min();
                match nearest {
                    Some(nearest) if nearest < best => best = nearest,
                    _ => break,
                }
            }
        }
        best.slot()
    }

    /// Searches one level for the nodes nearest to `probe`, into `scratch.found`: at most `ef` of those
    /// that `accept` admits.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parameters of the algorithm's own search"
    )]
    pub(super) fn search_layer(
        &self,
        arena: &Arena,
        probe: Probe<'_>,
        start: u32,
        level: usize,
        ef: usize,
        mut accept: impl FnMut(u32) -> bool,
        scratch: &mut Scratch,
    ) {
        let Scratch {
            visited,
            candidates,
            results,
            found,
            rows,
            ..
        } = scratch;
        visited.clear(arena.len() as usize);
        candidates.clear();
        results.clear();
        visited.mark(start);
        let first = Ranked::new(arena.key(probe, start), start);
        candidates.push(Reverse(first));
        if accept(start) {
            results.push(first);
        }
        let mut worst = if results.len() == ef {
            first
        } else {
            Ranked(u64::MAX)
        };
        while let Some(Reverse(candidate)) = candidates.pop() {
            if candidate > worst {
                break;
            }
            let mut new = [0u32; M_BASE];
            let mut count = 0;
            for slot in slots(self.lists.list(candidate.slot(), level)) {
                if visited.mark(slot) {
                    if count < AHEAD {
                        arena.prefetch(slot);
                    }
                    new[count] = slot;
                    count += 1;
                }
            }
            *rows += count as u64;
            for index in 0..count {
                if index + AHEAD < count {
                    arena.prefetch(new[index + AHEAD]);
                }
                let ranked = Ranked::new(arena.key(probe, new[index]), new[index]);
                if ranked >= worst {
                    continue;
                }
                candidates.push(Reverse(ranked));
                if accept(new[index]) {
                    results.push(ranked);
                    if results.len() > ef {
                        results.pop();
                    }
                    if results.len() == ef {
                        worst = *results.peek().expect("`ef` is at least one");
                    }
                }
            }
        }
        found.clear();
        found.extend(results.drain());
        found.sort_unstable();
    }

    /// The twins of a node.
    pub(super) fn twins(&self, node: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(self.lists.twin(node), |&twin| self.lists.twin(twin))
    }
}

/// The number of rows to prefetch ahead.
const AHEAD: usize = 3;
