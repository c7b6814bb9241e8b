//! What the routes share.

use std::{sync::Arc, time::Duration};

use lakehouse_base::chat::ChatModel;
use lakehouse_base::{Limits, SystemClock};
use lakehouse_matrix::{
    Matrix, MatrixParts,
    judge::{ChatJudge, Rules},
    playbook::{self, PlaybookConfig},
    role::RoleReader,
};
use lakehouse_models::chat::OllamaChat;
use lakehouse_models::embed::{
    EmbedCache, Embedder, Embedders, OllamaEmbedder, OpenAiEmbedder, ollama, openai,
};
use lakehouse_models::upstream::{ClientError, Upstream};
use lakehouse_store::StoreError;
use lakehouse_vector::{Engine, EngineOptions, GraphKind, VectorError};
use metrics_exporter_prometheus::BuildError;

use crate::{
    config::{
        Config, EmbedConfig, EmbedProvider, Graph, Judge, LimitsConfig, MatrixConfig,
        RoleReader as ReadsRoles,
    },
    metrics::Metrics,
    refusals::Refusals,
    roster::{CurrentRoster, RosterRefused},
    sessions::SessionFile,
};

/// Everything that outlives a request. Built once from the configuration, shared by all routes.
pub struct App {
    /// Texts to vectors, behind the cache.
    pub(crate) embedders: Embedders,
    /// The indexes of vectors.
    pub(crate) engine: Arc<Engine>,
    /// Which of them take no more writes.
    pub(crate) refusals: Refusals,
    /// The corpora, which are some of the indexes.
    pub(crate) matrix: Matrix,
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
    /// The place for snapshots cannot be used.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// An index cannot be opened, or another process has them.
    #[error("vectors: {0}")]
    Vectors(#[from] VectorError),
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
    /// Builds what a configuration asks for, and opens the indexes below its data root, which no
    /// other process may have open. No other program is asked.
    ///
    /// # Errors
    /// When the roster file is refused, an index cannot be opened, or a part of the machine that
    /// is needed is not there.
    pub async fn open(config: &Config) -> Result<Arc<Self>, StartError> {
        let mut chat: Vec<(&'static str, Arc<dyn ChatModel>)> = Vec::new();
        if let Some(ollama) = &config.chat.ollama {
            let timeout = Duration::from_millis(ollama.timeout_ms);
            let model = OllamaChat::new(ollama.url.as_str(), timeout)?;
            chat.push((lakehouse_models::chat::ollama::PROVIDER, Arc::new(model)));
        }
        let embedders = embedders(&config.embed)?;
        let roster = CurrentRoster::load(config.validate.roster.clone())?;
        // Last, since it takes the longest.
        let engine = Engine::open(engine_options(config)?).await?;
        let matrix = Matrix::new(matrix_parts(&config.matrix, &engine, &embedders, &chat));
        Ok(Arc::new(Self {
            embedders,
            engine,
            refusals: Refusals::default(),
            matrix,
            chat,
            roster,
            sessions: SessionFile::below(&config.data.root, Arc::new(SystemClock)),
            metrics: Metrics::new()?,
            limits: config.limits.clone(),
        }))
    }

    /// Ends all writing, and saves what spares the next start its work. What was acknowledged is
    /// durable without it.
    pub async fn close(&self) {
        self.engine.close().await;
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
    pub(crate) async fn checks(&self) -> [(&'static str, Result<(), String>); 4] {
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
            ("vectors", self.refusals.check(&self.engine)),
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

fn engine_options(config: &Config) -> Result<EngineOptions, StoreError> {
    let root = &config.data.root;
    let location = match &config.store.url {
        Some(url) => url.clone(),
        None => root.join("store").to_string_lossy().into_owned(),
    };
    let store = lakehouse_store::open(&location, &root.join("cache"))?;
    Ok(EngineOptions {
        graph: match config.vectors.graph {
            Graph::Flat => GraphKind::Flat,
            Graph::HnswRs => GraphKind::HnswRs,
        },
        exact_up_to_of: [(playbook::INDEX.into(), playbook::EXACT_UP_TO)].into(),
        save_every: Duration::from_millis(config.vectors.save_interval_ms),
        ..EngineOptions::new(root, store)
    })
}

fn matrix_parts(
    config: &MatrixConfig,
    engine: &Arc<Engine>,
    embedders: &Embedders,
    chat: &[(&'static str, Arc<dyn ChatModel>)],
) -> MatrixParts {
    // The configuration has been held to it that both are there where they are needed.
    let provider = config.chat_provider.as_str();
    let chat = chat.iter().find(|(name, _)| *name == provider);
    let chat = chat.zip(config.chat_model.as_ref());
    let chat = chat.map(|((_, provider), model)| (Arc::clone(provider), model));
    MatrixParts {
        engine: Arc::clone(engine),
        embedders: embedders.clone(),
        clock: Arc::new(SystemClock),
        judge: match (config.judge, &chat) {
            (Judge::Chat, Some((provider, model))) => {
                Arc::new(ChatJudge::new(Arc::clone(provider), *model))
            }
            _ => Arc::new(Rules),
        },
        role_reader: chat
            .filter(|_| config.role_reader == ReadsRoles::Chat)
            .map(|(provider, model)| RoleReader::new(provider, model)),
        config: PlaybookConfig {
            max_distance: config.playbook_distance,
            half_life_days: config.playbook_half_life_days,
            ..PlaybookConfig::default()
        },
        cache_bytes: config.cache_bytes,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_playbook_memory_is_searched_exactly_as_far_as_the_contract_asks() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.root = folder.path().to_owned();
        let options = engine_options(&config).unwrap();
        let of_the_memory = options.exact_up_to_of.get("playbook_memory");
        assert_eq!(of_the_memory, Some(&5_000));
        assert!(options.exact_up_to > 5_000);
    }
}
