//! Probes, which traversed rows are compared with, and the keys that order rows.

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
    /// Rows of a dot arena are linked by Euclidean distance: with `-(a·b)` all links would lead to the
    /// longest rows, and short ones could not be reached. Searches for the greatest product can follow
    /// Euclidean links, because a linear function has no local maximum there.
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

    /// A key that orders rows by their distance to the probe, as far as the codes can: `-(a·b)`, or
    /// the squared distance.
    ///
    /// # Panics
    /// If the probe has another precision.
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

    /// Calls `read` with the traversed data of a row, as bytes.
    pub(crate) fn with_code_bytes<R>(&self, slot: u32, read: impl FnOnce(&[u8]) -> R) -> R {
        match self.precision() {
            Precision::F32 => read(as_bytes(self.traversed_row(slot))),
            Precision::F16 => read(as_bytes(self.codes::<f16>(slot).0)),
            Precision::I8 => read(as_bytes(self.codes::<i8>(slot).0)),
        }
    }

    /// Whether the traversed data of the two rows is equal.
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

/// Encodes a probe as words, for a library that only accepts slices of words.
pub(crate) struct ProbeWords;

/// The words before a probe's values: metric, form, scale, sum, squared norm, number of values.
const HEAD: usize = 6;

const METRICS: [Metric; 3] = [Metric::Cosine, Metric::Euclidean, Metric::Dot];

impl ProbeWords {
    pub(crate) fn encode(probe: Probe<'_>) -> Vec<u32> {
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

    /// Decodes the output of [`ProbeWords::encode`].
    pub(crate) fn decode(words: &[u32]) -> Probe<'_> {
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
