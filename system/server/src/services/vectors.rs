//! Indexes of vectors, their items, and the nearest of them: `/v1/vectors`.

pub mod config;
pub(crate) mod metrics;
pub(crate) mod routes;
mod service;

pub use service::Vectors;
