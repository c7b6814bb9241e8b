//! The matrix: corpora of documents (`matrix_search.md`) and a playbook of earlier answers
//! (`playbook.md`).
//!
//! A corpus is an index of the vector engine whose space is the model that embeds its documents.

use std::sync::Arc;

use lakehouse_base::Clock;
use lakehouse_understand::Dictionary;
use lakehouse_vector::{Engine, EngineOptions};

use crate::{
    judge::Judge,
    known_cache::KnownCache,
    names::PLAYBOOK_INDEX,
    playbook::{self, Memory, PlaybookConfig},
    role::{LexiconWords, RoleReader},
    search_cache::SearchCache,
    vocabulary_cache::VocabularyCache,
};
use lakehouse_models::embed::{CacheStats, Embedders};

/// Corpora, their search, and the playbook.
pub struct Matrix {
    pub(crate) parts: MatrixParts,
    pub(crate) memory: Memory,
    pub(crate) searches: SearchCache,
    pub(crate) known: Arc<KnownCache>,
    pub(crate) vocabularies: Arc<VocabularyCache>,
}

/// The services and settings of a [`Matrix`].
pub struct MatrixParts {
    /// The engine with the indexes of the corpora and of the recordings.
    pub engine: Arc<Engine>,
    /// The embedders for documents and queries.
    pub embedders: Embedders,
    /// The clock that determines the age of recordings.
    pub clock: Arc<dyn Clock>,
    /// The judge of injections; [`Rules`](crate::judge::Rules) need no model.
    pub judge: Arc<dyn Judge>,
    /// Reads the role of a query if the rules find none.
    pub role_reader: Option<RoleReader>,
    /// The settings of the playbook.
    pub config: PlaybookConfig,
    /// The words by which queries are understood, and the parts of the understanding that are used.
    pub dictionary: Arc<Dictionary>,
    /// Whether understood queries look up people by id, e-mail address, phone number and name.
    pub looks_up: bool,
    /// The size of the cache of search results; 0 disables it.
    pub cache_bytes: u64,
}

impl Matrix {
    /// Sets the options of the index of recordings, before the engine is opened. Every search with the
    /// playbook searches it, so it gets a graph at a smaller size than other indexes.
    pub fn configure(engine: &mut EngineOptions) {
        let exact_up_to = &mut engine.exact_up_to_of;
        exact_up_to.insert(PLAYBOOK_INDEX.into(), playbook::EXACT_UP_TO);
    }

    /// A matrix over the indexes of an engine.
    pub fn new(parts: MatrixParts) -> Self {
        let words = LexiconWords::new(parts.dictionary.lexicon());
        Self {
            memory: Memory::new(Arc::clone(&parts.engine), parts.embedders.clone()),
            known: Arc::new(KnownCache::new(Arc::new(words))),
            vocabularies: Arc::new(VocabularyCache::new(Arc::clone(&parts.dictionary))),
            searches: SearchCache::new(parts.cache_bytes),
            parts,
        }
    }

    /// The statistics of the cache of search results.
    pub fn cache_stats(&self) -> CacheStats {
        self.searches.stats()
    }
}
