//! The services. Each has a file that implements [`Service`], and a folder with those of these files
//! that it needs:
//!
//! | file | content |
//! |---|---|
//! | `config.rs` | its section of the configuration |
//! | `service.rs` | its state, built from that section and the services below it |
//! | `routes.rs` | its routes and their handlers, which get that state alone |
//! | `convert.rs` | conversions between the wire's types and those of its domain |
//! | `metrics.rs` | its counters and gauges |
//! | `lines.rs` | its surfaces over lines |
//!
//! [`compose`](crate::compose) starts them. A service knows those that it builds on and no others.

pub mod audit;
pub mod chat;
pub mod embed;
pub mod matrix;
pub mod operations;
pub mod session_log;
pub mod storage;
pub mod validate;
pub mod vectors;

use std::sync::Arc;

use async_trait::async_trait;

use crate::http::route::Route;

/// A part of the process with state of its own.
#[async_trait]
pub trait Service: Send + Sync {
    /// A phrase for the log line at the start, such as "embedder hash-768 (built in)".
    fn summary(&self) -> Option<String> {
        None
    }

    /// Its routes, which count against the limits on time and number.
    fn routes(self: Arc<Self>) -> Vec<Route> {
        Vec::new()
    }

    /// Its checks of `/ready`.
    async fn checks(&self) -> Vec<Check> {
        Vec::new()
    }

    /// Sets its gauges; called each time before the metrics are rendered.
    fn set_gauges(&self) {}

    /// Stops its background work, and saves what makes the next start faster.
    async fn close(&self) {}
}

/// One check of `/ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name in the answer.
    pub name: &'static str,
    /// What is wrong, if anything is.
    pub result: Result<(), String>,
}

impl Check {
    /// A check with its result.
    pub fn new(name: &'static str, result: Result<(), String>) -> Self {
        Self { name, result }
    }
}
