//! The vector engine.

mod filter;
mod metadata;

pub use filter::{Bounds, Filter, FilterError};
pub use metadata::{Metadata, NotAnObject, Scalar};
