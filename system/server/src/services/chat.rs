//! Providers of chat models. They have no routes: other services ask them.

pub mod config;
mod service;

pub use service::{ChatProviders, providers};
