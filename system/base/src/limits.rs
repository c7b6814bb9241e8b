//! Limits on the size and depth of a request body.

/// Limits on one request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The maximum size in bytes.
    pub body_bytes: usize,
    /// The maximum number of levels of arrays and objects; the outermost is level 1.
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
