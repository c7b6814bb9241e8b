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

/// Candidates of a search by default. Both graphs found over 0.999 of the nearest ten with it among
/// the 20,000 clustered rows of the bench `rivals`.
pub const DEFAULT_EF: usize = 64;

/// Candidates looked at when a row is inserted.
pub const EF_CONSTRUCTION: usize = 200;

/// Links of a row on the upper levels; twice as many on the lowest.
pub const M: usize = 16;

/// Approximate nearest neighbours over the first rows of an arena.
///
/// A graph belongs to the arena (or a clone of its handle) that it was built over; every call is
/// given that arena.
pub trait Graph: Send + Sync {
    /// Rows in the graph: the slots `0..len`.
    fn len(&self) -> u32;

    /// Whether nothing was inserted yet.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Inserts the slots `len..upto` in place, on `threads` threads. Searches go on meanwhile, and
    /// may already return slots at or above `len`; a caller that scans those itself reads `len`
    /// first and accepts only what is below. Extensions wait for each other.
    ///
    /// # Panics
    /// When the arena has fewer than `upto` rows.
    fn extend(&self, arena: &Arena, upto: u32, threads: usize);

    /// The nearest rows among those that `accept` lets through; the search passes through all.
    /// `ef` candidates are kept, at least `k`. Distances are exact. Ordered by distance, then
    /// slot; as in [`scan`](crate::scan), more than `k` where the last are at one distance. Fewer
    /// than `k` may come back where `accept` lets little through: see [`plan`](crate::plan).
    fn search(
        &self,
        arena: &Arena,
        query: &Query,
        k: usize,
        ef: usize,
        accept: &dyn Fn(u32) -> bool,
    ) -> Vec<Neighbour>;

    /// A graph over the rows that are left, for much less work than building one, in `arena` which
    /// has them at their `new_slots`, by old slot: 0, 1, 2 and so on, in the order of the old ones.
    /// It finds a little less than one that is built anew, the more so the more rows are gone.
    /// Nothing where building anew is the better way, or once it does not go on, which is asked
    /// often.
    ///
    /// # Panics
    /// When `new_slots` has fewer than [`len`](Self::len) entries.
    fn consolidated(
        &self,
        _arena: &Arena,
        _new_slots: &[Option<u32>],
        _goes_on: &dyn Fn() -> bool,
    ) -> Option<Box<dyn Graph>> {
        None
    }

    /// Bytes of the graph, without the arena's.
    fn memory_bytes(&self) -> usize;

    /// Writes the graph, for [`read`].
    ///
    /// # Errors
    /// When the writer fails, or [`GraphError::Unsupported`]: then the graph is built anew instead.
    fn write(&self, writer: &mut dyn Write) -> Result<(), GraphError>;
}

/// Which implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraphKind {
    /// Ours: neighbour lists in contiguous arrays, searched without a lock.
    Flat,
    /// The library of that name, over slots: slower and larger, a second opinion.
    HnswRs,
}

/// Why a graph could not be written or read. Whatever the reason, it can be built anew.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GraphError {
    /// This kind of graph has no bytes.
    #[error("a graph of kind `{0:?}` cannot be stored: build it anew")]
    Unsupported(GraphKind),
    /// The bytes are not those of a graph over this arena.
    #[error("the graph's bytes are damaged: {0}; build it anew")]
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

/// Reads a graph over `arena` from the bytes that [`Graph::write`] wrote. Any bytes may come: what
/// is not a sound graph is an error. That they are the right ones for these rows is for the caller
/// to know, by a checksum.
///
/// # Errors
/// [`GraphError::Damaged`], or [`GraphError::Unsupported`].
pub fn read(kind: GraphKind, arena: &Arena, bytes: &[u8]) -> Result<Box<dyn Graph>, GraphError> {
    match kind {
        GraphKind::Flat => Ok(Box::new(Flat::read(arena, bytes)?)),
        GraphKind::HnswRs => Err(GraphError::Unsupported(kind)),
    }
}
