//! The vector engine: named indexes of vectors, durable, searched by nearness and metadata.
//!
//! - [`Engine`]: all indexes of a process; it makes, opens and drops them.
//! - [`Index`]: items by id. Writes are durable and visible when they return; [`Index::search`]
//!   takes a view of one version and waits for nobody.
//! - [`Item`], [`Metadata`], [`Search`], [`Filter`], [`Hit`]: what goes in, what is asked, what
//!   comes out.
//! - [`VectorError`]: what goes wrong, in the contract's words
//!   (`docs/contract/vector_search.md`).
//!
//! The vectors are the truth, and a graph over them is a cache that may be thrown away: a small
//! index has none, rows that are newer than the graph are scanned, and whatever is wrong with a
//! stored graph, it is built anew. Where things are:
//!
//! | | |
//! |---|---|
//! | `<root>/lock` | one process at a time |
//! | `<root>/vectors/<name>/<number>/log-*.wal` | what was written since the last snapshot ([`lakehouse_log::segments`]) |
//! | `vectors/<name>/<sequence>.snap` in the store | snapshots (`snapshot.rs`) |
//! | `vectors/<name>/<sequence>.json` in the store | manifests: what there is (`catalog.rs`) |

mod batch;
mod catalog;
mod config;
mod engine;
mod error;
mod filter;
mod generation;
mod index;
mod inverted;
mod item;
mod lookup;
mod metadata;
mod name;
mod pool;
mod record;
mod rows;
mod snapshot;
mod words;

pub use config::{EngineOptions, IndexConfig};
pub use engine::Engine;
pub use error::{VectorError, VectorFault};
pub use filter::{Bounds, Filter, FilterError};
pub use index::{GraphStats, Index, IndexStats};
pub use item::{Found, Hit, Item, Search};
pub use lakehouse_nearest::{GraphKind, Metric, Precision};
pub use metadata::{Metadata, NotAnObject, Scalar};
pub use name::IndexName;
pub use pool::Pool;
