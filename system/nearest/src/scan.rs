//! The exact nearest rows of a set of slots, by looking at each.
//!
//! With codes, a row is first estimated: by Cauchy–Schwarz, `x·q` differs from the product of the
//! coded vectors by at most `‖x - x̂‖·‖q‖ + ‖x̂‖·‖q - q̂‖`, and the Euclidean distance by at most
//! `‖x - x̂‖ + ‖q - q̂‖`. Only rows that may still be among the nearest are computed from `f32`.
//! Rounding, of the estimate and of the exact kernel, is in the bounds too, so that the result is
//! what computing every row exactly would give, bit for bit.

mod bound;

use std::collections::BinaryHeap;

use crate::arena::{Arena, Chunk, ROWS_PER_CHUNK};
use crate::neighbour::{Nearest, Neighbour, ordered, unordered};
use crate::precision::Precision;
use crate::query::Query;
use bound::Estimator;

/// The `k` nearest of `slots` (each given once), ordered by distance and then slot, and further
/// ones as long as they are at the very distance of the `k`-th: the caller cuts by a rule of its
/// own, such as the id.
///
/// # Panics
/// When a slot is not in the arena, or the query was made for another kind of arena.
#[must_use]
pub fn scan(
    arena: &Arena,
    query: &Query,
    slots: impl IntoIterator<Item = u32>,
    k: usize,
) -> Vec<Neighbour> {
    scan_where(arena, query, slots, |_| true, k)
}

/// As [`scan`] of those `slots` that `accept` lets through, which is asked of the few rows that may
/// be among the nearest. Where most are let through and they lie in one range, this is twice as
/// fast as leaving the others out: the machine foresees a range without gaps.
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
        ahead(
            arena,
            slots.into_iter().filter(|slot| accept(*slot)),
            |_, _, slot| {
                nearest.push(Neighbour {
                    slot,
                    distance: query.distance(arena, slot),
                });
            },
        );
        return nearest.into_sorted();
    }
    let estimator = Estimator::new(arena, query);
    let mut limit = Limit::new(k);
    let mut candidates = Vec::new();
    ahead(arena, slots, |chunk, row, slot| {
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
        nearest.push(Neighbour {
            slot,
            distance: query.distance(arena, slot),
        });
        // Early and often: each row let go of here is one less to read from `f32`.
        if index % k.max(8) == k.max(8) - 1 {
            nearest.tidy();
        }
    }
    nearest.into_sorted()
}

/// Calls `look` for each slot, with its chunk and its row there. Rows that do not follow one another
/// are asked for ahead of time; others the machine foresees, and asking cost a third of the time.
fn ahead<'a>(
    arena: &'a Arena,
    slots: impl IntoIterator<Item = u32>,
    mut look: impl FnMut(&'a Chunk, usize, u32),
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
            look(here, row, slot);
        }
        if count < waiting.len() {
            return;
        }
    }
}

/// The `k`-th smallest upper bound so far: nothing whose lower bound is above it can be a result.
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
