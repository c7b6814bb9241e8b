//! Corpora, their documents, searches over several of them, and the playbook: `/v1/matrix`; and
//! the legacy dialect of its searches.

pub mod config;
mod convert;
mod metrics;
mod routes;
mod service;

pub use service::MatrixService;
