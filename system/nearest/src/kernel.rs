//! Inner products and squared distances, with kernels selected once for the machine.
//!
//! The `f32` kernels give the same bits everywhere. Block `j` of 16 values goes to accumulator
//! `j % 4` of 16 lanes; products and sums are rounded separately (never fused); a short last
//! block is padded with zeros. The reduction is `(s0 + s1) + (s2 + s3)` lane by lane, then lane `i`
//! with lanes `i + 8`, `i + 4`, `i + 2`, `i + 1`. The `i8` kernels are exact in integers.

#![expect(
    unsafe_code,
    reason = "calls the kernels of the instruction set that was detected"
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use std::sync::OnceLock;

use half::f16;

/// The kernels of one instruction set. All sets give the same results.
#[derive(Clone, Copy)]
pub struct Kernels {
    name: &'static str,
    dot: unsafe fn(&[f32], &[f32]) -> f32,
    squared_euclidean: unsafe fn(&[f32], &[f32]) -> f32,
    dot_f16: unsafe fn(&[f16], &[f32]) -> f32,
    dot_i8: unsafe fn(&[i8], Summed<'_>) -> i32,
}

/// Codes with their sum, which unsigned-by-signed multiplication needs to subtract its offset.
#[derive(Clone, Copy, Debug)]
pub struct Summed<'a> {
    codes: &'a [i8],
    sum: i32,
}

impl<'a> Summed<'a> {
    /// Codes in `-127..=127` and their precomputed sum.
    pub(crate) fn new(codes: &'a [i8], sum: i32) -> Self {
        Self { codes, sum }
    }

    pub(crate) fn codes(self) -> &'a [i8] {
        self.codes
    }

    pub(crate) fn sum(self) -> i32 {
        self.sum
    }

    /// Codes in `-127..=127`; sums them.
    #[must_use]
    pub fn from_codes(codes: &'a [i8]) -> Self {
        Self::new(codes, codes.iter().map(|&code| i32::from(code)).sum())
    }
}

impl Kernels {
    /// The fastest set that this machine supports, detected once.
    pub fn detected() -> &'static Self {
        static DETECTED: OnceLock<Kernels> = OnceLock::new();
        DETECTED.get_or_init(|| Self::available()[0])
    }

    /// Every set that this machine supports, fastest first; the portable one is always last.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut sets = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if avx512::is_supported() {
                sets.push(avx512::KERNELS);
            }
            if avx2::is_supported() {
                sets.push(avx2::KERNELS);
            }
        }
        sets.push(portable::KERNELS);
        sets
    }

    /// The name of the instruction set, for reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// `a·b`.
    ///
    /// # Panics
    /// If the lengths differ, as in all of these methods.
    #[inline]
    #[must_use]
    pub fn dot(&self, a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len());
        // SAFETY: sets come from `available`, which checked that the machine supports them.
        unsafe { (self.dot)(a, b) }
    }

    /// `Σ (a - b)²`.
    #[inline]
    #[must_use]
    pub fn squared_euclidean(&self, a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len());
        // SAFETY: as in `dot`.
        unsafe { (self.squared_euclidean)(a, b) }
    }

    /// `a·b` with `a` widened, which is exact.
    #[inline]
    #[must_use]
    pub fn dot_f16(&self, a: &[f16], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len());
        // SAFETY: as in `dot`.
        unsafe { (self.dot_f16)(a, b) }
    }

    /// `row·query` of codes in `-127..=127`, at most 65,536 of them.
    #[inline]
    #[must_use]
    pub fn dot_i8(&self, row: &[i8], query: Summed<'_>) -> i32 {
        assert_eq!(row.len(), query.codes.len());
        // SAFETY: as in `dot`.
        unsafe { (self.dot_i8)(row, query) }
    }
}

/// Prefetches the first lines of a row; the hardware prefetcher continues from there.
#[inline]
pub(crate) fn prefetch_lines<T>(values: &[T]) {
    const LINES: usize = 16;
    let bytes = values.as_ptr().cast::<u8>();
    for line in 0..LINES.min(size_of_val(values).div_ceil(64)) {
        prefetch(bytes.wrapping_add(line * 64));
    }
}

/// Prefetches the cache line at `address`. Never faults, whatever the address.
#[inline]
fn prefetch<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch is a hint; it reads nothing the program can see and does not fault.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
