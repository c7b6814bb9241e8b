//! Places that change between identical requests.

use serde::Serialize;

/// A place at which an implementation's answers to one request differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noise {
    /// The implementation.
    pub implementation: String,
    /// The path, as in a difference.
    pub path: String,
    /// The shapes of the different values, in the order of the answers.
    pub values: Vec<String>,
}
