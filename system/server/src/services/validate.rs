//! Checks on drafts, and drafts from models until one passes: `/v1/validate` and `/v1/iterate`.

pub mod config;
mod convert;
mod lines;
mod metrics;
mod roster;
mod routes;
mod service;

pub use lines::HELPERS;
pub use roster::RosterRefused;
pub use service::Validate;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    http::route::{self, Route},
    services::{Check, Service},
};

#[async_trait]
impl Service for Validate {
    fn summary(&self) -> Option<String> {
        Some(self.roster.summary())
    }

    fn routes(self: Arc<Self>) -> Vec<Route> {
        route::with_state(routes::routes(), &self)
    }

    async fn checks(&self) -> Vec<Check> {
        // There is a roster from the start on; a failed reload leaves it in place.
        vec![Check::new("roster", Ok(()))]
    }
}
