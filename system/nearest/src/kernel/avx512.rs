//! AVX-512 with VNNI.

#![expect(unsafe_code, reason = "intrinsics")]

use std::arch::x86_64::*;

use half::f16;

use super::{Kernels, Summed};

pub(super) const KERNELS: Kernels = Kernels {
    name: "avx512-vnni",
    dot,
    squared_euclidean,
    dot_f16,
    dot_i8,
};

pub(super) fn is_supported() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vnni")
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    accumulate(
        a.len(),
        // SAFETY: `accumulate` requests blocks inside of `a.len()`, which is also `b`'s.
        |at| unsafe {
            _mm512_mul_ps(
                _mm512_loadu_ps(a.as_ptr().add(at)),
                _mm512_loadu_ps(b.as_ptr().add(at)),
            )
        },
        // SAFETY: as above, and the mask keeps the loads inside.
        |at, mask| unsafe {
            _mm512_mul_ps(
                _mm512_maskz_loadu_ps(mask, a.as_ptr().add(at)),
                _mm512_maskz_loadu_ps(mask, b.as_ptr().add(at)),
            )
        },
    )
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn squared_euclidean(a: &[f32], b: &[f32]) -> f32 {
    accumulate(
        a.len(),
        // SAFETY: as in `dot`.
        |at| unsafe {
            let difference = _mm512_sub_ps(
                _mm512_loadu_ps(a.as_ptr().add(at)),
                _mm512_loadu_ps(b.as_ptr().add(at)),
            );
            _mm512_mul_ps(difference, difference)
        },
        // SAFETY: as in `dot`.
        |at, mask| unsafe {
            let difference = _mm512_sub_ps(
                _mm512_maskz_loadu_ps(mask, a.as_ptr().add(at)),
                _mm512_maskz_loadu_ps(mask, b.as_ptr().add(at)),
            );
            _mm512_mul_ps(difference, difference)
        },
    )
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dot_f16(a: &[f16], b: &[f32]) -> f32 {
    accumulate(
        a.len(),
        // SAFETY: as in `dot`; sixteen `f16` are 32 bytes.
        |at| unsafe {
            let wide = _mm512_cvtph_ps(_mm256_loadu_si256(a.as_ptr().add(at).cast()));
            _mm512_mul_ps(wide, _mm512_loadu_ps(b.as_ptr().add(at)))
        },
        // SAFETY: as in `dot`; the rest of `a` is copied to a whole block first.
        |at, mask| unsafe {
            let mut block = [f16::ZERO; 16];
            block[..a.len() - at].copy_from_slice(&a[at..]);
            let wide = _mm512_cvtph_ps(_mm256_loadu_si256(block.as_ptr().cast()));
            _mm512_mul_ps(wide, _mm512_maskz_loadu_ps(mask, b.as_ptr().add(at)))
        },
    )
}

/// Sums blocks of 16 terms in the order that the module `kernel` defines; `tail` computes the last,
/// short one.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn accumulate(
    count: usize,
    term: impl Fn(usize) -> __m512,
    tail: impl Fn(usize, __mmask16) -> __m512,
) -> f32 {
    let mut sums = [_mm512_setzero_ps(); 4];
    let mut at = 0;
    while at + 64 <= count {
        sums[0] = _mm512_add_ps(sums[0], term(at));
        sums[1] = _mm512_add_ps(sums[1], term(at + 16));
        sums[2] = _mm512_add_ps(sums[2], term(at + 32));
        sums[3] = _mm512_add_ps(sums[3], term(at + 48));
        at += 64;
    }
    let mut block = 0;
    while at + 16 <= count {
        sums[block] = _mm512_add_ps(sums[block], term(at));
        at += 16;
        block += 1;
    }
    if at < count {
        let mask = (1u16 << (count - at)) - 1;
        sums[block] = _mm512_add_ps(sums[block], tail(at, mask));
    }
    let lanes = _mm512_add_ps(
        _mm512_add_ps(sums[0], sums[1]),
        _mm512_add_ps(sums[2], sums[3]),
    );
    let low = _mm512_castps512_ps256(lanes);
    let high = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(lanes)));
    super::avx2::reduce(_mm256_add_ps(low, high))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dot_i8(row: &[i8], query: Summed<'_>) -> i32 {
    let mut sums = [_mm512_setzero_si512(); 2];
    let count = row.len();
    let mut at = 0;
    // SAFETY: all loads stay below `count`, the length of both; the last ones are masked.
    unsafe {
        while at + 128 <= count {
            sums[0] = multiply(sums[0], load(row, at), load(query.codes, at));
            sums[1] = multiply(sums[1], load(row, at + 64), load(query.codes, at + 64));
            at += 128;
        }
        while at < count {
            let mask = tail_mask(count - at);
            let row = _mm512_maskz_loadu_epi8(mask, row.as_ptr().add(at));
            let query = _mm512_maskz_loadu_epi8(mask, query.codes.as_ptr().add(at));
            sums[0] = multiply(sums[0], row, query);
            at += 64;
        }
    }
    let sum = _mm512_reduce_add_epi32(_mm512_add_epi32(sums[0], sums[1]));
    sum.wrapping_sub(query.sum.wrapping_mul(128))
}

/// Adds `(row + 128)·query` in groups of four: the instruction multiplies unsigned by signed.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn multiply(sum: __m512i, row: __m512i, query: __m512i) -> __m512i {
    _mm512_dpbusd_epi32(sum, _mm512_xor_si512(row, _mm512_set1_epi8(i8::MIN)), query)
}

/// # Safety
/// `at + 64` is at most `codes.len()`.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn load(codes: &[i8], at: usize) -> __m512i {
    // SAFETY: by the caller's promise.
    unsafe { _mm512_loadu_si512(codes.as_ptr().add(at).cast()) }
}

#[inline]
fn tail_mask(left: usize) -> u64 {
    if left >= 64 {
        u64::MAX
    } else {
        (1 << left) - 1
    }
}
