//! Bounds on a row's exact distance, from its codes.

use half::f16;

use crate::arena::{Arena, Chunk};
use crate::code::{CodeHeader, norm_rounded_up};
use crate::kernel::{Kernels, Summed};
use crate::metric::{Metric, UNDERFLOW, rounding, squared_norm, sum_of_squares};
use crate::query::{Query, Refined};

/// Estimates the distances of rows to one query.
pub(super) struct Estimator<'a> {
    metric: Metric,
    kernels: Kernels,
    coded: Coded<'a>,
    /// The margins with the first codes of the query only, and with all codes.
    coarse: Margins,
    fine: Margins,
}

enum Coded<'a> {
    I8 {
        query: Refined<'a>,
        first: Summed<'a>,
        rest_sum: i32,
    },
    F16(&'a [f32]),
}

impl<'a> Estimator<'a> {
    pub(super) fn new(arena: &Arena, query: &'a Query) -> Self {
        let vector = query.vector();
        let norm = norm_rounded_up(vector);
        let (metric, kernels) = (arena.metric(), *arena.kernels());
        let Some(refined) = query.refined() else {
            let fine = Margins::new(arena, norm, 0.0, squared_norm(vector) as f32);
            return Self {
                metric,
                kernels,
                coded: Coded::F16(vector),
                coarse: fine,
                fine,
            };
        };
        let (scale, rest_scale) = (refined.header.scale, refined.rest_header.scale);
        let coded_value = |index: usize| {
            f64::from(scale) * f64::from(refined.codes[index])
                + f64::from(rest_scale) * f64::from(refined.rest_codes[index])
        };
        let rest: Vec<f32> = (0..vector.len())
            .map(|index| (f64::from(vector[index]) - coded_value(index)) as f32)
            .collect();
        let squared_norm = sum_of_squares(vector.len(), coded_value) as f32;
        let CodeHeader {
            residual,
            sum,
            squared_norm: first_squared_norm,
            ..
        } = refined.header;
        Self {
            metric,
            kernels,
            coarse: Margins::new(arena, norm, residual, first_squared_norm),
            fine: Margins::new(arena, norm, norm_rounded_up(&rest), squared_norm),
            coded: Coded::I8 {
                first: Summed::new(refined.codes, sum),
                rest_sum: refined.rest_header.sum,
                query: refined,
            },
        }
    }

    /// Whether the row's distance may be at most `limit`, by a coarse estimate.
    #[inline]
    pub(super) fn may_be_below(&self, chunk: &Chunk, row: usize, limit: f32) -> bool {
        let Coded::I8 { query, first, .. } = &self.coded else {
            return true;
        };
        let (codes, header) = chunk.codes::<i8>(row);
        let dot = self.kernels.dot_i8(codes, *first) as f32 * query.header.scale * header.scale;
        if self.metric == Metric::Cosine && limit < 2.0 {
            // The usual case: all values are finite, and the clamp has no effect below 2.
            return 1.0 - dot - self.coarse.cosine_error(header) <= limit;
        }
        self.coarse.lower(self.metric, dot, header) <= limit
    }

    /// Lower and upper bounds on the exact distance. They are infinite if the
    /// arithmetic overflows.
    #[inline]
    pub(super) fn bounds(&self, chunk: &Chunk, row: usize) -> (f32, f32) {
        let (dot, header) = match &self.coded {
            Coded::I8 {
                query,
                first,
                rest_sum,
            } => {
                let (codes, header) = chunk.codes::<i8>(row);
                let rest = Summed::new(&query.rest_codes, *rest_sum);
                let first = self.kernels.dot_i8(codes, *first) as f32 * query.header.scale;
                let rest = self.kernels.dot_i8(codes, rest) as f32 * query.rest_header.scale;
                ((first + rest) * header.scale, header)
            }
            Coded::F16(vector) => {
                let (codes, header) = chunk.codes::<f16>(row);
                (self.kernels.dot_f16(codes, vector) * header.scale, header)
            }
        };
        let lower = self.fine.lower(self.metric, dot, header);
        (lower, self.fine.upper(self.metric, dot, header))
    }
}

/// The error margins of estimates.
#[derive(Clone, Copy)]
struct Margins {
    /// `‖q - q̂‖`, rounded up.
    residual: f32,
    /// `‖q̂‖²`.
    squared_norm: f32,
    /// See [`rounding`].
    rounding: f32,
    /// The error of the estimated product is at most `per_norm·‖x̂‖ + per_residual·‖x - x̂‖`, plus
    /// underflow.
    per_norm: f32,
    per_residual: f32,
}

impl Margins {
    fn new(arena: &Arena, norm: f32, residual: f32, squared_norm: f32) -> Self {
        let rounding = rounding(arena.dimension());
        let by_rounding = rounding * (norm + residual);
        Self {
            residual,
            squared_norm,
            rounding,
            per_norm: residual * 1.000_01 + by_rounding,
            per_residual: norm * 1.000_01 + by_rounding,
        }
    }

    #[inline]
    fn lower(&self, metric: Metric, dot: f32, header: CodeHeader) -> f32 {
        let lower = match metric {
            Metric::Cosine => 1.0 - dot - self.cosine_error(header),
            Metric::Dot => -dot - self.dot_error(header),
            Metric::Euclidean => {
                let (squared, slack, residuals) = self.squared_euclidean(dot, header);
                let nearest = (squared - slack).max(0.0).sqrt() - residuals;
                nearest * (1.0 - self.rounding) - UNDERFLOW
            }
        };
        if !lower.is_finite() {
            return f32::NEG_INFINITY;
        }
        match metric {
            // The distance itself is clamped as well.
            Metric::Cosine => lower.clamp(0.0, 2.0),
            Metric::Euclidean => lower.max(0.0),
            Metric::Dot => lower,
        }
    }

    #[inline]
    fn upper(&self, metric: Metric, dot: f32, header: CodeHeader) -> f32 {
        let upper = match metric {
            Metric::Cosine => (1.0 - dot + self.cosine_error(header)).clamp(0.0, 2.0),
            Metric::Dot => -dot + self.dot_error(header),
            Metric::Euclidean => {
                let (squared, slack, residuals) = self.squared_euclidean(dot, header);
                let farthest = (squared + slack).sqrt() + residuals;
                farthest * (1.0 + self.rounding) + UNDERFLOW
            }
        };
        if upper.is_finite() {
            upper
        } else {
            f32::INFINITY
        }
    }

    /// For rows that are unit vectors or zero, so that the coded norm is at most one plus the residual.
    #[inline]
    fn cosine_error(&self, header: CodeHeader) -> f32 {
        let norm = 1.000_01 + header.residual;
        self.per_norm * norm + self.per_residual * header.residual + 4.0 * f32::EPSILON
    }

    #[inline]
    fn dot_error(&self, header: CodeHeader) -> f32 {
        let norm = header.squared_norm.sqrt() * 1.000_001;
        self.per_norm * norm + self.per_residual * header.residual + UNDERFLOW
    }

    /// The squared distance of the coded vectors, its rounding error, and how far the distance of the
    /// original vectors may be from it.
    #[inline]
    fn squared_euclidean(&self, dot: f32, header: CodeHeader) -> (f32, f32, f32) {
        let squared_norms = header.squared_norm + self.squared_norm;
        let slack = 2.0 * self.rounding * squared_norms;
        let residuals = (header.residual + self.residual) * 1.000_01 + UNDERFLOW;
        (squared_norms - 2.0 * dot, slack, residuals)
    }
}
