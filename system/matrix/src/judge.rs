//! Who decides whether a remembered answer may come in where the search did not find it.

mod chat;
mod rules;

use std::collections::HashSet;

use async_trait::async_trait;
use lakehouse_vector::Metadata;

use crate::{playbook::Reason, role::RoleKey};

pub use chat::ChatJudge;
pub use rules::Rules;

/// A document that was once a good answer, proposed for a query about the same role.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    /// What is asked for.
    pub query_text: &'a str,
    /// The role that is asked for.
    pub role: &'a RoleKey,
    /// The keys of the cities that the query names.
    pub cities: &'a HashSet<String>,
    /// The document's text, if it has one.
    pub text: Option<&'a str>,
    /// The document's metadata.
    pub metadata: &'a Metadata,
}

/// Decides on documents that are proposed.
#[async_trait]
pub trait Judge: Send + Sync {
    /// Whether the document may come in.
    ///
    /// # Errors
    /// One of [`Reason`]'s `Judge…`: why it may not. A judge that cannot decide does not let it
    /// in.
    async fn judge(&self, proposal: Proposal<'_>) -> Result<(), Reason>;
}
