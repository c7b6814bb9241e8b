//! What searches of corpora found, to answer the same question again while the corpus is the same.
//!
//! Which rows were found is kept, and of which version of the index. An answer of another version
//! than the index now has is passed over, so that every search sees every write that was
//! acknowledged before it. What the rows hold is read anew: it would be most of an answer's bytes,
//! and costs little.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lakehouse_vector::{Filter, Found, Hit, Index};
use quick_cache::{Equivalent, Weighter, sync::Cache};

use crate::query::MatrixQuery;
use lakehouse_models::embed::CacheStats;

/// What an entry takes besides its question and its answer: headers of allocations, and slots in
/// the tables.
const ENTRY_OVERHEAD_BYTES: usize = 128;
/// An answer of ten; only a hint for the size of the tables.
const TYPICAL_ENTRY_BYTES: u64 = 512;

/// The answers, bounded in bytes.
pub(crate) struct FoundCache {
    answers: Cache<Key, Arc<Found>, InBytes>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// All that a corpus's answer depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The index's own number.
    index: u128,
    /// The query, which the corpus's model embeds the same way each time.
    text: &'a str,
    k: usize,
    filter: Option<&'a Filter>,
    exclude_ids: &'a [&'a str],
}

impl FoundCache {
    /// A cache of at most `capacity_bytes`; 0 keeps nothing.
    pub(crate) fn new(capacity_bytes: u64) -> Self {
        let entries = (capacity_bytes / TYPICAL_ENTRY_BYTES).max(1);
        Self {
            answers: Cache::with_weighter(entries as usize, capacity_bytes, InBytes),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// What the question found when it was asked of the index as it is now.
    pub(crate) fn get(&self, question: &Question<'_>, index: &Index) -> Option<Vec<Hit>> {
        let found = self.answers.get(question);
        let hits = found.and_then(|found| index.hits_of(&found));
        let count = if hits.is_some() {
            &self.hits
        } else {
            &self.misses
        };
        count.fetch_add(1, Ordering::Relaxed);
        hits
    }

    /// Keeps what a question found.
    pub(crate) fn keep(&self, question: &Question<'_>, found: Found) {
        self.answers.insert(question.to_key(), Arc::new(found));
    }

    /// What it has done and holds.
    pub(crate) fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.answers.weight(),
            entries: self.answers.len() as u64,
        }
    }
}

#[derive(Clone, PartialEq, Eq)]
struct Key {
    index: u128,
    text: Box<str>,
    k: usize,
    filter: Option<Filter>,
    exclude_ids: Box<[Box<str>]>,
}

impl<'a> Question<'a> {
    /// What a query asks of one index.
    pub(crate) fn of(query: &'a MatrixQuery<'_>, index: &Index) -> Self {
        Self {
            index: index.number(),
            text: query.query_text,
            k: query.k,
            filter: query.filter.as_ref(),
            exclude_ids: &query.exclude_ids,
        }
    }

    fn to_key(self) -> Key {
        Key {
            index: self.index,
            text: self.text.into(),
            k: self.k,
            filter: self.filter.cloned(),
            exclude_ids: self.exclude_ids.iter().map(|&id| id.into()).collect(),
        }
    }
}

impl Hash for Question<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.index, self.text, self.k, self.filter).hash(state);
        self.exclude_ids.iter().for_each(|id| id.hash(state));
    }
}

/// As a question's.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.index, &self.text, self.k, &self.filter).hash(state);
        self.exclude_ids.iter().for_each(|id| id.hash(state));
    }
}

impl Equivalent<Key> for Question<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        let excluded = key.exclude_ids.iter().map(|id| &**id);
        self.index == key.index
            && self.text == &*key.text
            && self.k == key.k
            && self.filter == key.filter.as_ref()
            && self.exclude_ids.iter().copied().eq(excluded)
    }
}

#[derive(Clone)]
struct InBytes;

impl Weighter<Key, Arc<Found>> for InBytes {
    fn weight(&self, key: &Key, found: &Arc<Found>) -> u64 {
        let excluded = key.exclude_ids.iter();
        let excluded = excluded.map(|id| id.len() + size_of::<Box<str>>());
        let filter = key.filter.as_ref().map_or(0, Filter::bytes);
        let question = key.text.len() + filter + excluded.sum::<usize>();
        (question + found.bytes() + ENTRY_OVERHEAD_BYTES) as u64
    }
}
