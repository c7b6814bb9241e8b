//! The result of `--generate`.

use serde::Serialize;

/// All generated inputs of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Generated {
    /// Inputs that were sent to at least one pair.
    pub inputs: u64,
    /// Distinct findings: differences, crashes, hangs and unusable answers.
    pub divergences: u64,
    /// Seed.
    pub seed: u64,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// By surface.
    pub surfaces: Vec<GeneratedSurface>,
    /// Findings, in order of discovery.
    pub findings: Vec<Finding>,
}

/// The generated inputs of one surface.
#[derive(Debug, Clone, Serialize)]
pub struct GeneratedSurface {
    /// Surface.
    pub surface: String,
    /// Inputs.
    pub inputs: u64,
    /// Inputs that the reference did not reject.
    pub accepted: u64,
    /// Findings.
    pub findings: u64,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Surface.
    pub surface: String,
    /// The implementation that was compared with the reference.
    pub implementation: String,
    /// Path with `[*]` for indices.
    pub path: String,
    /// Kind of difference.
    pub kind: crate::difference::DifferenceKind,
    /// The shrunk input, as text.
    pub input: String,
    /// The input's bytes before shrinking.
    pub length: usize,
    /// Number of attempts to shrink it.
    pub tries: usize,
    /// The saved case's file, relative to the root.
    pub saved: String,
}
