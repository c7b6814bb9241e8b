//! The embedders behind their cache.

use std::sync::Arc;

use lakehouse_models::{
    ClientError,
    embed::{
        EmbedCache, EmbedError, Embedder, Embedders, LocalEmbedder, OllamaEmbedder, OpenAiEmbedder,
        local::ModelError,
    },
};

use super::{
    config::{EmbedConfig, EmbedProvider},
    metrics,
};
use crate::http::{metrics::Metrics, problem::problem_from};

/// The service.
pub struct Embed {
    pub(super) embedders: Embedders,
    pub(super) summary: String,
    pub(super) metrics: Metrics,
}

/// Why there is no embedder.
#[derive(Debug, thiserror::Error)]
pub enum NoEmbedder {
    /// No HTTP client can be built for the provider.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The model of the provider `local` cannot be read.
    #[error("cannot load the model of `embed.local.folder`")]
    Model(#[from] ModelError),
}

impl Embed {
    /// The embedders of a configuration. This sends nothing to a provider.
    ///
    /// # Errors
    /// When the provider's HTTP client cannot be built, or its model cannot be read.
    pub fn new(config: &EmbedConfig, metrics: &Metrics) -> Result<Arc<Self>, NoEmbedder> {
        metrics.with(metrics::describe);
        Ok(Arc::new(Self {
            embedders: embedders(config)?,
            summary: summary(config),
            metrics: metrics.clone(),
        }))
    }

    /// The embedders; clones share their cache.
    pub fn embedders(&self) -> &Embedders {
        &self.embedders
    }
}

fn embedders(config: &EmbedConfig) -> Result<Embedders, NoEmbedder> {
    let cache = EmbedCache::new(config.cache_bytes.get());
    let provider: Arc<dyn Embedder> = match config.provider {
        EmbedProvider::Hash => return Ok(Embedders::built_in(cache)),
        EmbedProvider::Local => Arc::new(LocalEmbedder::open(
            config.local.folder(),
            config.default_model(),
        )?),
        EmbedProvider::Ollama => {
            let timeout = config.ollama.timeout_ms.duration();
            Arc::new(OllamaEmbedder::new(config.ollama.url.as_str(), timeout)?)
        }
        EmbedProvider::OpenAi => {
            let openai = &config.openai;
            let timeout = openai.timeout_ms.duration();
            let api_key = openai.api_key.as_ref();
            let api_key = api_key.map(|key| key.reveal().to_owned());
            Arc::new(OpenAiEmbedder::new(openai.url.as_str(), timeout, api_key)?)
        }
    };
    Ok(Embedders::with_provider(
        cache,
        provider,
        config.default_model(),
    ))
}

fn summary(config: &EmbedConfig) -> String {
    let model = config.default_model();
    let provider = match config.provider {
        EmbedProvider::Hash => "built in".to_owned(),
        EmbedProvider::Local => format!("local in `{}`", config.local.folder().display()),
        EmbedProvider::Ollama => format!("ollama at {}", config.ollama.url.as_str()),
        EmbedProvider::OpenAi => format!("openai at {}", config.openai.url.as_str()),
    };
    format!("embedder {model} ({provider})")
}

problem_from!(EmbedError);
