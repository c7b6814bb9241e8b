//! The vector engine.

pub mod log;

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
mod record;
mod rows;
mod snapshot;
mod words;

pub use config::{EngineOptions, IndexConfig};
pub use engine::Engine;
pub use error::{VectorError, VectorFault};
pub use filter::{Bounds, Filter, FilterError};
pub use index::{GraphStats, Index, IndexStats};
pub use item::{Hit, Item, Search};
pub use lakehouse_nearest::{GraphKind, Metric, Precision};
pub use metadata::{Metadata, NotAnObject, Scalar};
pub use name::IndexName;
