//! What searches of corpora found, to answer the same question again while the corpus is the same.
//!
//! Ids and distances are kept, and the version of the index that was searched. An answer of
//! another version than the index now has is passed over, so that every search sees every write
//! that was acknowledged before it. The metadata are read anew: they are most of an answer's bytes,
//! and cost little.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lakehouse_vector::{Hit, Index};
use quick_cache::{Equivalent, Weighter, sync::Cache};

use crate::CacheStats;

/// What an answer takes besides its texts: headers of allocations, and slots in the tables.
const ENTRY_OVERHEAD_BYTES: usize = 192;
/// An answer of ten ids; only a hint for the size of the tables.
const TYPICAL_ENTRY_BYTES: u64 = 768;

/// The answers, bounded in bytes.
pub(super) struct FoundCache {
    answers: Cache<Key, Arc<Found>, InBytes>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// A search of one corpus that nothing narrows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Question<'a> {
    /// The index's own number.
    pub(super) index: u128,
    /// The query, which the corpus's model embeds the same way each time.
    pub(super) text: &'a str,
    /// The most hits that are wanted.
    pub(super) k: usize,
}

struct Found {
    version: u64,
    hits: Vec<(Box<str>, f32)>,
}

impl FoundCache {
    /// A cache of at most `capacity_bytes`; 0 keeps nothing.
    pub(super) fn new(capacity_bytes: u64) -> Self {
        let entries = (capacity_bytes / TYPICAL_ENTRY_BYTES).max(1);
        Self {
            answers: Cache::with_weighter(entries as usize, capacity_bytes, InBytes),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// What the question found when it was asked of the index as it is now.
    pub(super) fn get(&self, question: &Question<'_>, index: &Index) -> Option<Vec<Hit>> {
        let found = self.answers.get(question);
        let hits = found.and_then(|found| {
            let hits = found.hits.iter().map(|(id, distance)| (&**id, *distance));
            index.hits_at(found.version, hits)
        });
        let count = if hits.is_some() {
            &self.hits
        } else {
            &self.misses
        };
        count.fetch_add(1, Ordering::Relaxed);
        hits
    }

    /// Keeps what a question found at a version of its index.
    pub(super) fn keep(&self, question: &Question<'_>, version: u64, hits: &[Hit]) {
        let hits = hits.iter().map(|hit| (hit.id.clone(), hit.distance));
        let found = Found {
            version,
            hits: hits.collect(),
        };
        self.answers.insert(question.to_key(), Arc::new(found));
    }

    /// What it has done and holds.
    pub(super) fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.answers.weight(),
            entries: self.answers.len() as u64,
        }
    }
}

#[derive(Clone)]
struct Key {
    index: u128,
    text: Box<str>,
    k: usize,
}

impl Question<'_> {
    fn to_key(self) -> Key {
        Key {
            index: self.index,
            text: self.text.into(),
            k: self.k,
        }
    }
}

impl Key {
    fn borrowed(&self) -> Question<'_> {
        Question {
            index: self.index,
            text: &self.text,
            k: self.k,
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.borrowed() == other.borrowed()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.borrowed().hash(state);
    }
}

impl Equivalent<Key> for Question<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.borrowed()
    }
}

#[derive(Clone)]
struct InBytes;

impl Weighter<Key, Arc<Found>> for InBytes {
    fn weight(&self, key: &Key, found: &Arc<Found>) -> u64 {
        let hits = found.hits.iter();
        let hits: usize = hits
            .map(|(id, _)| id.len() + size_of::<(Box<str>, f32)>())
            .sum();
        (key.text.len() + hits + ENTRY_OVERHEAD_BYTES) as u64
    }
}
