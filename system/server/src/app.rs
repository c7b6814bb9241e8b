//! What the routes share.

use std::{sync::Arc, time::Duration};

use lakehouse_base::chat::ChatModel;
use lakehouse_base::{Limits, SystemClock};
use lakehouse_chat::OllamaChat;
use lakehouse_retrieval::{
    EmbedCache, Embedder, Embedders, OllamaEmbedder, OpenAiEmbedder, ollama, openai,
};
use lakehouse_upstream::{ClientError, Upstream};
use metrics_exporter_prometheus::BuildError;

use crate::{
    config::{Config, EmbedConfig, EmbedProvider, LimitsConfig},
    metrics::Metrics,
    roster::{CurrentRoster, RosterRefused},
    sessions::SessionFile,
};

/// Everything that outlives a request. Built once from the configuration, shared by all routes.
pub struct App {
    /// Texts to vectors, behind the cache.
    pub(crate) embedders: Embedders,
    /// Who writes drafts, by name; empty unless configured.
    pub(crate) chat: Vec<(&'static str, Arc<dyn ChatModel>)>,
    /// What drafts are checked against.
    pub(crate) roster: CurrentRoster,
    /// Where iterate runs are recorded.
    pub(crate) sessions: SessionFile,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// What requests may take.
    pub(crate) limits: LimitsConfig,
}

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The roster file is refused.
    #[error("{0}")]
    Roster(String),
    /// No HTTP client could be made for a provider.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The metrics could not be set up.
    #[error("metrics: {0}")]
    Metrics(#[from] BuildError),
}

impl From<RosterRefused> for StartError {
    fn from(error: RosterRefused) -> Self {
        Self::Roster(error.to_string())
    }
}

impl App {
    /// Builds what a configuration asks for. Nothing is written, and no other program is asked.
    ///
    /// # Errors
    /// When the roster file is refused, or a part of the machine that is needed is not there.
    pub fn new(config: &Config) -> Result<Arc<Self>, StartError> {
        let mut chat: Vec<(&'static str, Arc<dyn ChatModel>)> = Vec::new();
        if let Some(ollama) = &config.chat.ollama {
            let timeout = Duration::from_millis(ollama.timeout_ms);
            let model = OllamaChat::new(ollama.url.as_str(), timeout)?;
            chat.push((lakehouse_chat::ollama::PROVIDER, Arc::new(model)));
        }
        Ok(Arc::new(Self {
            embedders: embedders(&config.embed)?,
            chat,
            roster: CurrentRoster::load(config.validate.roster.clone())?,
            sessions: SessionFile::below(&config.data.root, Arc::new(SystemClock)),
            metrics: Metrics::new()?,
            limits: config.limits.clone(),
        }))
    }

    /// Keeps the numbers in order; ends when the runtime does.
    pub async fn upkeep(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(Duration::from_secs(5));
        loop {
            ticks.tick().await;
            self.metrics.upkeep();
        }
    }

    /// The checks of `/ready` and what each came to.
    pub(crate) async fn checks(&self) -> [(&'static str, Result<(), String>); 3] {
        let embedder = self
            .embedders
            .check()
            .await
            .map_err(|error| error.to_string());
        // A roster is in force from the start on; a reload that failed leaves it there.
        let roster = Ok(());
        let sessions = self.sessions.check();
        let sessions = sessions.map_err(|error| format!("session log cannot be opened: {error}"));
        [
            ("embedder", embedder),
            ("roster", roster),
            ("sessions", sessions),
        ]
    }
}

impl LimitsConfig {
    /// The limits on one body.
    pub(crate) fn of_body(&self) -> Limits {
        Limits {
            body_bytes: self.body_bytes,
            ..Limits::CONTRACT
        }
    }
}

fn embedders(config: &EmbedConfig) -> Result<Embedders, ClientError> {
    let cache = EmbedCache::new(config.cache_bytes);
    let provider: Arc<dyn Embedder> = match config.provider {
        EmbedProvider::Hash => return Ok(Embedders::built_in(cache)),
        EmbedProvider::Ollama => {
            let timeout = Duration::from_millis(config.ollama.timeout_ms);
            let url = config.ollama.url.as_str();
            Arc::new(OllamaEmbedder::new(Upstream::new(
                ollama::PROVIDER,
                url,
                timeout,
                None,
            )?))
        }
        EmbedProvider::OpenAi => {
            let timeout = Duration::from_millis(config.openai.timeout_ms);
            let url = config.openai.url.as_str();
            let api_key = config
                .openai
                .api_key
                .as_ref()
                .map(|key| key.reveal().to_owned());
            Arc::new(OpenAiEmbedder::new(Upstream::new(
                openai::PROVIDER,
                url,
                timeout,
                api_key,
            )?))
        }
    };
    Ok(Embedders::with_provider(
        cache,
        provider,
        config.default_model(),
    ))
}
