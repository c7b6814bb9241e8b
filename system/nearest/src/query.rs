//! A query, prepared once for an arena.

use crate::arena::Arena;
use crate::code::{CodeHeader, encode_i8, norm_above, subtract_codes};
use crate::metric::{Metric, make_unit};
use crate::precision::Precision;
use crate::probe::{Probe, ProbeForm};

/// A vector in the forms in which an arena is asked for its neighbours.
#[derive(Clone, Debug)]
pub struct Query {
    metric: Metric,
    vector: Vec<f32>,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    F32,
    F16 { squared_norm: f32 },
    I8 { codes: Vec<i8>, header: CodeHeader },
}

impl Query {
    /// Prepares `vector`, whose values must be finite: a unit vector for cosine, and codes where
    /// the arena has them. It can be asked of this arena and of others with the same dimension,
    /// metric and precision.
    ///
    /// # Panics
    /// When the length is not the arena's dimension.
    #[must_use]
    pub fn new(arena: &Arena, vector: &[f32]) -> Self {
        assert_eq!(
            vector.len(),
            arena.dimension(),
            "the query's length is not the dimension"
        );
        let mut vector = vector.to_vec();
        if arena.metric() == Metric::Cosine {
            make_unit(&mut vector);
        }
        Self::of_stored(arena, vector)
    }

    /// A row of the arena, as it is stored, as a query.
    ///
    /// # Panics
    /// When there is no such slot.
    #[must_use]
    pub fn of_row(arena: &Arena, slot: u32) -> Self {
        let vector = arena.with_row(slot, <[f32]>::to_vec);
        Self::of_stored(arena, vector)
    }

    fn of_stored(arena: &Arena, vector: Vec<f32>) -> Self {
        let form = match arena.precision() {
            Precision::F32 => Form::F32,
            Precision::F16 => Form::F16 {
                squared_norm: norm_above(&vector).powi(2),
            },
            Precision::I8 => {
                let mut codes = vec![0; vector.len()];
                let header = encode_i8(&vector, &mut codes);
                Form::I8 { codes, header }
            }
        };
        Self {
            metric: arena.metric(),
            vector,
            form,
        }
    }

    /// The vector; of a cosine arena, the unit vector.
    #[must_use]
    pub fn vector(&self) -> &[f32] {
        &self.vector
    }

    /// The exact distance to a row of `arena`, computed from its `f32` values.
    ///
    /// # Panics
    /// When there is no such slot, or the query has another dimension.
    #[inline]
    #[must_use]
    pub fn distance(&self, arena: &Arena, slot: u32) -> f32 {
        arena.with_row(slot, |row| {
            self.metric.distance(arena.kernels(), row, &self.vector)
        })
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

    /// The first codes, and codes of what they leave: twice the bits, for scans.
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

/// A query as the sum of two codes.
pub(crate) struct Refined<'a> {
    pub(crate) codes: &'a [i8],
    pub(crate) header: CodeHeader,
    pub(crate) rest_codes: Vec<i8>,
    pub(crate) rest_header: CodeHeader,
}
