//! The exact nearest rows of a set of slots, by looking at each.
//!
//! With codes, a row is first estimated: by Cauchy–Schwarz, `x·q` differs from the product of the
//! coded vectors by at most `‖x - x̂‖·‖q‖ + ‖x̂‖·‖q - q̂‖`, and the Euclidean distance by at most
//! `‖x - x̂‖ + ‖q - q̂‖`. Only rows that may still be among the nearest are computed from `f32`.
//! Rounding, of the estimate and of the exact kernel, is in the bounds too, so that the result is
//! what computing every row exactly would give, bit for bit.

mod bound;

use std::collections::BinaryHeap;

use crate::arena::Arena;
use crate::neighbour::{Nearest, Neighbour, ordered};
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
    let mut nearest = Nearest::new(k);
    if k == 0 {
        return Vec::new();
    }
    if arena.precision() == Precision::F32 {
        ahead(arena, slots, |slot| {
            nearest.push(Neighbour {
                slot,
                distance: arena.distance(query, slot),
            });
        });
        return nearest.into_sorted();
    }
    let estimator = Estimator::new(arena, query);
    let mut limit = Limit::new(k);
    let mut candidates = Vec::new();
    ahead(arena, slots, |slot| {
        let (lower, upper) = estimator.bounds(arena, slot);
        if limit.admits(lower) {
            limit.push(upper);
            candidates.push((lower, slot));
        }
    });
    candidates.retain(|&(lower, _)| limit.admits(lower));
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
            distance: arena.distance(query, slot),
        });
        // Early and often: each row let go of here is one less to read from `f32`.
        if index % k.max(8) == k.max(8) - 1 {
            nearest.tidy();
        }
    }
    nearest.into_sorted()
}

/// Calls `look` for each slot, with the rows a few slots ahead asked for.
fn ahead(arena: &Arena, slots: impl IntoIterator<Item = u32>, mut look: impl FnMut(u32)) {
    const AHEAD: usize = 4;
    let mut slots = slots.into_iter();
    let mut waiting = [0u32; 64];
    loop {
        let mut count = 0;
        for (place, slot) in waiting.iter_mut().zip(&mut slots) {
            *place = slot;
            count += 1;
        }
        for index in 0..count {
            if index + AHEAD < count {
                arena.prefetch(waiting[index + AHEAD]);
            }
            look(waiting[index]);
        }
        if count < waiting.len() {
            return;
        }
    }
}

/// The `k`-th smallest upper bound so far: nothing whose lower bound is above it can be a result.
struct Limit {
    k: usize,
    uppers: BinaryHeap<u32>,
}

impl Limit {
    fn new(k: usize) -> Self {
        Self {
            k,
            uppers: BinaryHeap::new(),
        }
    }

    #[inline]
    fn admits(&self, lower: f32) -> bool {
        self.uppers.len() < self.k
            || self
                .uppers
                .peek()
                .is_some_and(|&limit| ordered(lower) <= limit)
    }

    #[inline]
    fn push(&mut self, upper: f32) {
        let upper = ordered(upper);
        if self.uppers.len() < self.k {
            self.uppers.push(upper);
        } else if let Some(mut largest) = self.uppers.peek_mut()
            && upper < *largest
        {
            *largest = upper;
        }
    }
}
