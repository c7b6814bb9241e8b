//! The session log below the data root.

pub(crate) mod convert;
mod lines;
mod service;

pub use lines::HELPERS;
pub use service::SessionLog;

use async_trait::async_trait;

use crate::services::{Check, Service};

#[async_trait]
impl Service for SessionLog {
    async fn checks(&self) -> Vec<Check> {
        let result = self.check();
        let result = result.map_err(|error| format!("session log cannot be opened: {error}"));
        vec![Check::new("sessions", result)]
    }
}
