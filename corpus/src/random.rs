//! Reproducible random choices, with an independent stream for each part of a corpus.

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The generator of all choices, which gives the same numbers on any platform, unlike `StdRng`.
pub(crate) type Random = ChaCha8Rng;

/// The parts of a corpus. Each has its own stream, so that a change to one does not affect the others.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Clients = 1,
    Workers = 2,
    Employees = 3,
    Demand = 4,
    Queries = 5,
    WorkersOwnWords = 6,
    EmployeesOwnWords = 7,
}

/// The generator of one part, at its start.
pub(crate) fn random(seed: u64, stream: Stream) -> Random {
    let mut random = Random::seed_from_u64(seed);
    random.set_stream(stream as u64);
    random
}

/// True with a probability of `percent` percent.
pub(crate) fn percent(random: &mut Random, percent: u32) -> bool {
    random.random_ratio(percent, 100)
}

/// A random item of a non-empty list.
pub(crate) fn one<'i, T>(random: &mut Random, items: &'i [T]) -> &'i T {
    items.choose(random).expect("the list is not empty")
}

/// A weighted random item; [`Fixtures`](crate::fixtures::Fixtures) rejects zero weights.
pub(crate) fn weighted<'i, T>(
    random: &mut Random,
    items: &'i [T],
    weight: impl Fn(&T) -> u32,
) -> &'i T {
    items
        .choose_weighted(random, weight)
        .expect("an item has a positive weight")
}

/// Up to `count` distinct random items, in their order.
pub(crate) fn some<'i, T>(random: &mut Random, items: &'i [T], count: usize) -> Vec<&'i T> {
    let count = count.min(items.len());
    let mut indexes = rand::seq::index::sample(random, items.len(), count).into_vec();
    indexes.sort_unstable();
    indexes.into_iter().map(|index| &items[index]).collect()
}
