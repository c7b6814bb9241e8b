//! A query, prepared once for an arena.

use half::f16;

use crate::arena::Arena;
use crate::code::{CodeHeader, encode_i8, norm_above, subtract_codes};
use crate::kernel::Summed;
use crate::metric::{Metric, make_unit};
use crate::precision::Precision;
use crate::region::as_plain;

/// A vector in the forms in which an arena is asked for its neighbours.
#[derive(Clone, Debug)]
pub struct Query {
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
        Self { vector, form }
    }

    /// The vector; of a cosine arena, the unit vector.
    #[must_use]
    pub fn vector(&self) -> &[f32] {
        &self.vector
    }

    #[inline]
    pub(crate) fn probe(&self) -> Probe<'_> {
        match &self.form {
            Form::F32 => Probe::F32(&self.vector),
            Form::F16 { squared_norm } => Probe::F16 {
                vector: &self.vector,
                squared_norm: *squared_norm,
            },
            Form::I8 { codes, header } => Probe::i8(codes, *header),
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

/// What traversed rows are compared with: a query, or another row.
#[derive(Clone, Copy)]
pub(crate) enum Probe<'a> {
    F32(&'a [f32]),
    F16 {
        vector: &'a [f32],
        squared_norm: f32,
    },
    I8 {
        codes: Summed<'a>,
        scale: f32,
        squared_norm: f32,
    },
}

impl<'a> Probe<'a> {
    #[inline]
    fn i8(codes: &'a [i8], header: CodeHeader) -> Self {
        let CodeHeader {
            scale,
            sum,
            squared_norm,
            ..
        } = header;
        Self::I8 {
            codes: Summed::new(codes, sum),
            scale,
            squared_norm,
        }
    }
}

impl Arena {
    /// A row as a probe; half floats are widened into `scratch`.
    #[inline]
    pub(crate) fn probe_of<'a>(&'a self, slot: u32, scratch: &'a mut Vec<f32>) -> Probe<'a> {
        match self.precision() {
            Precision::F32 => Probe::F32(self.traversed_row(slot)),
            Precision::I8 => {
                let (codes, header) = self.codes::<i8>(slot);
                Probe::i8(codes, header)
            }
            Precision::F16 => {
                let (codes, header) = self.codes::<f16>(slot);
                scratch.clear();
                scratch.extend(codes.iter().map(|code| code.to_f32() * header.scale));
                Probe::F16 {
                    vector: scratch,
                    squared_norm: header.squared_norm,
                }
            }
        }
    }

    /// A number that orders rows as their distances to the probe do, as far as the codes tell:
    /// `-(a·b)`, or the squared distance.
    ///
    /// # Panics
    /// When the probe is of another precision.
    #[inline]
    pub(crate) fn key(&self, probe: Probe<'_>, slot: u32) -> f32 {
        let (dot, squared_norms) = match probe {
            Probe::F32(vector) => {
                let row = self.traversed_row(slot);
                return match self.metric() {
                    Metric::Euclidean => self.kernels().squared_euclidean(row, vector),
                    Metric::Cosine | Metric::Dot => -self.kernels().dot(row, vector),
                };
            }
            Probe::F16 {
                vector,
                squared_norm,
            } => {
                let (codes, header) = self.codes::<f16>(slot);
                let dot = self.kernels().dot_f16(codes, vector) * header.scale;
                (dot, squared_norm + header.squared_norm)
            }
            Probe::I8 {
                codes,
                scale,
                squared_norm,
            } => {
                let (row, header) = self.codes::<i8>(slot);
                let dot = self.kernels().dot_i8(row, codes) as f32 * (header.scale * scale);
                (dot, squared_norm + header.squared_norm)
            }
        };
        match self.metric() {
            Metric::Euclidean => squared_norms - 2.0 * dot,
            Metric::Cosine | Metric::Dot => -dot,
        }
    }

    /// Whether nothing that is traversed tells the two rows apart.
    pub(crate) fn are_twins(&self, a: u32, b: u32) -> bool {
        match self.precision() {
            Precision::F32 => self.traversed_row(a) == self.traversed_row(b),
            Precision::F16 => same_codes(self.codes::<f16>(a), self.codes::<f16>(b)),
            Precision::I8 => same_codes(self.codes::<i8>(a), self.codes::<i8>(b)),
        }
    }
}

fn same_codes<T: PartialEq>(a: (&[T], CodeHeader), b: (&[T], CodeHeader)) -> bool {
    a.1.scale == b.1.scale && a.0 == b.0
}

/// A probe as words: how a query passes through a library that knows slices of words only.
pub(crate) struct OwnedProbe(Vec<u32>);

/// Words before a probe's values: which form, scale, sum or zero, squared norm, number of values.
const PROBE_HEAD: usize = 5;

impl OwnedProbe {
    pub(crate) fn new(probe: Probe<'_>) -> Self {
        let bits = |vector: &[f32]| {
            vector
                .iter()
                .map(|value| value.to_bits())
                .collect::<Vec<_>>()
        };
        let (head, values) = match probe {
            Probe::F32(vector) => ([0, 0, 0, 0, vector.len() as u32], bits(vector)),
            Probe::F16 {
                vector,
                squared_norm,
            } => (
                [1, 0, 0, squared_norm.to_bits(), vector.len() as u32],
                bits(vector),
            ),
            Probe::I8 {
                codes,
                scale,
                squared_norm,
            } => {
                let (sum, codes) = (codes.sum(), codes.codes());
                let packed = codes.chunks(4).map(|codes| {
                    let mut bytes = [0; 4];
                    for (byte, &code) in bytes.iter_mut().zip(codes) {
                        *byte = code as u8;
                    }
                    u32::from_ne_bytes(bytes)
                });
                let head = [
                    2,
                    scale.to_bits(),
                    sum as u32,
                    squared_norm.to_bits(),
                    codes.len() as u32,
                ];
                (head, packed.collect())
            }
        };
        Self(head.into_iter().chain(values).collect())
    }

    pub(crate) fn into_words(self) -> Vec<u32> {
        self.0
    }

    /// The probe in words that [`OwnedProbe::into_words`] gave.
    pub(crate) fn view(words: &[u32]) -> Probe<'_> {
        let (head, values) = words.split_at(PROBE_HEAD);
        let count = head[4] as usize;
        let squared_norm = f32::from_bits(head[3]);
        match head[0] {
            0 => Probe::F32(&as_plain(values)[..count]),
            1 => Probe::F16 {
                vector: &as_plain(values)[..count],
                squared_norm,
            },
            _ => Probe::I8 {
                codes: Summed::new(&as_plain(values)[..count], head[2] as i32),
                scale: f32::from_bits(head[1]),
                squared_norm,
            },
        }
    }
}
