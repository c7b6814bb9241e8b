//! What a run compared.

use serde::Serialize;

use crate::config::baseline::Places;

/// What was compared on one surface.
#[derive(Debug, Clone, Serialize)]
pub struct SurfaceCoverage {
    /// Surface.
    pub surface: String,
    /// Number of routes that were answered.
    pub routes: usize,
    /// Number of routes with a class of status.
    pub answers: usize,
    /// Number of places whose value is compared.
    pub compared: usize,
    /// Places that are hidden in every answer.
    pub hidden: Vec<String>,
    /// Places that are null in every answer.
    pub null: Vec<String>,
    /// Answers that the probe declares and no case gets, and places that only occur in answers
    /// that were not compared.
    pub unreached: Vec<String>,
    /// Whether all cases of the surface were compared, so that the baseline applies.
    pub judged: bool,
    /// All places.
    pub places: Places,
}
