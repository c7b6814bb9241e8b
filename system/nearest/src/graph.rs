//! Graphs over the rows of an arena, behind one trait.

mod flat;
mod hnsw_rs;
mod visited;

use std::io::Write;

use thiserror::Error;

use crate::arena::Arena;
use crate::neighbour::Neighbour;
use crate::query::Query;
pub use flat::Flat;
pub use hnsw_rs::HnswRs;

/// The default number of candidates of a search. With it, both graphs had a recall of over 0.999 for the
/// nearest ten of the 20,000 clustered rows in the bench `rivals`.
pub const DEFAULT_EF: usize = 64;

/// The number of candidates for an insertion.
pub const EF_CONSTRUCTION: usize = 200;

/// The number of links of a row on the upper levels; the lowest has twice as many.
pub const M: usize = 16;

/// Approximate nearest neighbours over the first rows of an arena.
///
/// A graph belongs to the arena that it was built over; every call must pass that arena or a clone
/// of its handle.
pub trait Graph: Send + Sync {
    /// The number of rows in the graph, which are the slots `0..len`.
    fn len(&self) -> u32;

    /// Whether the graph has no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Inserts the slots `len..upto` in place, on `threads` threads. Concurrent searches may already
    /// return slots at or above `len`; a caller that scans those itself reads `len` first and accepts
    /// only lower slots. Concurrent extensions run one after another.
    ///
    /// # Panics
    /// If the arena has fewer than `upto` rows.
    fn extend(&self, arena: &Arena, upto: u32, threads: usize);

    /// The nearest rows that `accept` admits; the search traverses all rows. Keeps `ef` candidates,
    /// at least `k`. Distances are exact. Ordered by distance, then slot; as in
    /// [`scan`](crate::scan), more than `k` if the last ones have the same distance. Fewer than `k`
    /// may be returned if `accept` admits few rows: see [`plan`](crate::plan).
    fn search(
        &self,
        arena: &Arena,
        query: &Query,
        k: usize,
        ef: usize,
        accept: &dyn Fn(u32) -> bool,
    ) -> Vec<Neighbour>;

    /// Derives a graph over the remaining rows, for much less work than building one. `arena` holds
    /// the remaining rows in their old order, and `new_slots` maps each old slot to its new one. Such
    /// a graph has a slightly lower recall than a rebuilt one, depending on the share of removed rows.
    /// Returns `None` if a rebuild is better, or once `keep_going`, which is called often, returns
    /// false.
    ///
    /// # Panics
    /// If `new_slots` has fewer than [`len`](Self::len) entries.
    fn consolidated(
        &self,
        _arena: &Arena,
        _new_slots: &[Option<u32>],
        _keep_going: &dyn Fn() -> bool,
    ) -> Option<Box<dyn Graph>> {
        None
    }

    /// The graph's memory in bytes, without the arena's.
    fn memory_bytes(&self) -> usize;

    /// Writes the graph, for [`read`].
    ///
    /// # Errors
    /// If the writer fails, or [`GraphError::Unsupported`] if the graph has to be rebuilt instead.
    fn write(&self, writer: &mut dyn Write) -> Result<(), GraphError>;
}

/// A graph implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraphKind {
    /// This crate's graph: neighbour lists in contiguous arrays, searched without a lock.
    Flat,
    /// The library `hnsw_rs`, over slots: slower and larger, for comparison.
    HnswRs,
}

/// The reason why a graph could not be written or read. It can always be rebuilt.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// Graphs of this kind have no stored form.
    #[error("a graph of kind `{0:?}` cannot be stored; rebuild it")]
    Unsupported(GraphKind),
    /// The bytes are not a valid graph over this arena.
    #[error("the graph's bytes are damaged: {0}; rebuild it")]
    Damaged(&'static str),
    /// The writer failed.
    #[error("failed to write the graph")]
    Io(#[from] std::io::Error),
}

/// Builds a graph over all rows of the arena.
#[must_use]
pub fn build(kind: GraphKind, arena: &Arena, threads: usize) -> Box<dyn Graph> {
    let graph: Box<dyn Graph> = match kind {
        GraphKind::Flat => Box::new(Flat::new()),
        GraphKind::HnswRs => Box::new(HnswRs::new(arena)),
    };
    graph.extend(arena, arena.len(), threads);
    graph
}

/// Reads a graph over `arena` from the output of [`Graph::write`]. Untrusted bytes are safe: anything
/// but a valid graph is an error. The caller must ensure, by a checksum, that the bytes belong to
/// these rows.
///
/// # Errors
/// [`GraphError::Damaged`], or [`GraphError::Unsupported`].
pub fn read(kind: GraphKind, arena: &Arena, bytes: &[u8]) -> Result<Box<dyn Graph>, GraphError> {
    match kind {
        GraphKind::Flat => Ok(Box::new(Flat::read(arena, bytes)?)),
        GraphKind::HnswRs => Err(GraphError::Unsupported(kind)),
    }
}
