//! Corpora, their documents, searches over several of them, and the playbook: `/v1/matrix`; and
//! the legacy dialect of its searches.

pub mod config;
mod convert;
mod lexicon;
mod lines;
mod metrics;
mod routes;
mod service;

pub use lexicon::LexiconRefused;
pub use lines::HELPERS;
pub use service::MatrixService;

use std::sync::Arc;

use crate::{
    http::route::{self, Route},
    services::Service,
};

impl Service for MatrixService {
    fn routes(self: Arc<Self>) -> Vec<Route> {
        route::with_state(routes::routes(), &self)
    }

    fn set_gauges(&self) {
        let stats = self.matrix.cache_stats();
        self.metrics.with(|| metrics::set(stats));
    }
}
