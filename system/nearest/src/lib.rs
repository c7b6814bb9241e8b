//! Nearest neighbours over slots: vectors by number, without ids, metadata or files.
//!
//! - An [`Arena`] holds the rows: appended by one writer, read by all without a lock, and never
//!   moved. Beside the `f32` rows it keeps short codes of them ([`Precision`]), which is what is
//!   traversed; distances that are returned are always the exact ones.
//! - [`scan`] is the exact answer, over any set of slots.
//! - A [`Graph`] is the approximate one: [`Flat`] is ours, [`HnswRs`] the library's. Where only
//!   some slots may be returned, [`plan`] says which of the two is cheaper.
//! - [`gate`] builds a graph over codes as short as the recall of the rows at hand allows.
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
