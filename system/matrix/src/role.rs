//! Which role a query or a recording is about, so that what was learned of one role never moves
//! the answers for another (`playbook.md`, "The role").
//!
//! - [`RoleKey`]: a role in the one spelling in which roles are compared.
//! - [`Known`]: the roles and cities that the documents of the corpora name.
//! - [`read_role`]: the role that a text tells, in whichever of four styles it is written.
//! - [`RoleReader`]: a chat model that is asked when the text does not tell.

mod extract;
mod key;
mod known;
mod reader;

pub(crate) use extract::read_role_of_words;
pub use extract::{RoleMatch, read_role};
pub use key::{RoleKey, city_key};
pub use known::Known;
pub use reader::RoleReader;
pub(crate) use reader::{steady, task};

/// The role of a query or a recording, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRole {
    /// The role, if there is one.
    pub key: Option<RoleKey>,
    /// Where it comes from.
    pub source: RoleSource,
}

/// Where a role comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleSource {
    /// The request names it.
    Request,
    /// The text tells it, to the rules or to a model.
    Text,
    /// There is none.
    None,
}

impl FoundRole {
    /// No role.
    pub const NONE: Self = Self {
        key: None,
        source: RoleSource::None,
    };

    /// A role and where it comes from.
    pub fn new(key: RoleKey, source: RoleSource) -> Self {
        Self {
            key: Some(key),
            source,
        }
    }
}

impl RoleSource {
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Text => "text",
            Self::None => "none",
        }
    }
}
