//! The vector engine.

pub mod log;

mod config;
mod engine;
mod error;
mod filter;
mod index;
mod inverted;
mod item;
mod metadata;
mod name;

pub use config::{EngineOptions, IndexConfig};
pub use engine::Engine;
pub use error::{VectorError, VectorFault};
pub use filter::{Bounds, Filter, FilterError};
pub use index::{GraphStats, Index, IndexStats};
pub use item::{Hit, Item, Search};
pub use lakehouse_nearest::{GraphKind, Metric, Precision};
pub use metadata::{Metadata, NotAnObject, Scalar};
pub use name::IndexName;
