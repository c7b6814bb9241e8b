//! The embedders behind their cache.

use std::sync::Arc;

use lakehouse_models::{
    ClientError,
    embed::{EmbedCache, EmbedError, Embedder, Embedders, OllamaEmbedder, OpenAiEmbedder},
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

impl Embed {
    /// The embedders of a configuration. This sends nothing to a provider.
    ///
    /// # Errors
    /// When no HTTP client can be built for the provider.
    pub fn new(config: &EmbedConfig, metrics: &Metrics) -> Result<Arc<Self>, ClientError> {
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

fn embedders(config: &EmbedConfig) -> Result<Embedders, ClientError> {
    let cache = EmbedCache::new(config.cache_bytes.get());
    let provider: Arc<dyn Embedder> = match config.provider {
        EmbedProvider::Hash => return Ok(Embedders::built_in(cache)),
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
        EmbedProvider::Ollama => format!("ollama at {}", config.ollama.url.as_str()),
        EmbedProvider::OpenAi => format!("openai at {}", config.openai.url.as_str()),
    };
    format!("embedder {model} ({provider})")
}

problem_from!(EmbedError);
