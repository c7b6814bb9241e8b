//! Judges, which decide whether a recorded answer may be added to the hits of a search.

mod chat;
mod rules;

use async_trait::async_trait;
use lakehouse_vector::{Metadata, Scalar};

use crate::{
    playbook::Reason,
    role::{KnownTerms, RoleKey},
};

pub use chat::ChatJudge;
pub use rules::Rules;

/// The answer of a recording, proposed for a query about the same role.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    /// The query.
    pub query_text: &'a str,
    /// The query's role.
    pub role: &'a RoleKey,
    /// The roles that documents have.
    pub known: &'a KnownTerms,
    /// The document's text, if it has one.
    pub text: Option<&'a str>,
    /// The document's metadata.
    pub metadata: &'a Metadata,
}

/// Decides on proposed documents.
#[async_trait]
pub trait Judge: Send + Sync {
    /// Accepts or rejects the document.
    ///
    /// # Errors
    /// One of [`Reason`]'s `Judge…` if it is rejected, as it is if the judge cannot decide.
    async fn judge(&self, proposal: Proposal<'_>) -> Result<(), Reason>;
}

/// Whether a document says that it is not available.
pub(crate) fn is_unavailable(document: &Metadata) -> bool {
    document.get("available") == Some(Scalar::Bool(false))
}
