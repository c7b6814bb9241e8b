//! `[chat]`

use clap::ValueEnum;
use lakehouse_models::chat::ollama;
use serde::{Deserialize, Serialize};

use crate::config::{HttpUrl, Milliseconds};

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
    pub timeout_ms: Milliseconds,
}

/// The name of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum ChatProvider {
    /// `[chat.ollama]`
    Ollama,
}

impl ChatProvider {
    /// Its name in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ollama => ollama::PROVIDER,
        }
    }
}

impl ChatConfig {
    /// Whether the provider's table is there.
    pub fn has(&self, provider: ChatProvider) -> bool {
        match provider {
            ChatProvider::Ollama => self.ollama.is_some(),
        }
    }
}

impl Default for OllamaChatConfig {
    fn default() -> Self {
        Self {
            url: HttpUrl::local(11434),
            timeout_ms: Milliseconds::new(120_000),
        }
    }
}
