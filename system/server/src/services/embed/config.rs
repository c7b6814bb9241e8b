//! `[embed]`

use std::path::Path;

use clap::ValueEnum;
use lakehouse_models::embed::{hash, ollama, openai};
use serde::{Deserialize, Serialize};

use crate::config::{
    CacheBytes, HttpUrl, Milliseconds, NonEmptyPath, NonEmptyText, RuleViolation, Secret, choice,
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
    /// `[embed.local]`
    #[serde(skip_serializing_if = "LocalEmbedConfig::is_empty")]
    pub local: LocalEmbedConfig,
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
    /// A model in this process, read from a folder.
    Local,
    /// An Ollama server.
    Ollama,
    /// Any server with OpenAI's API for embeddings.
    OpenAi,
}

/// `[embed.local]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LocalEmbedConfig {
    /// `embed.local.folder`: the folder of the model, which the provider needs. Its last part is
    /// the provider's default model; `embed.model` overrides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<NonEmptyPath>,
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
            EmbedProvider::Local => self.local.name().unwrap_or_default(),
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
    /// When the provider has no such model, or no folder to read it from.
    pub fn check(&self) -> Result<(), RuleViolation> {
        let violation = |key, must_be| Err(RuleViolation { key, must_be });
        let is_hash = self.default_model() == hash::MODEL;
        match self.provider {
            EmbedProvider::Hash if !is_hash => {
                violation("embed.model", "`hash-768` with the provider `hash`")
            }
            EmbedProvider::Local if self.local.name().is_none() => violation(
                "embed.local.folder",
                "the folder of a model such as `models/minilm`, with the provider `local` \
                 (`cargo xtask model` makes one)",
            ),
            EmbedProvider::Local if is_hash => violation(
                "embed.model",
                "a name other than `hash-768`, the model of the provider `hash`",
            ),
            _ => Ok(()),
        }
    }
}

impl LocalEmbedConfig {
    /// The model's folder; of a checked configuration with this provider it is not empty.
    pub(super) fn folder(&self) -> &Path {
        self.folder.as_deref().unwrap_or(Path::new(""))
    }

    /// The last part of the folder's path.
    fn name(&self) -> Option<&str> {
        self.folder.as_ref()?.file_name()?.to_str()
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for EmbedConfig {
    fn default() -> Self {
        Self {
            provider: EmbedProvider::Hash,
            model: None,
            cache_bytes: CacheBytes::new(16 * 1024 * 1024),
            local: LocalEmbedConfig::default(),
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
