//! Nearest neighbours over slots: numbered vectors without ids, metadata or files.
//!
//! - An [`Arena`] holds the rows: appended by one writer, read without a lock, and never moved.
//!   Beside the `f32` rows it keeps short codes ([`Precision`]), which searches traverse. The rows that
//!   may be among the nearest are compared again in `f64`: returned distances and their order are exact
//!   ([`Metric::distance`]).
//! - [`scan`] returns the exact answer, over any set of slots.
//! - A [`Graph`] returns an approximate one: [`Flat`] is this crate's implementation, [`HnswRs`] wraps
//!   the library. If only some slots may be returned, [`plan`] chooses the cheaper of the two.
//! - [`gate`] builds a graph over the shortest codes that reach the required recall on the given rows.
//!
//! ```
//! use lakehouse_nearest::{Arena, GraphKind, Metric, Precision, Query, build, scan};
//!
//! let arena = Arena::new(3, Metric::Cosine, Precision::I8);
//! for vector in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.7, 0.7, 0.1]] {
//!     arena.push(&vector);
//! }
//! let query = Query::new(&arena, &[0.9, 0.1, 0.0]);
//! let exact = scan(&arena, &query, 0..arena.len(), 2);
//! let graph = build(GraphKind::Flat, &arena, 2);
//! assert_eq!(graph.search(&arena, &query, 2, 64, &|_| true), exact);
//! assert_eq!(exact[0].slot, 0);
//! ```

mod arena;
mod code;
mod exact;
mod graph;
mod kernel;
mod metric;
mod neighbour;
mod plan;
mod precision;
mod probe;
mod query;
mod recall;
mod region;
mod scan;

pub use arena::{Arena, ArenaError, ArenaMemory, MAX_DIMENSION, ROWS_PER_CHUNK, StoredRows};
pub use graph::{
    DEFAULT_EF, EF_CONSTRUCTION, Flat, Graph, GraphError, GraphKind, HnswRs, M, build, read,
};
pub use kernel::{Kernels, Summed};
pub use metric::Metric;
pub use neighbour::Neighbour;
pub use plan::{Plan, expected_time, plan};
pub use precision::Precision;
pub use query::Query;
pub use recall::{Gate, Gated, Recall, gate, recall_at, recall_of_each};
pub use region::map_file;
pub use scan::{scan, scan_where};
