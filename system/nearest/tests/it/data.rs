//! Test vectors and their exact neighbours.

use lakehouse_nearest::{Arena, Metric, Neighbour, Precision, Query};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) const METRICS: [Metric; 3] = [Metric::Cosine, Metric::Euclidean, Metric::Dot];
pub(crate) const PRECISIONS: [Precision; 3] = [Precision::F32, Precision::F16, Precision::I8];

pub(crate) fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Values in `-1..1`.
pub(crate) fn vector(random: &mut ChaCha8Rng, dimension: usize) -> Vec<f32> {
    (0..dimension)
        .map(|_| random.random_range(-1.0..1.0))
        .collect()
}

/// Vectors around a few centres, like embeddings.
pub(crate) fn clustered(seed: u64, count: usize, dimension: usize) -> Vec<Vec<f32>> {
    let mut random = random(seed);
    let centres: Vec<_> = (0..count.div_ceil(20))
        .map(|_| vector(&mut random, dimension))
        .collect();
    (0..count)
        .map(|_| {
            let centre = &centres[random.random_range(0..centres.len())];
            let noise = vector(&mut random, dimension);
            centre
                .iter()
                .zip(noise)
                .map(|(centre, noise)| centre + 0.5 * noise)
                .collect()
        })
        .collect()
}

pub(crate) fn arena(metric: Metric, precision: Precision, rows: &[Vec<f32>]) -> Arena {
    let arena = Arena::new(rows[0].len(), metric, precision);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(arena.push(row), index as u32);
    }
    arena
}

/// The distance as the contract defines it, of a query and a row in their stored form.
pub(crate) fn by_definition(metric: Metric, query: &[f32], row: &[f32]) -> f64 {
    let pairs = query.iter().zip(row);
    let pairs = pairs.map(|(q, v)| (f64::from(*q), f64::from(*v)));
    let mut sum = 0.0;
    for (q, v) in pairs {
        sum += match metric {
            Metric::Cosine | Metric::Dot => q * v,
            Metric::Euclidean => (q - v) * (q - v),
        };
    }
    match metric {
        Metric::Cosine => (1.0 - sum).clamp(0.0, 2.0),
        Metric::Euclidean => sum.sqrt(),
        Metric::Dot => 0.0 - sum,
    }
}

/// The `k` nearest, and ties with the last, by computing every distance.
pub(crate) fn exact(
    arena: &Arena,
    query: &Query,
    slots: impl Iterator<Item = u32>,
    k: usize,
) -> Vec<Neighbour> {
    let mut all: Vec<_> = slots
        .map(|slot| Neighbour {
            slot,
            distance: arena.with_row(slot, |row| {
                by_definition(arena.metric(), query.vector(), row)
            }),
        })
        .collect();
    all.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.slot.cmp(&b.slot)));
    if k == 0 {
        return Vec::new();
    }
    if let Some(last) = all.get(k - 1).map(|last| last.distance) {
        all.retain(|neighbour| neighbour.distance.total_cmp(&last).is_le());
    }
    all
}
