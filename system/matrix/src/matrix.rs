//! Corpora of documents, searched several at once by what a coordinator says
//! (`matrix_search.md`), and what was learned from earlier answers (`playbook.md`).
//!
//! [`Matrix`] is what a server holds. A corpus is an index of the vector engine whose space is
//! the model that embeds its documents.

use std::sync::Arc;

use lakehouse_base::Clock;
use lakehouse_vector::{Engine, EngineOptions};

use crate::{
    found_cache::FoundCache,
    judge::Judge,
    known_cache::KnownCache,
    names::PLAYBOOK_INDEX,
    playbook::{self, Memory, PlaybookConfig},
    role::RoleReader,
};
use lakehouse_models::embed::{CacheStats, Embedders};

/// Corpora, their search, and the playbook.
pub struct Matrix {
    pub(crate) parts: MatrixParts,
    pub(crate) memory: Memory,
    pub(crate) found: FoundCache,
    pub(crate) known: Arc<KnownCache>,
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
        exact_up_to.insert(PLAYBOOK_INDEX.into(), playbook::EXACT_UP_TO);
    }

    /// A matrix over the indexes that the engine has.
    pub fn new(parts: MatrixParts) -> Self {
        Self {
            memory: Memory::new(Arc::clone(&parts.engine), parts.embedders.clone()),
            known: Arc::default(),
            found: FoundCache::new(parts.cache_bytes),
            parts,
        }
    }

    /// What the cache of answers has done and holds.
    pub fn cache_stats(&self) -> CacheStats {
        self.found.stats()
    }
}
