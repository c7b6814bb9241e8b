//! Quantized rows, with the data to bound the quantization error.

use half::f16;

use crate::metric::{squared_norm, sum_of_squares};

/// The header of a row's codes; `x̂ = scale · codes` is the decoded row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CodeHeader {
    pub(crate) scale: f32,
    /// `Σ codes` for `i8`, else 0.
    pub(crate) sum: i32,
    /// `‖x̂‖²`.
    pub(crate) squared_norm: f32,
    /// `‖x - x̂‖`, rounded up.
    pub(crate) residual: f32,
}

/// The size of a header: scale, sum, squared norm and residual norm, four bytes each, little-endian.
pub(crate) const HEADER_BYTES: usize = 16;

impl CodeHeader {
    pub(crate) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..4].copy_from_slice(&self.scale.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.sum.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.squared_norm.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.residual.to_le_bytes());
        bytes
    }

    #[inline]
    pub(crate) fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Self {
        let word = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        Self {
            scale: f32::from_le_bytes(word(0)),
            sum: i32::from_le_bytes(word(4)),
            squared_norm: f32::from_le_bytes(word(8)),
            residual: f32::from_le_bytes(word(12)),
        }
    }
}

/// Rows without a larger value are encoded as zeros, because the inverse of their scale would
/// overflow. The residual then is the whole row, so the bounds still hold.
const MIN_ENCODED: f32 = 1e-30;

/// Encodes `row` as integers in `-127..=127`, rounded to nearest, ties to even.
pub(crate) fn encode_i8(row: &[f32], codes: &mut [i8]) -> CodeHeader {
    // Adding this leaves the nearest integer in the low bits of the mantissa, in every lane.
    const ROUND: f32 = 12_582_912.0;
    let largest = largest(row);
    let (scale, inverse) = scale_and_inverse(largest, 127.0);
    for (code, value) in codes.iter_mut().zip(row) {
        *code = (value * inverse + ROUND).to_bits() as i8;
    }
    let decoded = |index: usize| f64::from(scale) * f64::from(codes[index]);
    CodeHeader {
        scale,
        sum: codes.iter().map(|&code| i32::from(code)).sum(),
        squared_norm: sum_of_squares(row.len(), decoded) as f32,
        residual: residual(row, decoded),
    }
}

/// Encodes `row` as half floats, scaled so that its largest value is one.
pub(crate) fn encode_f16(row: &[f32], codes: &mut [f16]) -> CodeHeader {
    let largest = largest(row);
    let (scale, inverse) = scale_and_inverse(largest, 1.0);
    for (code, value) in codes.iter_mut().zip(row) {
        *code = f16::from_f32(value * inverse);
    }
    let decoded = |index: usize| f64::from(scale) * codes[index].to_f64();
    CodeHeader {
        scale,
        sum: 0,
        squared_norm: sum_of_squares(row.len(), decoded) as f32,
        residual: residual(row, decoded),
    }
}

/// Stores `row` minus its decoded `codes` in `rest`.
pub(crate) fn subtract_codes(row: &[f32], header: CodeHeader, codes: &[i8], rest: &mut [f32]) {
    for ((rest, row), code) in rest.iter_mut().zip(row).zip(codes) {
        *rest = row - header.scale * f32::from(*code);
    }
}

/// `‖row‖`, rounded up.
pub(crate) fn norm_rounded_up(row: &[f32]) -> f32 {
    round_up(squared_norm(row).sqrt())
}

/// An `f32` of at least `value`, which may itself be off by a few units in the last place.
pub(crate) fn round_up(value: f64) -> f32 {
    ((value * (1.0 + 1e-9)) as f32).next_up()
}

fn largest(row: &[f32]) -> f32 {
    row.iter()
        .fold(0.0, |largest, value| largest.max(value.abs()))
}

fn scale_and_inverse(largest: f32, steps: f32) -> (f32, f32) {
    if largest > MIN_ENCODED && largest.is_finite() {
        (largest / steps, steps / largest)
    } else {
        (0.0, 0.0)
    }
}

fn residual(row: &[f32], decoded: impl Fn(usize) -> f64) -> f32 {
    round_up(sum_of_squares(row.len(), |index| f64::from(row[index]) - decoded(index)).sqrt())
}
