//! `[matrix]`

mod understand;

pub use understand::{UnderstandConfig, Used};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{
    config::{CacheBytes, MustBe, NonEmptyPath, NonEmptyText, Raw, RuleViolation, choice},
    services::chat::config::{ChatConfig, ChatProvider},
};

/// `[matrix]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatrixConfig {
    /// `matrix.judge`: what decides whether an answer from the playbook is injected, by default
    /// `rules`.
    #[serde(deserialize_with = "choice")]
    pub judge: Judge,
    /// `matrix.role_reader`: what reads the role of a text in which the rules find none, by
    /// default `none`.
    #[serde(deserialize_with = "choice")]
    pub role_reader: RoleReader,
    /// `matrix.chat_provider`: the provider for the keys above that choose `chat`, by default
    /// `ollama`; it needs its table, `[chat.ollama]`.
    #[serde(deserialize_with = "choice")]
    pub chat_provider: ChatProvider,
    /// `matrix.chat_model`: its model; required when a key above chooses `chat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_model: Option<NonEmptyText>,
    /// `matrix.playbook_distance`: the largest distance from a query at which a recording is
    /// considered, by default 0.6.
    pub playbook_distance: PlaybookDistance,
    /// `matrix.playbook_half_life_days`: the age in days at which a score counts half, by default
    /// 180.
    pub playbook_half_life_days: HalfLifeDays,
    /// `matrix.lexicon`: a file with more words by which queries are understood, in the form of
    /// `fixtures/lexicon/*.toml`; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lexicon: Option<NonEmptyPath>,
    /// `matrix.cache_bytes`: the memory for answers to searches of corpora, which are kept until
    /// the corpus changes, by default 32 MiB; 0 turns it off.
    pub cache_bytes: CacheBytes,
    /// `[matrix.understand]`
    pub understand: UnderstandConfig,
}

/// What decides whether an answer is injected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum Judge {
    /// Role, city and availability.
    Rules,
    /// A language model.
    Chat,
}

/// What reads a role where the rules find none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum RoleReader {
    /// Nothing.
    None,
    /// A language model.
    Chat,
}

/// A distance from 0 to 2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct PlaybookDistance(f64);

/// A number of days above 0, at most a hundred years.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct HalfLifeDays(f64);

impl MatrixConfig {
    /// Checks that a chat model is configured wherever one is chosen.
    ///
    /// # Errors
    /// The first key that chooses a chat model that is not configured.
    pub fn check(&self, chat: &ChatConfig) -> Result<(), RuleViolation> {
        let may_chat = chat.has(self.chat_provider) && self.chat_model.is_some();
        if self.judge == Judge::Chat && !may_chat {
            return Err(RuleViolation {
                key: "matrix.judge",
                must_be: "`rules`; `chat` needs `matrix.chat_model` and the provider's table \
                          such as `[chat.ollama]`",
            });
        }
        if self.role_reader == RoleReader::Chat && !may_chat {
            return Err(RuleViolation {
                key: "matrix.role_reader",
                must_be: "`none`; `chat` needs `matrix.chat_model` and the provider's table \
                          such as `[chat.ollama]`",
            });
        }
        Ok(())
    }
}

impl PlaybookDistance {
    /// The distance.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<Raw> for PlaybookDistance {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        let distance = raw
            .as_number()
            .filter(|number| (0.0..=2.0).contains(number));
        let distance = distance.map(Self);
        distance.ok_or("a number from 0 to 2".into())
    }
}

impl HalfLifeDays {
    /// The number of days.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<Raw> for HalfLifeDays {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        let days = raw.as_number();
        let days = days.filter(|days| *days > 0.0 && *days <= 36_500.0);
        let must_be = "a number of days above 0, at most 36500";
        days.map(Self).ok_or(must_be.into())
    }
}

impl Default for MatrixConfig {
    fn default() -> Self {
        Self {
            judge: Judge::Rules,
            role_reader: RoleReader::None,
            chat_provider: ChatProvider::Ollama,
            chat_model: None,
            playbook_distance: PlaybookDistance(0.6),
            playbook_half_life_days: HalfLifeDays(180.0),
            lexicon: None,
            cache_bytes: CacheBytes::new(32 * 1024 * 1024),
            understand: UnderstandConfig::default(),
        }
    }
}
