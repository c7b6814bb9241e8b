//! The roster, the models that write drafts, and the log of their runs.

use std::{path::Path, sync::Arc};

use lakehouse_base::UpstreamError;

use super::{
    config::ValidateConfig,
    metrics::ValidateMetrics,
    roster::{CurrentRoster, RosterRefused},
};
use crate::{
    http::{metrics::Metrics, problem::problem_from},
    services::{chat::ChatProviders, session_log::SessionLog},
};

/// The service.
pub struct Validate {
    pub(super) roster: CurrentRoster,
    pub(super) chat: ChatProviders,
    pub(super) sessions: Arc<SessionLog>,
    pub(super) metrics: ValidateMetrics,
}

impl Validate {
    /// The service of a configuration.
    ///
    /// # Errors
    /// When the roster file is rejected.
    pub fn new(
        config: &ValidateConfig,
        chat: &ChatProviders,
        sessions: &Arc<SessionLog>,
        metrics: &Metrics,
    ) -> Result<Arc<Self>, RosterRefused> {
        Ok(Arc::new(Self {
            roster: CurrentRoster::load(config.roster.as_deref().map(Path::to_owned))?,
            chat: Arc::clone(chat),
            sessions: Arc::clone(sessions),
            metrics: ValidateMetrics::new(metrics),
        }))
    }
}

problem_from!(UpstreamError);
