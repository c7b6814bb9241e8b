//! Validations and iterate runs.

use ::metrics::{counter, describe_counter};

use crate::http::metrics::Metrics;

const VALIDATIONS: &str = "lakehouse_validations_total";
const ITERATIONS: &str = "lakehouse_iterations_total";

pub(super) struct ValidateMetrics(Metrics);

impl ValidateMetrics {
    pub(super) fn new(metrics: &Metrics) -> Self {
        metrics.with(|| {
            describe_counter!(VALIDATIONS, "Artifacts validated.");
            describe_counter!(ITERATIONS, "Iterate runs ended.");
        });
        Self(metrics.clone())
    }

    /// Counts one validation; `verdict` is `passed` or the failed stage.
    pub(super) fn validation(&self, kind: &'static str, verdict: &'static str) {
        self.0
            .with(|| counter!(VALIDATIONS, "kind" => kind, "verdict" => verdict).increment(1));
    }

    /// Counts one iterate run.
    pub(super) fn iteration(&self, verdict: &'static str) {
        self.0
            .with(|| counter!(ITERATIONS, "verdict" => verdict).increment(1));
    }
}
