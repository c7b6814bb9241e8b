//! Distance metrics.

use crate::exact;
use crate::kernel::Kernels;

/// A distance metric. Smaller is nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// `1 - a·b` of unit vectors, clamped to `0..=2`. Rows are normalized when pushed; a zero vector
    /// stays zero and is at distance 1 from everything.
    Cosine,
    /// `sqrt(Σ (a - b)²)`.
    Euclidean,
    /// `-(a·b)`.
    Dot,
}

impl Metric {
    /// The distance as the contract defines it (`vector_search.md`, "Searching"): in `f64`, one operation
    /// after the other, in the order of the components. Under `Cosine`, of unit vectors. Finite and never
    /// -0 for finite values.
    ///
    /// # Panics
    /// If `b` is shorter than `a`.
    #[must_use]
    pub fn distance(self, a: &[f32], b: &[f32]) -> f64 {
        let [distance] = self.distances(a, [b]);
        distance
    }

    /// The distances of several rows, which take less time together.
    pub(crate) fn distances<const N: usize>(self, query: &[f32], rows: [&[f32]; N]) -> [f64; N] {
        match self {
            Self::Cosine => {
                exact::products(query, rows).map(|product| (1.0 - product).clamp(0.0, 2.0))
            }
            Self::Euclidean => exact::squared_distances(query, rows).map(f64::sqrt),
            // Subtracted from zero, because the negative of zero would be -0.
            Self::Dot => exact::products(query, rows).map(|product| 0.0 - product),
        }
    }

    /// An estimate of the distance in `f32`, with the same bits on every machine. Never NaN: it is
    /// infinite if squares or products of the values overflow (from about 1e18 on).
    pub(crate) fn estimate(self, kernels: &Kernels, a: &[f32], b: &[f32]) -> f32 {
        match self {
            Self::Cosine => cosine_distance(kernels.dot(a, b)),
            Self::Euclidean => euclidean_distance(kernels.squared_euclidean(a, b)),
            Self::Dot => dot_distance(kernels.dot(a, b)),
        }
    }
}

/// `1 - dot`, clamped to `0..=2`.
pub(crate) fn cosine_distance(dot: f32) -> f32 {
    (1.0 - dot).clamp(0.0, 2.0)
}

/// `-dot`, but never negative zero, which `f32::total_cmp` would order before zero.
pub(crate) fn dot_distance(dot: f32) -> f32 {
    if dot.is_nan() {
        f32::INFINITY
    } else {
        0.0 - dot
    }
}

/// The root of the squared distance.
pub(crate) fn euclidean_distance(squared: f32) -> f32 {
    if squared.is_nan() {
        f32::INFINITY
    } else {
        squared.sqrt()
    }
}

/// Normalizes `vector` as the contract defines it; a zero vector is not changed. Computes in `f64`, so
/// that no finite `f32` overflows.
pub(crate) fn normalize(vector: &mut [f32]) {
    let norm = exact::norm(vector);
    if norm > 0.0 {
        for value in vector {
            *value = (f64::from(*value) / norm) as f32;
        }
    }
}

/// An upper bound on the underflow of a product or square, and on its root.
pub(crate) const UNDERFLOW: f32 = 1e-18;

/// The rounding error of a sum of products in `f32`, relative to the product of the norms. A kernel, and
/// an estimate by codes, each add at most `dimension / 64 + 7` times, in units of `2⁻²⁴`. This is four
/// times that, and some for the few operations that follow.
pub(crate) fn rounding(dimension: usize) -> f32 {
    (dimension as f32 / 16.0 + 64.0) / (1u32 << 24) as f32
}

/// `Σ x²` in `f64`, in eight lanes so that it is vectorized.
pub(crate) fn squared_norm(vector: &[f32]) -> f64 {
    sum_of_squares(vector.len(), |index| f64::from(vector[index]))
}

/// `Σ value(i)²` for `i` in `0..count`, in eight lanes and one fixed order.
pub(crate) fn sum_of_squares(count: usize, value: impl Fn(usize) -> f64) -> f64 {
    let mut lanes = [0.0f64; 8];
    let whole = count - count % 8;
    for block in (0..whole).step_by(8) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            let value = value(block + lane);
            *sum += value * value;
        }
    }
    for index in whole..count {
        let value = value(index);
        lanes[index - whole] += value * value;
    }
    lanes.iter().sum()
}
