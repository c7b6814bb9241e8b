//! `[matrix]`

use serde::{Deserialize, Serialize};

use crate::services::chat::config::ChatProvider;

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
