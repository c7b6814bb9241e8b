//! Indexes of vectors, their items, and the nearest of them: `/v1/vectors`.

pub mod config;
pub(crate) mod convert;
pub(crate) mod metrics;
mod routes;
mod service;

pub use service::Vectors;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    http::route::{self, Route},
    services::{Check, Service},
};

#[async_trait]
impl Service for Vectors {
    fn routes(self: Arc<Self>) -> Vec<Route> {
        route::with_state(routes::routes(), &self)
    }

    async fn checks(&self) -> Vec<Check> {
        let indexes = self.engine.list();
        let refusals = indexes.iter().filter_map(|index| index.refusal());
        let damages = self.engine.damaged().into_iter().map(|(_, damage)| damage);
        let refusals = damages.chain(refusals);
        let refusals: Vec<_> = refusals.map(|refusal| refusal.to_string()).collect();
        let result = if refusals.is_empty() {
            Ok(())
        } else {
            Err(refusals.join("; "))
        };
        vec![Check::new("vectors", result)]
    }

    fn set_gauges(&self) {
        let indexes = self.engine.list();
        let stats: Vec<_> = indexes.iter().map(|index| index.stats()).collect();
        let damaged = self.engine.damaged().into_iter().map(|(name, _)| name);
        self.metrics.with(|| {
            metrics::set(&stats);
            self.damaged.set(damaged);
        });
    }

    async fn close(&self) {
        self.engine.close().await;
    }
}
