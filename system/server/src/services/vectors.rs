//! Indexes of vectors, their items, and the nearest of them: `/v1/vectors`.

pub mod config;
pub(crate) mod convert;
pub(crate) mod metrics;
mod routes;
mod service;

pub use service::Vectors;
