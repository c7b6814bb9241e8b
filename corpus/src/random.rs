//! Reproducible choice: an independent stream of random numbers for each part of a corpus.

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The generator of all choices: the same numbers on every platform, unlike `rand`'s own.
pub(crate) type Random = ChaCha8Rng;

/// The parts of a corpus. Each draws from its own stream, so that a change to one leaves the others be.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    Clients = 1,
    Workers = 2,
    Employees = 3,
    Demand = 4,
    Queries = 5,
}

/// The generator of one part, at its beginning.
pub(crate) fn random(seed: u64, stream: Stream) -> Random {
    let mut random = Random::seed_from_u64(seed);
    random.set_stream(stream as u64);
    random
}

/// True so many times of a hundred.
pub(crate) fn percent(random: &mut Random, percent: u32) -> bool {
    random.random_ratio(percent, 100)
}

/// One of `items`, which are never empty.
pub(crate) fn one<'i, T>(random: &mut Random, items: &'i [T]) -> &'i T {
    items.choose(random).expect("there is something to choose")
}

/// One of `items` by weight; [`Fixtures`](crate::fixtures::Fixtures) has only positive weights.
pub(crate) fn weighted<'i, T>(
    random: &mut Random,
    items: &'i [T],
    weight: impl Fn(&T) -> u32,
) -> &'i T {
    items
        .choose_weighted(random, weight)
        .expect("an item has a positive weight")
}

/// So many different ones of `items`, or all where there are fewer, in the order they have there.
pub(crate) fn some<'i, T>(random: &mut Random, items: &'i [T], count: usize) -> Vec<&'i T> {
    let count = count.min(items.len());
    let mut places = rand::seq::index::sample(random, items.len(), count).into_vec();
    places.sort_unstable();
    places.into_iter().map(|place| &items[place]).collect()
}
