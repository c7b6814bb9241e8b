//! The tables of what is kept and searched: `[store]`, `[vectors]` and `[matrix]`.

use serde::{Deserialize, Serialize};

/// `[store]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// `store.url`: where snapshots are kept, `file:///…` or `memory://`, by default the folder
    /// `store` below `data.root`. The logs of what was written since are always below
    /// `data.root`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `[vectors]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VectorsConfig {
    /// `vectors.graph`: what large indexes are searched with, by default `flat`.
    pub graph: Graph,
    /// `vectors.save_interval_ms`: how long an index that is written to waits at least from one
    /// snapshot to the next, by default 60000. What was acknowledged is in its log meanwhile.
    pub save_interval_ms: u64,
}

/// What large indexes are searched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Graph {
    /// The built-in graph.
    Flat,
    /// The library of that name.
    HnswRs,
}

/// `[matrix]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatrixConfig {
    /// `matrix.judge`: who decides whether an answer from the playbook comes in, by default
    /// `rules`.
    pub judge: Judge,
    /// `matrix.role_reader`: who is asked for the role of a text that the rules tell none of, by
    /// default `none`.
    pub role_reader: RoleReader,
    /// `matrix.chat_provider`: who is asked where `chat` is chosen above, by default `ollama`;
    /// its table, `[chat.ollama]`, has to be there then.
    pub chat_provider: ChatProvider,
    /// `matrix.chat_model`: which of its models; needed where `chat` is chosen above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_model: Option<String>,
    /// `matrix.playbook_distance`: how near a recording must be to a query to be considered, by
    /// default 0.6.
    pub playbook_distance: f32,
    /// `matrix.playbook_half_life_days`: after how many days a score counts half, by default 180.
    pub playbook_half_life_days: f64,
    /// `matrix.cache_bytes`: how much memory the answers to searches of corpora may take that are
    /// kept until the corpus changes, by default 32 MiB; 0 keeps none.
    pub cache_bytes: u64,
}

/// Who decides whether an answer comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judge {
    /// Role, city and availability.
    Rules,
    /// A language model.
    Chat,
}

/// Who reads a role where the rules tell none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleReader {
    /// Nobody.
    None,
    /// A language model.
    Chat,
}

/// A provider of chat models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatProvider {
    /// `[chat.ollama]`
    Ollama,
}

impl ChatProvider {
    /// Its name in requests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ollama => lakehouse_models::chat::ollama::PROVIDER,
        }
    }
}

impl Default for VectorsConfig {
    fn default() -> Self {
        Self {
            graph: Graph::Flat,
            save_interval_ms: 60_000,
        }
    }
}

impl Default for MatrixConfig {
    fn default() -> Self {
        Self {
            judge: Judge::Rules,
            role_reader: RoleReader::None,
            chat_provider: ChatProvider::Ollama,
            chat_model: None,
            playbook_distance: 0.6,
            playbook_half_life_days: 180.0,
            cache_bytes: 32 * 1024 * 1024,
        }
    }
}
