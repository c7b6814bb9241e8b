//! The coverage of a run.

use serde::Serialize;

use crate::config::baseline::Places;

/// The coverage of one surface.
#[derive(Debug, Clone, Serialize)]
pub struct SurfaceCoverage {
    /// Surface.
    pub surface: String,
    /// Number of routes that were answered.
    pub routes: usize,
    /// Number of routes with a class of status.
    pub answers: usize,
    /// Number of paths whose value is compared.
    pub compared: usize,
    /// Paths that are hidden in every answer.
    pub hidden: Vec<String>,
    /// Paths that are null in every answer.
    pub null: Vec<String>,
    /// Answers that the probe names and no case gets, and paths that only occur in answers that
    /// were not compared.
    pub unreached: Vec<String>,
    /// Whether all cases of the surface were compared, so that the baseline applies.
    pub judged: bool,
    /// All paths.
    pub places: Places,
}
