//! Providers of chat models, for other services. They have no routes of their own.

pub mod config;
mod service;

pub use service::{ChatProviders, providers};
