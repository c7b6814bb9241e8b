//! Texts to vectors: `/v1/embed` and its legacy dialect.

pub mod config;
mod metrics;
mod routes;
mod service;

pub use service::{Embed, NoEmbedder};

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    http::route::{self, Route},
    services::{Check, Service},
};

#[async_trait]
impl Service for Embed {
    fn summary(&self) -> Option<String> {
        Some(self.summary.clone())
    }

    fn routes(self: Arc<Self>) -> Vec<Route> {
        route::with_state(routes::routes(), &self)
    }

    async fn checks(&self) -> Vec<Check> {
        let result = self.embedders.check().await;
        let result = result.map_err(|error| error.to_string());
        vec![Check::new("embedder", result)]
    }

    fn set_gauges(&self) {
        let stats = self.embedders.cache_stats();
        self.metrics.with(|| metrics::set(stats));
    }
}
