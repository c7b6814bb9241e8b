//! The configuration: what can be set, what it is by default, and where it is read from.
//!
//! In this order, the later ones winning: the defaults below; a TOML file (`--config FILE`, else
//! `lakehouse.toml` in the working directory when there is one); environment variables
//! `LAKEHOUSE_…` with two underscores between levels (`LAKEHOUSE_GATEWAY__BIND`); flags. A value
//! in the environment that looks like a number or a boolean is one; quote it to keep it text.
//!
//! An unknown key or a wrong value is a [`ConfigError`], which names the key, the value, what is
//! allowed and where it came from.

mod error;
mod load;
mod retrieval;
mod values;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

pub use self::{
    error::ConfigError,
    load::{Overrides, load},
    retrieval::{ChatProvider, Graph, Judge, MatrixConfig, RoleReader, StoreConfig, VectorsConfig},
    values::{HttpUrl, Secret},
};

/// Everything that can be set. Every key has a default that works offline, with no other program
/// running.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the public API listens.
    pub gateway: GatewayConfig,
    /// Where data is kept.
    pub data: DataConfig,
    /// Who turns texts into vectors.
    pub embed: EmbedConfig,
    /// Where snapshots are kept.
    pub store: StoreConfig,
    /// How vectors are searched and saved.
    pub vectors: VectorsConfig,
    /// How corpora are searched, and what the playbook may do.
    pub matrix: MatrixConfig,
    /// Who writes drafts.
    pub chat: ChatConfig,
    /// What drafts are checked against.
    pub validate: ValidateConfig,
    /// What one request, and all together, may take.
    pub limits: LimitsConfig,
    /// What is told on standard error.
    pub log: LogConfig,
}

/// `[gateway]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayConfig {
    /// `gateway.bind`, `--bind`: the loopback address and port to listen on, by default
    /// `127.0.0.1:3110`. Port 0 takes a free one, which is told when the server is ready.
    pub bind: SocketAddr,
}

/// `[data]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataConfig {
    /// `data.root`, `--data-root`: the folder below which everything is written, by default
    /// `./data`. It is made when it is first written to.
    pub root: PathBuf,
}

/// `[embed]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EmbedConfig {
    /// `embed.provider`: who is asked for every model but `hash-768`, by default `hash`.
    pub provider: EmbedProvider,
    /// `embed.model`: the model that is used when a request names none, by default the
    /// provider's own default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// `embed.cache_bytes`: how much memory the cache of vectors may take, by default 16 MiB;
    /// 0 keeps nothing.
    pub cache_bytes: u64,
    /// `[embed.ollama]`
    pub ollama: OllamaEmbedConfig,
    /// `[embed.openai]`
    pub openai: OpenAiEmbedConfig,
}

/// A provider of embeddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    pub timeout_ms: u64,
}

/// `[embed.openai]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpenAiEmbedConfig {
    /// `embed.openai.url`: without the `/v1` at its end, by default `http://127.0.0.1:8000`.
    pub url: HttpUrl,
    /// `embed.openai.model`: the provider's default model, by default
    /// `text-embedding-3-small`; `embed.model` comes before it.
    pub model: String,
    /// `embed.openai.api_key`: sent as a bearer token; by default none is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<Secret>,
    /// `embed.openai.timeout_ms`: how long a whole answer may take, by default 30000.
    pub timeout_ms: u64,
}

/// `[chat]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChatConfig {
    /// `[chat.ollama]`: by default absent, and so is the provider. Any of its keys, or the empty
    /// table, makes it available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ollama: Option<OllamaChatConfig>,
}

/// `[chat.ollama]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OllamaChatConfig {
    /// `chat.ollama.url`, by default `http://127.0.0.1:11434`.
    pub url: HttpUrl,
    /// `chat.ollama.timeout_ms`: how long a whole answer may take, by default 120000.
    pub timeout_ms: u64,
}

/// `[validate]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValidateConfig {
    /// `validate.roster`: the file of workers, by default none, and the roster is
    /// empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster: Option<PathBuf>,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// `limits.body_bytes`: the largest request body, by default 1048576.
    pub body_bytes: usize,
    /// `limits.request_timeout_ms`: how long a request may take, by default 600000. It has to
    /// leave an iterate run its calls, each of which has a limit of its own.
    pub request_timeout_ms: u64,
    /// `limits.concurrency`: how many requests are served at a time, by default 1024.
    /// Operational routes are not counted.
    pub concurrency: usize,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `log.format`, by default `text`.
    pub format: LogFormat,
    /// `log.filter`: what is told, by default `info`; the syntax is that of `tracing`'s
    /// `EnvFilter`, such as `lakehouse_server=debug`.
    pub filter: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl EmbedConfig {
    /// The model that is used when a request names none.
    pub fn default_model(&self) -> &str {
        let of_provider = match self.provider {
            EmbedProvider::Hash => lakehouse_models::embed::hash::MODEL,
            EmbedProvider::Ollama => lakehouse_models::embed::ollama::DEFAULT_MODEL,
            EmbedProvider::OpenAi => &self.openai.model,
        };
        self.model.as_deref().unwrap_or(of_provider)
    }
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            bind: (Ipv4Addr::LOCALHOST, 3110).into(),
        }
    }
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            root: "./data".into(),
        }
    }
}

impl Default for EmbedConfig {
    fn default() -> Self {
        Self {
            provider: EmbedProvider::Hash,
            model: None,
            cache_bytes: 16 * 1024 * 1024,
            ollama: OllamaEmbedConfig::default(),
            openai: OpenAiEmbedConfig::default(),
        }
    }
}

impl Default for OllamaEmbedConfig {
    fn default() -> Self {
        Self {
            url: HttpUrl::local(11434),
            timeout_ms: 30_000,
        }
    }
}

impl Default for OpenAiEmbedConfig {
    fn default() -> Self {
        Self {
            url: HttpUrl::local(8000),
            model: lakehouse_models::embed::openai::DEFAULT_MODEL.to_owned(),
            api_key: None,
            timeout_ms: 30_000,
        }
    }
}

impl Default for OllamaChatConfig {
    fn default() -> Self {
        Self {
            url: HttpUrl::local(11434),
            timeout_ms: 120_000,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            body_bytes: lakehouse_base::Limits::CONTRACT.body_bytes,
            request_timeout_ms: 600_000,
            concurrency: 1024,
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info".to_owned(),
        }
    }
}
