//! Texts to vectors: `/v1/embed` and its legacy dialect.

pub mod config;
mod metrics;
mod routes;
mod service;

pub use service::Embed;
