//! Corpora of documents, searched several at once by what a coordinator says
//! (`matrix_search.md`), and what was learned from earlier answers (`playbook.md`).
//!
//! [`Matrix`] is what a server holds. A corpus is an index of the vector engine whose space is
//! the model that embeds its documents.

mod answer;
mod corpus;
mod documents;
mod error;
mod found;
mod known;
mod recordings;
mod search;

use std::sync::Arc;

use lakehouse_base::Clock;
use lakehouse_vector::{Engine, EngineOptions};

use crate::{
    judge::Judge,
    playbook::{self, Memory, PlaybookConfig},
    role::{Known, RoleReader},
};
use lakehouse_models::embed::{CacheStats, Embedders};

pub use answer::{Answer, CorpusReport, MatrixHit, PlaybookUse, Rejected, Shape, Why};
pub use corpus::{CorpusDescription, CorpusName};
pub use documents::{Document, EmptyText, Intake};
pub use error::{IntakeError, MatrixError};
pub use recordings::{NewRecording, Recorded};
pub use search::MatrixQuery;

/// Corpora, their search, and the playbook.
pub struct Matrix {
    parts: MatrixParts,
    memory: Memory,
    known: Arc<known::KnownCache>,
    found: found::FoundCache,
}

/// What a [`Matrix`] is made of.
pub struct MatrixParts {
    /// The engine, whose indexes are the corpora and the recordings.
    pub engine: Arc<Engine>,
    /// What embeds documents and queries.
    pub embedders: Embedders,
    /// What tells how old a recording is.
    pub clock: Arc<dyn Clock>,
    /// What decides on injections; [`Rules`](crate::judge::Rules) need no model.
    pub judge: Arc<dyn Judge>,
    /// What reads a role when the rules find none.
    pub role_reader: Option<RoleReader>,
    /// How much is remembered of what.
    pub config: PlaybookConfig,
    /// How much memory the answers may take that are kept for the same question; 0 keeps none.
    pub cache_bytes: u64,
}

impl Matrix {
    /// Sets the options of the index that a matrix keeps for itself, before an engine is opened
    /// for it: every question with the playbook is asked of the recordings, too, so they get a
    /// graph sooner than other indexes.
    pub fn configure(engine: &mut EngineOptions) {
        let exact_up_to = &mut engine.exact_up_to_of;
        exact_up_to.insert(playbook::INDEX.into(), playbook::EXACT_UP_TO);
    }

    /// A matrix over the indexes that the engine has.
    pub fn new(parts: MatrixParts) -> Self {
        Self {
            memory: Memory::new(Arc::clone(&parts.engine), parts.embedders.clone()),
            known: Arc::default(),
            found: found::FoundCache::new(parts.cache_bytes),
            parts,
        }
    }

    /// The roles and cities that the corpora name now.
    async fn known_now(&self) -> Arc<Known> {
        let pool = self.parts.engine.pool();
        self.known.read(self.all(), pool).await
    }

    /// What the cache of answers has done and holds.
    pub fn cache_stats(&self) -> CacheStats {
        self.found.stats()
    }
}
