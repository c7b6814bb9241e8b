//! How large and how deep a request body may be.

/// Limits on one request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes a body may have.
    pub body_bytes: usize,
    /// The most levels of arrays and objects in a body; the outermost is level 1.
    pub depth: usize,
}

impl Limits {
    /// The contract's limits: 1 MiB and 128 levels.
    pub const CONTRACT: Self = Self {
        body_bytes: 1024 * 1024,
        depth: 128,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::CONTRACT
    }
}
