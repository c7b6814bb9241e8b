//! Searching one view of an index.
//!
//! What may be given is counted first. Few rows are scanned; otherwise the graph is asked for the
//! rows that it covers and the rest is scanned. Where the graph gives fewer than there are, the
//! scan has the last word, so that `k` hits come back whenever `k` items pass.

use lakehouse_nearest::{Neighbour, Plan, Query, plan, scan, scan_where};
use roaring::RoaringBitmap;

use crate::generation::{Covering, View};
use crate::item::{Hit, Search};
use crate::rows::States;

/// The rows of the nearest items, nearest first, those of equal distance by id; exactly those, of
/// an index of at most `exact_up_to` items, which may still have the graph that it had as a larger
/// one.
pub(crate) fn search(view: &View, exact_up_to: usize, search: &Search<'_>) -> Vec<Neighbour> {
    if search.k == 0 || view.live == 0 {
        return Vec::new();
    }
    let arena = &view.generation.arena;
    let query = Query::new(arena, search.vector);
    let selection = Selection::of(view, search);
    if selection.count == 0 {
        return Vec::new();
    }
    let graph = view.generation.graph.load();
    let nearest = match &*graph {
        Some(covering) if view.live as usize > exact_up_to => {
            with_graph(view, &query, search, &selection, covering)
        }
        _ => selection.scan(view, &query, 0, search.k),
    };
    ranked(view, nearest, search.k)
}

fn with_graph(
    view: &View,
    query: &Query,
    search: &Search<'_>,
    selection: &Selection,
    covering: &Covering,
) -> Vec<Neighbour> {
    let k = search.k;
    let covered = covering.graph.len().min(view.slots);
    let ef = search.ef.unwrap_or(covering.ef);
    let ef = match plan(selection.count, view.slots as usize, ef, k) {
        Plan::Scan => return selection.scan(view, query, 0, k),
        Plan::Graph { ef } => ef,
    };
    let dense = selection.only.as_ref().map(|only| dense(only, covered));
    let accept = |slot: u32| {
        slot < covered
            && dense.as_ref().is_none_or(|bits| has(bits, slot))
            && selection.passes(slot)
    };
    let arena = &view.generation.arena;
    let mut nearest = covering.graph.search(arena, query, k, ef, &accept);
    if nearest.len() < k.min(selection.count_below(covered, view.slots)) {
        return selection.scan(view, query, 0, k);
    }
    nearest.extend(selection.scan(view, query, covered, k));
    nearest
}

/// Which rows may be given.
struct Selection {
    states: States,
    version: u64,
    /// No others but these; all when nothing is given.
    only: Option<RoaringBitmap>,
    /// Not these: live rows, in order.
    excluded: Vec<u32>,
    /// How many rows that is at the most; exactly, when `only` gives nothing.
    count: usize,
    has_dead: bool,
}

impl Selection {
    fn of(view: &View, search: &Search<'_>) -> Self {
        let states = view.generation.rows.states();
        let mut excluded = Vec::new();
        let mut only = None;
        if !search.exclude_ids.is_empty() || search.only_ids.is_some() || search.filter.is_some() {
            let tables = view.generation.tables.read();
            let slot = |id: &&str| view.slot_in(&tables, id);
            excluded.extend(search.exclude_ids.iter().filter_map(slot));
            let rows = &view.generation.rows;
            let metadata = |slot| rows.with_record(slot, |record| record.metadata());
            only = search
                .filter
                .map(|filter| tables.inverted.select(filter, &metadata));
            if let Some(ids) = search.only_ids {
                let ids: RoaringBitmap = ids.iter().filter_map(slot).collect();
                only = Some(match only {
                    Some(only) => only & ids,
                    None => ids,
                });
            }
        }
        excluded.sort_unstable();
        excluded.dedup();
        let count = match &mut only {
            Some(only) => {
                only.remove_range(view.slots..);
                for slot in excluded.drain(..) {
                    only.remove(slot);
                }
                only.len() as usize
            }
            None => view.live as usize - excluded.len(),
        };
        Self {
            states,
            version: view.version,
            only,
            excluded,
            count,
            has_dead: view.tombstones() > 0,
        }
    }

    /// About how many of the rows that may be given are below a slot.
    fn count_below(&self, covered: u32, slots: u32) -> usize {
        match &self.only {
            Some(only) => only.range_cardinality(..covered) as usize,
            None => self.count.saturating_sub((slots - covered) as usize),
        }
    }

    /// Whether a row that is among `only` may be given.
    fn passes(&self, slot: u32) -> bool {
        (!self.has_dead || self.states.is_alive(slot, self.version))
            && (self.excluded.is_empty() || self.excluded.binary_search(&slot).is_err())
    }

    /// The nearest of the rows from slot `from` on.
    fn scan(&self, view: &View, query: &Query, from: u32, k: usize) -> Vec<Neighbour> {
        let arena = &view.generation.arena;
        match &self.only {
            Some(only) => {
                let slots = only.range(from..).filter(|slot| self.passes(*slot));
                scan(arena, query, slots, k)
            }
            None if !self.has_dead && self.excluded.is_empty() => {
                scan(arena, query, from..view.slots, k)
            }
            // Seldom are more than half of the rows dead, and few are excluded.
            None => scan_where(arena, query, from..view.slots, |slot| self.passes(slot), k),
        }
    }
}

/// The bits of the slots below `end`: asked for many a row, faster than the bitmap.
fn dense(only: &RoaringBitmap, end: u32) -> Vec<u64> {
    let mut bits = vec![0; end.div_ceil(64) as usize];
    for slot in only.range(..end) {
        bits[slot as usize / 64] |= 1 << (slot % 64);
    }
    bits
}

fn has(bits: &[u64], slot: u32) -> bool {
    bits[slot as usize / 64] >> (slot % 64) & 1 == 1
}

/// The `k` nearest in their order. More may come, where the last are at one distance: the ids
/// decide.
fn ranked(view: &View, mut nearest: Vec<Neighbour>, k: usize) -> Vec<Neighbour> {
    nearest.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance));
    if let Some(last) = nearest.get(k.saturating_sub(1)).map(|n| n.distance) {
        let beyond = nearest.partition_point(|n| n.distance.total_cmp(&last).is_le());
        nearest.truncate(beyond);
    }
    let rows = &view.generation.rows;
    let by_id = |a: u32, b: u32| {
        rows.with_record(a, |a| {
            rows.with_record(b, |b| a.id_bytes().cmp(b.id_bytes()))
        })
    };
    nearest.sort_unstable_by(|a, b| {
        let distance = a.distance.total_cmp(&b.distance);
        distance.then_with(|| by_id(a.slot, b.slot))
    });
    nearest.truncate(k);
    nearest
}

/// Rows as hits.
pub(crate) fn hits(view: &View, nearest: &[Neighbour]) -> Vec<Hit> {
    let rows = &view.generation.rows;
    let hit = |neighbour: &Neighbour| {
        rows.with_record(neighbour.slot, |record| Hit {
            id: record.id().into(),
            distance: neighbour.distance,
            metadata: record.metadata(),
        })
    };
    nearest.iter().map(hit).collect()
}
