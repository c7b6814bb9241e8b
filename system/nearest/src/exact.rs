//! Exact distances, as the contract defines them: in `f64`, one operation after the other, in the order
//! of the components. Every implementation gets the same bits.

use crate::arena::Arena;
use crate::metric::Metric;
use crate::neighbour::{Candidate, Neighbour};

/// The number of rows whose sums are computed at a time. A sum waits for each of its additions; those of
/// other rows fill the time.
const AT_A_TIME: usize = 4;

/// `‖v‖`.
pub(crate) fn norm(vector: &[f32]) -> f64 {
    let [sum] = sums(vector, [vector], |a, b| a * b);
    sum.sqrt()
}

/// The distances of a query to some rows.
pub(crate) fn distances<const N: usize>(
    metric: Metric,
    query: &[f32],
    rows: [&[f32]; N],
) -> [f64; N] {
    match metric {
        Metric::Cosine => {
            sums(query, rows, |q, v| q * v).map(|product| (1.0 - product).clamp(0.0, 2.0))
        }
        Metric::Euclidean => {
            let squared = |q: f64, v: f64| (q - v) * (q - v);
            sums(query, rows, squared).map(f64::sqrt)
        }
        // Subtracted from zero, because the negative of zero would be -0.
        Metric::Dot => sums(query, rows, |q, v| q * v).map(|product| 0.0 - product),
    }
}

fn sums<const N: usize>(
    query: &[f32],
    rows: [&[f32]; N],
    term: impl Fn(f64, f64) -> f64,
) -> [f64; N] {
    let rows = rows.map(|row| &row[..query.len()]);
    let mut sums = [0.0; N];
    for (index, q) in query.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip(&rows) {
            *sum += term(f64::from(*q), f64::from(row[index]));
        }
    }
    sums
}

/// The candidates with their exact distances.
pub(crate) fn neighbours(arena: &Arena, query: &[f32], candidates: &[Candidate]) -> Vec<Neighbour> {
    let metric = arena.metric();
    let neighbour = |candidate: &Candidate, distance| Neighbour {
        slot: candidate.slot,
        distance,
    };
    let mut neighbours = Vec::with_capacity(candidates.len());
    let (groups, rest) = candidates.as_chunks::<AT_A_TIME>();
    for group in groups {
        let [a, b, c, d] = group.map(|candidate| candidate.slot);
        let found = arena.with_row(a, |a| {
            arena.with_row(b, |b| {
                arena.with_row(c, |c| {
                    arena.with_row(d, |d| distances(metric, query, [a, b, c, d]))
                })
            })
        });
        neighbours.extend(
            group
                .iter()
                .zip(found)
                .map(|(one, found)| neighbour(one, found)),
        );
    }
    for candidate in rest {
        let [found] = arena.with_row(candidate.slot, |row| distances(metric, query, [row]));
        neighbours.push(neighbour(candidate, found));
    }
    neighbours
}
