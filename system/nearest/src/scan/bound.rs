//! Bounds of a row's exact distance from its codes.

use half::f16;

use crate::arena::Arena;
use crate::code::{CodeHeader, above, norm_above};
use crate::kernel::Summed;
use crate::metric::{Metric, squared_norm, sum_of_squares};
use crate::query::{Query, Refined};

/// Estimates rows against one query.
pub(super) struct Estimator<'a> {
    metric: Metric,
    coded: Coded<'a>,
    /// `‖q‖`, rounded up.
    norm: f32,
    /// `‖q - q̂‖`, rounded up.
    residual: f32,
    /// `‖q̂‖²`.
    squared_norm: f32,
    /// What rounding can do to a sum of products, as a share of the product of the norms: each of
    /// the estimate and the exact kernel adds at most `dimension / 64 + 7` times, in units of
    /// `2⁻²⁴`. Four times that, and some for the few operations that follow.
    rounding: f32,
}

enum Coded<'a> {
    I8 {
        query: Refined<'a>,
        sums: (i32, i32),
    },
    F16(&'a [f32]),
}

/// Underflow in a product of two values, or in a square, is less than this, and so is its root.
const UNDERFLOW: f32 = 1e-18;

impl<'a> Estimator<'a> {
    pub(super) fn new(arena: &Arena, query: &'a Query) -> Self {
        let vector = query.vector();
        let norm = norm_above(vector);
        let rounding = (arena.dimension() as f32 / 16.0 + 64.0) / (1u32 << 24) as f32;
        let metric = arena.metric();
        let Some(refined) = query.refined() else {
            let squared_norm = squared_norm(vector) as f32;
            let coded = Coded::F16(vector);
            return Self {
                metric,
                coded,
                norm,
                residual: 0.0,
                squared_norm,
                rounding,
            };
        };
        let (scale, rest_scale) = (refined.header.scale, refined.rest_header.scale);
        let coded_value = |index: usize| {
            f64::from(scale) * f64::from(refined.codes[index])
                + f64::from(rest_scale) * f64::from(refined.rest_codes[index])
        };
        let value = |index: usize| f64::from(vector[index]) - coded_value(index);
        Self {
            metric,
            norm,
            residual: above(sum_of_squares(vector.len(), value).sqrt()),
            squared_norm: sum_of_squares(vector.len(), coded_value) as f32,
            rounding,
            coded: Coded::I8 {
                sums: (refined.header.sum, refined.rest_header.sum),
                query: refined,
            },
        }
    }

    /// Numbers that the exact distance, as it is computed, is not below and not above. Where the
    /// arithmetic leaves the finite numbers they are infinite.
    #[inline]
    pub(super) fn bounds(&self, arena: &Arena, slot: u32) -> (f32, f32) {
        let (dot, header) = self.dot(arena, slot);
        let (lower, upper) = match self.metric {
            Metric::Cosine => {
                // Rows are unit vectors, or zero.
                let error = self.dot_error(1.000_01 + header.residual, header.residual);
                let middle = 1.0 - dot;
                let error = error + 2.0 * f32::EPSILON;
                (middle - error, middle + error)
            }
            Metric::Dot => {
                let norm = header.squared_norm.sqrt() * 1.000_001;
                let error = self.dot_error(norm, header.residual);
                (-dot - error, -dot + error)
            }
            Metric::Euclidean => {
                let norms = header.squared_norm + self.squared_norm;
                let squared = norms - 2.0 * dot;
                let slack = 2.0 * self.rounding * norms;
                let residuals = (header.residual + self.residual) * 1.000_001 + UNDERFLOW;
                let nearest = (squared - slack).max(0.0).sqrt() - residuals;
                let farthest = (squared + slack).sqrt() + residuals;
                (
                    nearest * (1.0 - self.rounding) - UNDERFLOW,
                    farthest * (1.0 + self.rounding) + UNDERFLOW,
                )
            }
        };
        if !(lower.is_finite() && upper.is_finite()) {
            return (f32::NEG_INFINITY, f32::INFINITY);
        }
        match self.metric {
            // As the distance itself is clamped.
            Metric::Cosine => (lower.clamp(0.0, 2.0), upper.clamp(0.0, 2.0)),
            Metric::Euclidean => (lower.max(0.0), upper),
            Metric::Dot => (lower, upper),
        }
    }

    #[inline]
    fn dot(&self, arena: &Arena, slot: u32) -> (f32, CodeHeader) {
        match &self.coded {
            Coded::I8 { query, sums } => {
                let (codes, header) = arena.codes::<i8>(slot);
                let first = Summed::new(query.codes, sums.0);
                let rest = Summed::new(&query.rest_codes, sums.1);
                let (first, rest) = arena.kernels().dot_i8_pair(codes, first, rest);
                let dot = first as f32 * query.header.scale + rest as f32 * query.rest_header.scale;
                (dot * header.scale, header)
            }
            Coded::F16(vector) => {
                let (codes, header) = arena.codes::<f16>(slot);
                (
                    arena.kernels().dot_f16(codes, vector) * header.scale,
                    header,
                )
            }
        }
    }

    /// `norm` is at least that of the coded row, `residual` of what its codes leave out.
    #[inline]
    fn dot_error(&self, norm: f32, residual: f32) -> f32 {
        let coding = residual * self.norm + norm * self.residual;
        let rounding = self.rounding * (norm + residual) * (self.norm + self.residual);
        coding * 1.000_001 + rounding + UNDERFLOW
    }
}
