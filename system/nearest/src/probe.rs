//! What traversed rows are compared with, and the numbers that order them.

use half::f16;

use crate::arena::Arena;
use crate::code::CodeHeader;
use crate::kernel::Summed;
use crate::metric::Metric;
use crate::precision::Precision;
use crate::region::{as_bytes, as_plain};

/// A query, or another row.
#[derive(Clone, Copy)]
pub(crate) struct Probe<'a> {
    pub(crate) metric: Metric,
    pub(crate) form: ProbeForm<'a>,
}

#[derive(Clone, Copy)]
pub(crate) enum ProbeForm<'a> {
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

impl<'a> ProbeForm<'a> {
    #[inline]
    pub(crate) fn i8(codes: &'a [i8], header: CodeHeader) -> Self {
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
    /// A row as a probe for its links; half floats are widened into `scratch`.
    ///
    /// Rows of a dot arena are linked by their Euclidean distance: by `-(a·b)` all links would go
    /// to the longest rows, and short ones could not be reached. A search for the greatest product
    /// goes along Euclidean links as well, since a linear function has no second summit there.
    #[inline]
    pub(crate) fn probe_of<'a>(&'a self, slot: u32, scratch: &'a mut Vec<f32>) -> Probe<'a> {
        let form = match self.precision() {
            Precision::F32 => ProbeForm::F32(self.traversed_row(slot)),
            Precision::I8 => {
                let (codes, header) = self.codes::<i8>(slot);
                ProbeForm::i8(codes, header)
            }
            Precision::F16 => {
                let (codes, header) = self.codes::<f16>(slot);
                scratch.clear();
                scratch.extend(codes.iter().map(|code| code.to_f32() * header.scale));
                ProbeForm::F16 {
                    vector: scratch,
                    squared_norm: header.squared_norm,
                }
            }
        };
        let metric = match self.metric() {
            Metric::Dot => Metric::Euclidean,
            metric => metric,
        };
        Probe { metric, form }
    }

    /// A number that orders rows as their distances to the probe do, as far as the codes tell:
    /// `-(a·b)`, or the squared distance.
    ///
    /// # Panics
    /// When the probe is of another precision.
    #[inline]
    pub(crate) fn key(&self, probe: Probe<'_>, slot: u32) -> f32 {
        let (dot, squared_norms) = match probe.form {
            ProbeForm::F32(vector) => {
                let row = self.traversed_row(slot);
                return match probe.metric {
                    Metric::Euclidean => self.kernels().squared_euclidean(row, vector),
                    Metric::Cosine | Metric::Dot => -self.kernels().dot(row, vector),
                };
            }
            ProbeForm::F16 {
                vector,
                squared_norm,
            } => {
                let (codes, header) = self.codes::<f16>(slot);
                let dot = self.kernels().dot_f16(codes, vector) * header.scale;
                (dot, squared_norm + header.squared_norm)
            }
            ProbeForm::I8 {
                codes,
                scale,
                squared_norm,
            } => {
                let (row, header) = self.codes::<i8>(slot);
                let dot = self.kernels().dot_i8(row, codes) as f32 * (header.scale * scale);
                (dot, squared_norm + header.squared_norm)
            }
        };
        match probe.metric {
            Metric::Euclidean => squared_norms - 2.0 * dot,
            Metric::Cosine | Metric::Dot => -dot,
        }
    }

    /// Shows what is traversed of a row, as bytes.
    pub(crate) fn with_code_bytes<R>(&self, slot: u32, read: impl FnOnce(&[u8]) -> R) -> R {
        match self.precision() {
            Precision::F32 => read(as_bytes(self.traversed_row(slot))),
            Precision::F16 => read(as_bytes(self.codes::<f16>(slot).0)),
            Precision::I8 => read(as_bytes(self.codes::<i8>(slot).0)),
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
pub(crate) struct ProbeWords;

/// Words before a probe's values: metric, form, scale, sum, squared norm, number of values.
const HEAD: usize = 6;

const METRICS: [Metric; 3] = [Metric::Cosine, Metric::Euclidean, Metric::Dot];

impl ProbeWords {
    pub(crate) fn of(probe: Probe<'_>) -> Vec<u32> {
        let bits = |vector: &[f32]| {
            vector
                .iter()
                .map(|value| value.to_bits())
                .collect::<Vec<_>>()
        };
        let (head, values) = match probe.form {
            ProbeForm::F32(vector) => ([0, 0, 0, 0, vector.len() as u32], bits(vector)),
            ProbeForm::F16 {
                vector,
                squared_norm,
            } => (
                [1, 0, 0, squared_norm.to_bits(), vector.len() as u32],
                bits(vector),
            ),
            ProbeForm::I8 {
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
        let metric = METRICS.iter().position(|&metric| metric == probe.metric);
        let metric = metric.expect("all metrics are listed") as u32;
        std::iter::once(metric).chain(head).chain(values).collect()
    }

    /// The probe in words that [`ProbeWords::of`] gave.
    pub(crate) fn view(words: &[u32]) -> Probe<'_> {
        let (head, values) = words.split_at(HEAD);
        let count = head[5] as usize;
        let squared_norm = f32::from_bits(head[4]);
        let form = match head[1] {
            0 => ProbeForm::F32(&as_plain(values)[..count]),
            1 => ProbeForm::F16 {
                vector: &as_plain(values)[..count],
                squared_norm,
            },
            _ => ProbeForm::I8 {
                codes: Summed::new(&as_plain(values)[..count], head[3] as i32),
                scale: f32::from_bits(head[2]),
                squared_norm,
            },
        };
        Probe {
            metric: METRICS[head[0] as usize],
            form,
        }
    }
}
