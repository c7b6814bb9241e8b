//! Searching one view of an index.
//!
//! The eligible rows are counted first. If they are few, they are scanned; otherwise the graph is
//! searched and the rows outside it are scanned. If the graph returns too few, a scan replaces its
//! result, so that `k` hits are returned whenever `k` items are eligible. Tiers are searched one after
//! another, each among the eligible rows that no tier before has, until there are `k` hits.

use std::time::Duration;

use lakehouse_nearest::{Neighbour, Plan, Query, expected_time, plan, scan, scan_where};
use roaring::RoaringBitmap;

use crate::error::VectorError;
use crate::filter::Filter;
use crate::generation::{Covering, View};
use crate::index::shared::Shared;
use crate::item::{Found, FoundRow, Hit, Search};
use crate::rows::States;

/// Searches estimated below this limit run on the caller's thread: graph searches of the default
/// width do, scans of more than about 2,000 rows of 768 values do not. Handing a search to the pool
/// and back costs two wake-ups, some 40 µs of latency for a single caller on a virtual machine. For
/// longer searches with four or more callers that cost is recovered, because requests no longer wait
/// behind each other's searches on the runtime's workers.
const MAX_INLINE: Duration = Duration::from_micros(150);

/// The worst-case cost of filtering a row, also by a part of a string, and of looking up an id; most cost
/// less.
const FILTERED_ROW: Duration = Duration::from_nanos(100);
const SEARCHED_TEXT: Duration = Duration::from_micros(2);
const ID: Duration = Duration::from_nanos(300);

/// Whether a search is too short to hand to the pool.
pub(crate) fn is_small(shared: &Shared, search: &Search<'_>) -> bool {
    let view = shared.view.load();
    let graph = view.generation.graph.load();
    let filters = || search.filter.iter().chain(search.tiers);
    let is_filtered = filters().next().is_some();
    let (scanned, ef) = match &*graph {
        // With a filter, the graph may turn out not to be used.
        Some(covering) if !is_filtered && view.live as usize > shared.exact_up_to => {
            let ef = search.ef.unwrap_or(covering.ef).max(search.k);
            (view.slots.saturating_sub(covering.graph.len()), Some(ef))
        }
        _ => (view.slots, None),
    };
    let ids = search.exclude_ids.len() + search.only_ids.map_or(0, <[&str]>::len);
    let filtering = filters().map(|filter| {
        let searches_texts = filter.searches_texts();
        view.slots
            * if searches_texts {
                SEARCHED_TEXT
            } else {
                FILTERED_ROW
            }
    });
    let selection = filtering.sum::<Duration>() + ID * u32::try_from(ids).unwrap_or(u32::MAX);
    selection + expected_time(shared.config.dimension, scanned as usize, ef) <= MAX_INLINE
}

/// Searches the current version of the index on this thread.
pub(crate) fn run(shared: &Shared, search: &Search<'_>) -> Result<(Found, Vec<Hit>), VectorError> {
    if shared.is_dropped() {
        return Err(shared.ended());
    }
    let view = shared.view();
    let rows = find(&view, shared.exact_up_to, search);
    let hits = hits(&view, &rows);
    let found = Found {
        generation: view.generation.number,
        version: view.version,
        rows: rows.into(),
    };
    Ok((found, hits))
}

/// A search that owns its parameters.
pub(crate) struct OwnedSearch {
    vector: Vec<f32>,
    k: usize,
    filter: Option<Filter>,
    exclude_ids: Vec<Box<str>>,
    only_ids: Option<Vec<Box<str>>>,
    tiers: Vec<Filter>,
    max_distance: Option<f64>,
    ef: Option<usize>,
}

impl OwnedSearch {
    pub(crate) fn new(search: &Search<'_>) -> Self {
        let owned = |ids: &[&str]| ids.iter().map(|id| Box::from(*id)).collect();
        Self {
            vector: search.vector.to_vec(),
            k: search.k,
            filter: search.filter.cloned(),
            exclude_ids: owned(search.exclude_ids),
            only_ids: search.only_ids.map(owned),
            tiers: search.tiers.iter().copied().cloned().collect(),
            max_distance: search.max_distance,
            ef: search.ef,
        }
    }

