//! The vector engine: durable, named indexes of vectors, searched by distance and metadata.
//!
//! - [`Engine`]: all indexes of a process; creates, opens and drops them.
//! - [`Index`]: items by id. Writes are durable and visible when they return; [`Index::search`]
//!   takes a view of one version and never blocks on writers.
//! - [`Item`], [`Metadata`], [`Search`], [`Filter`], [`Hit`], [`Notice`]: the inputs and results.
//! - [`Repair`]: what is left of an index that cannot be opened.
//! - [`VectorError`]: the errors, worded as in the contract (`docs/contract/vector_search.md`).
//!
//! The vectors are authoritative, and a graph over them is a disposable cache: a small index has
//! none, rows that are newer than the graph are scanned, and a damaged stored graph is rebuilt.
//! Files:
//!
//! | | |
//! |---|---|
//! | `<root>/lock` | one process at a time |
//! | `<root>/vectors/<name>/<number>/log-*.wal` | the writes since the last snapshot ([`lakehouse_log::segments`]) |
//! | `vectors/<name>/<sequence>.snap` in the store | snapshots (`snapshot.rs`) |
//! | `vectors/<name>/<sequence>.json` in the store | manifests: the state of each index (`catalog.rs`) |

mod activity;
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
mod notice;
mod pattern;
mod pool;
mod record;
mod repair;
mod rows;
mod snapshot;
mod words;

pub use config::{EngineOptions, IndexConfig};
pub use engine::Engine;
pub use error::{VectorError, VectorFault};
pub use filter::{Bounds, Filter};
pub use index::{GraphStats, Index, IndexStats};
pub use item::{Found, Hit, Item, Search};
pub use lakehouse_nearest::{GraphKind, Metric, Precision};
pub use metadata::{Kind, Metadata, NotAnObject, Scalar};
pub use name::IndexName;
pub use notice::{MAX_NOTICES, Notice};
pub use pattern::Pattern;
pub use pool::Pool;
pub use repair::{Repair, RepairError};
