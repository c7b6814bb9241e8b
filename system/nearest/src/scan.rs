//! Exact search of a set of slots.
//!
//! Distances are first estimated from the codes: by Cauchy–Schwarz, `x·q` differs from the product of
//! the decoded vectors by at most `‖x - x̂‖·‖q‖ + ‖x̂‖·‖q - q̂‖`, and the Euclidean distance by at most
//! `‖x - x̂‖ + ‖q - q̂‖`. Only rows that may be among the nearest are estimated again from `f32`, and only
//! those that may still be are computed exactly, in `f64`. The bounds include the rounding errors of the
//! estimates, so the result has the same bits as if every row were computed exactly.

mod bound;

use std::collections::BinaryHeap;

use crate::arena::{Arena, Chunk, ROWS_PER_CHUNK};
use crate::neighbour::{Nearest, Neighbour, ordered, unordered};
use crate::precision::Precision;
use crate::query::Query;
use bound::Estimator;

/// The `k` nearest of `slots`, which must be distinct, ordered by distance and then slot. Further rows
/// at the distance of the `k`-th are included, so that the caller can break the tie by its own rule,
/// such as the id.
///
/// # Panics
/// If a slot does not exist, or the query is for another dimension or precision.
#[must_use]
pub fn scan(
    arena: &Arena,
    query: &Query,
    slots: impl IntoIterator<Item = u32>,
    k: usize,
) -> Vec<Neighbour> {
    scan_where(arena, query, slots, |_| true, k)
}

/// As [`scan`] of those `slots` that `accept` accepts; it is called for the few rows that may be among
/// the nearest. For a range of which most rows are accepted, this is twice as fast as a scan without
/// the other slots, because the hardware prefetches contiguous rows.
///
/// # Panics
/// As [`scan`].
#[must_use]
pub fn scan_where(
    arena: &Arena,
    query: &Query,
    slots: impl IntoIterator<Item = u32>,
    accept: impl Fn(u32) -> bool,
    k: usize,
) -> Vec<Neighbour> {
    let mut nearest = Nearest::new(k);
    if k == 0 {
        return Vec::new();
    }
    if arena.precision() == Precision::F32 {
        visit_prefetched(
            arena,
            slots.into_iter().filter(|slot| accept(*slot)),
            |_, _, slot| {
                nearest.push(query.candidate(arena, slot));
            },
        );
        return query.nearest(arena, nearest);
    }
    let estimator = Estimator::new(arena, query);
    let mut limit = Limit::new(k);
    let mut candidates = Vec::new();
    visit_prefetched(arena, slots, |chunk, row, slot| {
        if estimator.may_be_below(chunk, row, limit.value) && accept(slot) {
            let (lower, upper) = estimator.bounds(chunk, row);
            if lower <= limit.value {
                limit.push(upper);
                candidates.push((lower, slot));
            }
        }
    });
    candidates.retain(|&(lower, _)| lower <= limit.value);
    candidates.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    for (index, &(lower, slot)) in candidates.iter().enumerate() {
        if !nearest.admits(lower) {
            break;
        }
        if let Some(&(_, later)) = candidates.get(index + 2) {
            arena.prefetch_exact(later);
        }
        nearest.push(query.candidate(arena, slot));
        // Prune early and often: each discarded row is one less to read from `f32`.
        if index % k.max(8) == k.max(8) - 1 {
            nearest.prune();
        }
    }
    query.nearest(arena, nearest)
}

/// Calls `visit` for each slot, with its chunk and its row there. Prefetches rows that are not
/// contiguous; the hardware prefetches the others, and doing both took a third longer.
fn visit_prefetched<'a>(
    arena: &'a Arena,
    slots: impl IntoIterator<Item = u32>,
    mut visit: impl FnMut(&'a Chunk, usize, u32),
) {
    const AHEAD: usize = 4;
    let len = arena.len();
    let mut slots = slots.into_iter();
    let mut waiting = [0u32; 64];
    let mut chunk: Option<(usize, &Chunk)> = None;
    loop {
        let mut count = 0;
        for (place, slot) in waiting.iter_mut().zip(&mut slots) {
            *place = slot;
            count += 1;
        }
        for index in 0..count {
            if let Some(&later) = waiting[..count].get(index + AHEAD)
                && waiting[index + AHEAD - 1] + 1 != later
            {
                arena.prefetch(later);
            }
            let slot = waiting[index];
            let (number, row) = (
                slot as usize / ROWS_PER_CHUNK,
                slot as usize % ROWS_PER_CHUNK,
            );
            let here = match chunk {
                Some((last, chunk)) if last == number && slot < len => chunk,
                _ => arena.chunk(slot),
            };
            chunk = Some((number, here));
            visit(here, row, slot);
        }
        if count < waiting.len() {
            return;
        }
    }
}

/// The `k`-th smallest upper bound so far. A row whose lower bound is above it is not a result.
struct Limit {
    k: usize,
    value: f32,
    uppers: BinaryHeap<u32>,
}

impl Limit {
    fn new(k: usize) -> Self {
        Self {
            k,
            value: f32::INFINITY,
            uppers: BinaryHeap::new(),
        }
    }

    fn push(&mut self, upper: f32) {
        self.uppers.push(ordered(upper));
        if self.uppers.len() > self.k {
            self.uppers.pop();
        }
        if self.uppers.len() == self.k
            && let Some(&largest) = self.uppers.peek()
        {
            self.value = unordered(largest);
        }
    }
}
