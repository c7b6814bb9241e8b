//! The checks, the metrics and the document of all services.

use std::sync::Arc;

use axum::body::Bytes;
use utoipa::openapi::OpenApi;

use crate::{
    http::metrics::Metrics,
    services::{Check, Service},
};

/// The state of the operational routes.
pub struct Operations {
    services: Vec<Arc<dyn Service>>,
    metrics: Metrics,
    document: Bytes,
}

impl Operations {
    /// The state for these services; `document` describes all routes.
    pub fn new(services: Vec<Arc<dyn Service>>, metrics: Metrics, document: &OpenApi) -> Self {
        let document = document
            .to_json()
            .expect("the document consists of texts and numbers");
        Self {
            services,
            metrics,
            document: document.into(),
        }
    }

    /// The checks of all services, by name.
    pub(super) async fn checks(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        for service in &self.services {
            checks.extend(service.checks().await);
        }
        checks.sort_by_key(|check| check.name);
        checks
    }

    pub(super) fn metrics(&self) -> String {
        for service in &self.services {
            service.set_gauges();
        }
        self.metrics.render()
    }

    pub(super) fn document(&self) -> Bytes {
        self.document.clone()
    }
}
