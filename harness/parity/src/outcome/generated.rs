//! What inputs that nobody wrote brought to light.

use serde::Serialize;

/// All made inputs of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Generated {
    /// Inputs that were put to at least one pair.
    pub inputs: u64,
    /// Findings, each told once: differences, crashes, hangs and answers that are none.
    pub divergences: u64,
    /// The seed they were made from.
    pub seed: u64,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// By surface.
    pub surfaces: Vec<GeneratedSurface>,
    /// In the order they were found.
    pub findings: Vec<Finding>,
}

/// The made inputs of one surface.
#[derive(Debug, Clone, Serialize)]
pub struct GeneratedSurface {
    /// Surface.
    pub surface: String,
    /// Inputs.
    pub inputs: u64,
    /// Inputs that the reference did not answer with an error.
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
    /// Bytes before shrinking.
    pub length: usize,
    /// Tries that shrinking took.
    pub tries: usize,
    /// The case that was saved, relative to the root.
    pub saved: String,
}
