//! Queries.

use crate::arena::Arena;
use crate::code::{CodeHeader, encode_i8, norm_rounded_up, subtract_codes};
use crate::metric::{Metric, UNDERFLOW, normalize, rounding};
use crate::neighbour::{Candidate, Nearest, Neighbour};
use crate::precision::Precision;
use crate::probe::{Probe, ProbeForm};

/// A vector whose neighbours are searched, with its codes.
#[derive(Clone, Debug)]
pub struct Query {
    metric: Metric,
    vector: Vec<f32>,
    /// The vector's norm, rounded up; only computed under `Dot`.
    norm: f32,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    F32,
    F16 { squared_norm: f32 },
    I8 { codes: Vec<i8>, header: CodeHeader },
}

impl Query {
    /// Normalizes and encodes `vector`, whose values must be finite, as the arena does its rows. The
    /// query is also valid for other arenas of the same dimension, metric and precision.
    ///
    /// # Panics
    /// If the length is not the arena's dimension.
    #[must_use]
    pub fn new(arena: &Arena, vector: &[f32]) -> Self {
        assert_eq!(
            vector.len(),
            arena.dimension(),
            "the query's length is not the dimension"
        );
        let mut vector = vector.to_vec();
        if arena.metric() == Metric::Cosine {
            normalize(&mut vector);
        }
        Self::from_stored(arena, vector)
    }

    /// A stored row of the arena as a query.
    ///
    /// # Panics
    /// If the slot does not exist.
    #[must_use]
    pub fn from_row(arena: &Arena, slot: u32) -> Self {
        let vector = arena.with_row(slot, <[f32]>::to_vec);
        Self::from_stored(arena, vector)
    }

    fn from_stored(arena: &Arena, vector: Vec<f32>) -> Self {
        let form = match arena.precision() {
            Precision::F32 => Form::F32,
            Precision::F16 => Form::F16 {
                squared_norm: norm_rounded_up(&vector).powi(2),
            },
            Precision::I8 => {
                let mut codes = vec![0; vector.len()];
                let header = encode_i8(&vector, &mut codes);
                Form::I8 { codes, header }
            }
        };
        let norm = match arena.metric() {
            Metric::Dot => norm_rounded_up(&vector),
            Metric::Cosine | Metric::Euclidean => 1.0,
        };
        Self {
            metric: arena.metric(),
            vector,
            norm,
            form,
        }
    }

    /// The vector: for a cosine arena, the unit vector.
    #[must_use]
    pub fn vector(&self) -> &[f32] {
        &self.vector
    }

    /// The exact distance to a row of `arena`: see [`Metric::distance`].
    ///
    /// # Panics
    /// If the slot does not exist, or the dimensions differ.
    #[must_use]
    pub fn distance(&self, arena: &Arena, slot: u32) -> f64 {
        arena.with_row(slot, |row| self.metric.distance(&self.vector, row))
    }

    /// A row with bounds on its exact distance, from its `f32` values.
    #[inline]
    pub(crate) fn candidate(&self, arena: &Arena, slot: u32) -> Candidate {
        arena.with_row(slot, |row| {
            let estimate = self.metric.estimate(arena.kernels(), row, &self.vector);
            self.bounded(arena, slot, row, estimate)
        })
    }

    /// As [`candidate`](Self::candidate), for a row whose distance was estimated from its `f32` values.
    #[inline]
    pub(crate) fn bounded(
        &self,
        arena: &Arena,
        slot: u32,
        row: &[f32],
        estimate: f32,
    ) -> Candidate {
        let rounding = rounding(arena.dimension());
        let error = match self.metric {
            // Of unit vectors, or zero.
            Metric::Cosine => 1.000_01 * rounding + 4.0 * f32::EPSILON,
            Metric::Euclidean => rounding * estimate + UNDERFLOW,
            Metric::Dot => {
                let norm = arena.kernels().dot(row, row).sqrt() * 1.000_01 + UNDERFLOW;
                rounding * self.norm * norm + UNDERFLOW
            }
        };
        let (lower, upper) = (estimate - error, estimate + error);
        if lower.is_finite() && upper.is_finite() {
            Candidate { slot, lower, upper }
        } else {
            Candidate {
                slot,
                lower: f32::NEG_INFINITY,
                upper: f32::INFINITY,
            }
        }
    }

    /// The nearest of the collected rows.
    pub(crate) fn nearest(&self, arena: &Arena, nearest: Nearest) -> Vec<Neighbour> {
        nearest.into_sorted(|candidates| self.measure(arena, candidates))
    }

    /// The exact distances of some rows, four at a time.
    fn measure(&self, arena: &Arena, candidates: &[Candidate]) -> Vec<Neighbour> {
        let mut neighbours = Vec::with_capacity(candidates.len());
        let (groups, rest) = candidates.as_chunks();
        for group in groups {
            let [a, b, c, d] = group.map(|candidate| candidate.slot);
            let distances = arena.with_row(a, |a| {
                arena.with_row(b, |b| {
                    arena.with_row(c, |c| {
                        arena.with_row(d, |d| self.metric.distances(&self.vector, [a, b, c, d]))
                    })
                })
            });
            let measured = group.iter().zip(distances);
            neighbours.extend(measured.map(|(candidate, distance)| Neighbour {
                slot: candidate.slot,
                distance,
            }));
        }
        neighbours.extend(rest.iter().map(|candidate| Neighbour {
            slot: candidate.slot,
            distance: self.distance(arena, candidate.slot),
        }));
        neighbours
    }

    #[inline]
    pub(crate) fn probe(&self) -> Probe<'_> {
        let form = match &self.form {
            Form::F32 => ProbeForm::F32(&self.vector),
            Form::F16 { squared_norm } => ProbeForm::F16 {
                vector: &self.vector,
                squared_norm: *squared_norm,
            },
            Form::I8 { codes, header } => ProbeForm::i8(codes, *header),
        };
        Probe {
            metric: self.metric,
            form,
        }
    }

    /// The codes, and codes of their error: twice the bits, for scans.
    pub(crate) fn refined(&self) -> Option<Refined<'_>> {
        let Form::I8 { codes, header } = &self.form else {
            return None;
        };
        let mut rest = vec![0.0; self.vector.len()];
        subtract_codes(&self.vector, *header, codes, &mut rest);
        let mut rest_codes = vec![0; rest.len()];
        let rest_header = encode_i8(&rest, &mut rest_codes);
        Some(Refined {
            codes,
            header: *header,
            rest_codes,
            rest_header,
        })
    }
}

/// A query as the sum of two decoded vectors.
pub(crate) struct Refined<'a> {
    pub(crate) codes: &'a [i8],
    pub(crate) header: CodeHeader,
    pub(crate) rest_codes: Vec<i8>,
    pub(crate) rest_header: CodeHeader,
}
