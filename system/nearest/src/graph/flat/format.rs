//! The graph as bytes.

use std::io::Write;

use super::Flat;
use crate::arena::Arena;
use crate::graph::GraphError;

pub(super) fn write(_graph: &Flat, _writer: &mut dyn Write) -> Result<(), GraphError> {
    Err(GraphError::Unsupported(crate::graph::GraphKind::Flat))
}

impl Flat {
    /// Reads a graph over `arena`.
    ///
    /// # Errors
    /// When the bytes are not a sound graph over that many rows.
    pub fn read(_arena: &Arena, _bytes: &[u8]) -> Result<Self, GraphError> {
        Err(GraphError::Unsupported(crate::graph::GraphKind::Flat))
    }
}
