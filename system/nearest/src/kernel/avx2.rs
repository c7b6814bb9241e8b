//! AVX2 with F16C.

#![expect(unsafe_code, reason = "intrinsics")]

use std::arch::x86_64::*;

use half::f16;

use super::{Kernels, Summed};

pub(super) const KERNELS: Kernels = Kernels {
    name: "avx2",
    dot,
    squared_euclidean,
    dot_f16,
    dot_i8,
};

pub(super) fn is_supported() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("f16c")
}

/// Sixteen lanes: the lower and the upper eight.
type Block = [__m256; 2];

#[target_feature(enable = "avx2,f16c")]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    accumulate(a.len(), |at| {
        let (a, b) = (block_f32(a, at), block_f32(b, at));
        [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])]
    })
}

#[target_feature(enable = "avx2,f16c")]
fn squared_euclidean(a: &[f32], b: &[f32]) -> f32 {
    accumulate(a.len(), |at| {
        let (a, b) = (block_f32(a, at), block_f32(b, at));
        let difference = [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])];
        difference.map(|difference| _mm256_mul_ps(difference, difference))
    })
}

#[target_feature(enable = "avx2,f16c")]
fn dot_f16(a: &[f16], b: &[f32]) -> f32 {
    accumulate(a.len(), |at| {
        let (a, b) = (block_f16(a, at), block_f32(b, at));
        [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])]
    })
}

/// Sums blocks of 16 terms in the order that the module `kernel` defines.
#[inline]
#[target_feature(enable = "avx2,f16c")]
fn accumulate(count: usize, term: impl Fn(usize) -> Block) -> f32 {
    let mut sums = [[_mm256_setzero_ps(); 2]; 4];
    let mut at = 0;
    while at < count {
        for sum in &mut sums {
            if at < count {
                let term = term(at);
                *sum = [
                    _mm256_add_ps(sum[0], term[0]),
                    _mm256_add_ps(sum[1], term[1]),
                ];
            }
            at += 16;
        }
    }
    let [low, high] = [0, 1].map(|half| {
        _mm256_add_ps(
            _mm256_add_ps(sums[0][half], sums[1][half]),
            _mm256_add_ps(sums[2][half], sums[3][half]),
        )
    });
    reduce(_mm256_add_ps(low, high))
}

/// Reduces eight lanes to one: `i` with `i + 4`, `i + 2`, `i + 1`.
#[inline]
#[target_feature(enable = "avx2")]
pub(super) fn reduce(lanes: __m256) -> f32 {
    let four = _mm_add_ps(
        _mm256_castps256_ps128(lanes),
        _mm256_extractf128_ps::<1>(lanes),
    );
    let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    let one = _mm_add_ss(two, _mm_shuffle_ps::<1>(two, two));
    _mm_cvtss_f32(one)
}

#[inline]
#[target_feature(enable = "avx2,f16c")]
fn block_f32(values: &[f32], at: usize) -> Block {
    let mut short = [0.0f32; 16];
    let pointer = if at + 16 <= values.len() {
        values[at..].as_ptr()
    } else {
        short[..values.len() - at].copy_from_slice(&values[at..]);
        short.as_ptr()
    };
    // SAFETY: sixteen values can be read there.
    unsafe { [_mm256_loadu_ps(pointer), _mm256_loadu_ps(pointer.add(8))] }
}

#[inline]
#[target_feature(enable = "avx2,f16c")]
fn block_f16(values: &[f16], at: usize) -> Block {
    let mut short = [f16::ZERO; 16];
    let pointer = if at + 16 <= values.len() {
        values[at..].as_ptr()
    } else {
        short[..values.len() - at].copy_from_slice(&values[at..]);
        short.as_ptr()
    };
    // SAFETY: sixteen values can be read there.
    unsafe {
        [
            _mm256_cvtph_ps(_mm_loadu_si128(pointer.cast())),
            _mm256_cvtph_ps(_mm_loadu_si128(pointer.add(8).cast())),
        ]
    }
}

#[target_feature(enable = "avx2,f16c")]
fn dot_i8(row: &[i8], query: Summed<'_>) -> i32 {
    let mut sum = _mm256_setzero_si256();
    for at in (0..row.len()).step_by(32) {
        sum = multiply(sum, block_i8(row, at), block_i8(query.codes, at));
    }
    reduce_integers(sum)
}

/// Adds the products of signed codes: the sign of `row` moves to `query`, because the instruction
/// multiplies unsigned by signed. No pair saturates: `2 · 127 · 127` is less than `i16::MAX`.
#[inline]
#[target_feature(enable = "avx2")]
fn multiply(sum: __m256i, row: __m256i, query: __m256i) -> __m256i {
    let pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(row), _mm256_sign_epi8(query, row));
    _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn block_i8(codes: &[i8], at: usize) -> __m256i {
    let mut short = [0i8; 32];
    let pointer = if at + 32 <= codes.len() {
        codes[at..].as_ptr()
    } else {
        short[..codes.len() - at].copy_from_slice(&codes[at..]);
        short.as_ptr()
    };
    // SAFETY: 32 bytes can be read there.
    unsafe { _mm256_loadu_si256(pointer.cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn reduce_integers(sum: __m256i) -> i32 {
    let four = _mm_add_epi32(
        _mm256_castsi256_si128(sum),
        _mm256_extracti128_si256::<1>(sum),
    );
    let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b00_00_11_10>(four));
    let one = _mm_add_epi32(two, _mm_shuffle_epi32::<0b01>(two));
    _mm_cvtsi128_si32(one)
}
