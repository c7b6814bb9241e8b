//! The roles of queries and recordings. A recording for one role never changes the ranking of a query
//! about another (`playbook.md`, "The role").
//!
//! - [`RoleKey`]: the normalized form of a role.
//! - [`LexiconWords`]: which words the lexicon has for one role or place.
//! - [`KnownTerms`]: the roles and cities of the documents of all corpora, and learned synonyms.
//! - [`Reading`]: the role and the [`Places`] that the rules read in a text of one of four styles.
//! - [`RoleReader`]: asks a chat model for the role if the rules find none.

mod extract;
mod find_places;
mod find_unknown;
mod key;
mod known;
mod lexicon_words;
mod lists;
mod places;
mod reader;
mod text;
mod words;

pub use extract::{Reading, RoleMatch};
pub use key::{RoleKey, city_key};
pub use known::KnownTerms;
pub use lexicon_words::LexiconWords;
pub use places::Places;
pub use reader::RoleReader;
pub(crate) use reader::{deterministic_options, task_messages};

/// The role of a query or a recording, and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRole {
    /// The role, if there is one.
    pub key: Option<RoleKey>,
    /// Its source.
    pub source: RoleSource,
}

/// The source of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleSource {
    /// The request names it.
    Request,
    /// The rules or a model found it in the text.
    Text,
    /// There is no role.
    None,
}

impl FoundRole {
    /// No role.
    pub const NONE: Self = Self {
        key: None,
        source: RoleSource::None,
    };

    /// A role and its source.
    pub fn new(key: RoleKey, source: RoleSource) -> Self {
        Self {
            key: Some(key),
            source,
        }
    }
}

impl RoleSource {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Text => "text",
            Self::None => "none",
        }
    }
}
