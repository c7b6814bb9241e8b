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
    /// Inputs that both sides of a pair failed on in the same way, so that there was nothing to
    /// compare.
    pub both_failed: Vec<BothFailed>,
    /// Differences that fresh processes did not repeat.
    pub flaky: Vec<Flaky>,
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
    /// The other implementations that differ from the reference on this input.
    pub also: Vec<String>,
    /// Path with `[*]` for indices.
    pub path: String,
    /// Kind of difference.
    pub kind: crate::difference::DifferenceKind,
    /// The class of the input, when the surface has classes.
    pub class: Option<String>,
    /// The shrunk input, as text.
    pub input: String,
    /// The input's bytes before shrinking.
    pub length: usize,
    /// Number of attempts to shrink it.
    pub tries: usize,
    /// The saved case's file, relative to the root.
    pub saved: String,
}

/// Inputs that the reference and one implementation failed on in the same way.
#[derive(Debug, Clone, Serialize)]
pub struct BothFailed {
    /// Surface.
    pub surface: String,
    /// The implementation that was compared with the reference.
    pub implementation: String,
    /// What both did, such as `crashed`.
    pub how: String,
    /// Number of inputs.
    pub inputs: u64,
    /// The shortest of them, as text.
    pub example: String,
}

/// A difference that fresh processes did not repeat.
#[derive(Debug, Clone, Serialize)]
pub struct Flaky {
    /// Surface.
    pub surface: String,
    /// The implementation that was compared with the reference.
    pub implementation: String,
    /// Path with `[*]` for indices.
    pub path: String,
    /// Kind of difference.
    pub kind: crate::difference::DifferenceKind,
    /// The input, as text.
    pub input: String,
}