    pub(crate) fn with<R>(&self, run: impl FnOnce(&Search<'_>) -> R) -> R {
        fn borrowed(ids: &[Box<str>]) -> Vec<&str> {
            ids.iter().map(|id| &**id).collect()
        }
        run(&Search {
            vector: &self.vector,
            k: self.k,
            filter: self.filter.as_ref(),
            exclude_ids: &borrowed(&self.exclude_ids),
            only_ids: self.only_ids.as_deref().map(borrowed).as_deref(),
            tiers: &self.tiers.iter().collect::<Vec<_>>(),
            max_distance: self.max_distance,
            ef: self.ef,
        })
    }
}

/// The rows of the first items: tier by tier, nearest first, ties by id.
fn find(view: &View, exact_up_to: usize, search: &Search<'_>) -> Vec<FoundRow> {
    let mut found = Vec::new();
    if search.k == 0 || view.live == 0 {
        return found;
    }
    let mut eligible = Selection::of(view, search);
    if eligible.count == 0 {
        return found;
    }
    let query = Query::new(&view.generation.arena, search.vector);
    let nearest = |selection: &Selection| nearest(view, exact_up_to, search, &query, selection);
    if search.tiers.is_empty() {
        let rows = nearest(&eligible).into_iter();
        return rows.map(|row| FoundRow::of_tier(0, row)).collect();
    }
    for (tier, filter) in (0..).zip(search.tiers) {
        let missing = search.k - found.len();
        if missing == 0 || eligible.count == 0 {
            break;
        }
        let rows = nearest(&eligible.split_off(view, filter)).into_iter();
        found.extend(rows.take(missing).map(|row| FoundRow::of_tier(tier, row)));
    }
    found
}

/// The nearest of the selected rows, nearest first, ties by id. Exact for an index of at most
/// `exact_up_to` items, even if it still has a graph from when it was larger.
fn nearest(
    view: &View,
    exact_up_to: usize,
    search: &Search<'_>,
    query: &Query,
    selection: &Selection,
) -> Vec<Neighbour> {
    if selection.count == 0 {
        return Vec::new();
    }
    let graph = view.generation.graph.load();
    let nearest = match &*graph {
        Some(covering) if view.live as usize > exact_up_to => {
            with_graph(view, query, search, selection, covering)
        }
        _ => selection.scan(view, query, 0, search.k),
    };
    let mut nearest = ranked(view, nearest, search.k);
    if let Some(max_distance) = search.max_distance {
        nearest.retain(|neighbour| neighbour.distance <= max_distance);
    }
    nearest
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

/// The rows that are eligible as hits.
struct Selection {
    states: States,
    version: u64,
    /// The candidates; `None` for all rows. There are always some with tiers.
    only: Option<RoaringBitmap>,
    /// Excluded slots: live rows, in order.
    excluded: Vec<u32>,
    /// The number of eligible rows: exact if `only` is `None`, otherwise an upper bound.
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
        if !search.tiers.is_empty() {
            only.get_or_insert_with(|| (0..view.slots).collect());
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

    /// Takes out the candidates that pass a filter, of which the selection has some.
    fn split_off(&mut self, view: &View, filter: &Filter) -> Self {
        let tables = view.generation.tables.read();
        let rows = &view.generation.rows;
        let metadata = |slot| rows.with_record(slot, |record| record.metadata());
        let only = self.only.get_or_insert_default();
        let filters = std::slice::from_ref(filter);
        let passing = (tables.inverted).select_within(only.clone(), filters, &metadata);
        *only -= &passing;
        self.count = only.len() as usize;
        Self {
            states: self.states.clone(),
            version: self.version,
            count: passing.len() as usize,
            only: Some(passing),
            excluded: Vec::new(),
            has_dead: self.has_dead,
        }
    }

    /// The approximate number of eligible rows below a slot.
    fn count_below(&self, covered: u32, slots: u32) -> usize {
        match &self.only {
            Some(only) => only.range_cardinality(..covered) as usize,
            None => self.count.saturating_sub((slots - covered) as usize),
        }
    }

    /// Whether a row among the candidates is eligible.
    fn passes(&self, slot: u32) -> bool {
        (!self.has_dead || self.states.is_alive(slot, self.version))
            && (self.excluded.is_empty() || self.excluded.binary_search(&slot).is_err())
    }

    /// The nearest eligible rows from slot `from` on.
    fn scan(&self, view: &View, query: &Query, from: u32, k: usize) -> Vec<Neighbour> {
        let arena = &view.generation.arena;
        match &self.only {
            Some(only) if only.len() < u64::from(view.slots) / 2 => {
                let slots = only.range(from..).filter(|slot| self.passes(*slot));
                scan(arena, query, slots, k)
            }
            Some(only) => {
                let accept = |slot| only.contains(slot) && self.passes(slot);
                scan_where(arena, query, from..view.slots, accept, k)
            }
            None if !self.has_dead && self.excluded.is_empty() => {
                scan(arena, query, from..view.slots, k)
            }
            // Typically less than half of the rows are dead, and few are excluded.
            None => scan_where(arena, query, from..view.slots, |slot| self.passes(slot), k),
        }
    }
}

/// The slots below `end` as bits, which are faster than the bitmap for many lookups.
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

/// The `k` nearest, in order. The input may be longer if the last ones have the same distance:
/// ids break ties.
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

/// Converts rows to hits.
pub(crate) fn hits(view: &View, found: &[FoundRow]) -> Vec<Hit> {
    let rows = &view.generation.rows;
    let hit = |row: &FoundRow| {
        rows.with_record(row.slot, |record| Hit {
            id: record.id().into(),
            distance: row.distance,
            metadata: record.metadata(),
            tier: row.tier as usize,
        })
    };
    found.iter().map(hit).collect()
}
