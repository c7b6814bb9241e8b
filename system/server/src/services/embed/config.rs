//! `[embed]`

use clap::ValueEnum;
use lakehouse_models::embed::{hash, ollama, openai};
use serde::{Deserialize, Serialize};

use crate::config::{
    CacheBytes, HttpUrl, Milliseconds, NonEmptyText, RuleViolation, Secret, choice,
};

/// `[embed]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EmbedConfig {
    /// `embed.provider`: the provider of every model but `hash-768`, by default `hash`.
    #[serde(deserialize_with = "choice")]
    pub provider: EmbedProvider,
    /// `embed.model`: the model of requests that name none, by default the provider's own
    /// default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<NonEmptyText>,
    /// `embed.cache_bytes`: the memory of the cache of vectors, by default 16 MiB; 0 turns it
    /// off.
    pub cache_bytes: CacheBytes,
    /// `[embed.ollama]`
    pub ollama: OllamaEmbedConfig,
    /// `[embed.openai]`
    pub openai: OpenAiEmbedConfig,
}

/// A provider of embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum EmbedProvider {
    /// The built-in one; lexical, needs no other program.
    Hash,
    /// An Ollama server.
    Ollama,
    /// Any server with OpenAI's API for embeddings.
    OpenAi,
}

/// `[embed.ollama]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OllamaEmbedConfig {
    /// `embed.ollama.url`, by default `http://127.0.0.1:11434`.
    pub url: HttpUrl,
    /// `embed.ollama.timeout_ms`: how long a whole answer may take, by default 30000.
    pub timeout_ms: Milliseconds,
}

/// `[embed.openai]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpenAiEmbedConfig {
    /// `embed.openai.url`: with or without `/v1` at its end, by default `http://127.0.0.1:8000`.
    pub url: HttpUrl,
    /// `embed.openai.model`: the provider's default model, by default
    /// `text-embedding-3-small`; `embed.model` overrides it.
    pub model: NonEmptyText,
    /// `embed.openai.api_key`: sent as a bearer token; by default none is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<Secret>,
    /// `embed.openai.timeout_ms`: how long a whole answer may take, by default 30000.
    pub timeout_ms: Milliseconds,
}

impl EmbedConfig {
    /// The model of requests that name none.
    pub fn default_model(&self) -> &str {
        let of_provider = match self.provider {
            EmbedProvider::Hash => hash::MODEL,
            EmbedProvider::Ollama => ollama::DEFAULT_MODEL,
            EmbedProvider::OpenAi => self.openai.model.as_str(),
        };
        self.model
            .as_ref()
            .map_or(of_provider, NonEmptyText::as_str)
    }

    /// Checks the model against the provider.
    ///
    /// # Errors
    /// When the provider has no such model.
    pub fn check(&self) -> Result<(), RuleViolation> {
        if self.provider == EmbedProvider::Hash && self.default_model() != hash::MODEL {
            return Err(RuleViolation {
                key: "embed.model",
                must_be: "`hash-768` with the provider `hash`",
            });
        }
        Ok(())
    }
}

impl Default for EmbedConfig {
    fn default() -> Self {
        Self {
            provider: EmbedProvider::Hash,
            model: None,
            cache_bytes: CacheBytes::new(16 * 1024 * 1024),
            ollama: OllamaEmbedConfig::default(),
            openai: OpenAiEmbedConfig::default(),
        }
    }
}

impl Default for OllamaEmbedConfig {
    fn default() -> Self {
        Self {
            url: HttpUrl::local(11434),
            timeout_ms: Milliseconds::new(30_000),
        }
    }
}

impl Default for OpenAiEmbedConfig {
    fn default() -> Self {
        Self {
            url: HttpUrl::local(8000),
            model: NonEmptyText::new(openai::DEFAULT_MODEL),
            api_key: None,
            timeout_ms: Milliseconds::new(30_000),
        }
    }
}
