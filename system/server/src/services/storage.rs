//! The store of objects, where snapshots are kept.

pub mod config;
mod service;

pub use service::open;
