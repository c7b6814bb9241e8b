//! A cache of search results, by query and corpus.
//!
//! An entry holds the rows that were found, and the version of the index. It is only used while the
//! index has that version, so every search sees every write that was acknowledged before it. The
//! contents of the rows are not cached: they would be most of an entry, and are cheap to read.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lakehouse_vector::{Filter, Found, Hit, Index};
use quick_cache::{Equivalent, Weighter, sync::Cache};

use lakehouse_models::embed::CacheStats;

/// The memory of an entry besides its key and its rows: allocation headers, and slots in the cache's
/// tables.
const ENTRY_OVERHEAD_BYTES: usize = 128;
/// The size of an entry with ten rows; a hint for the size of the tables.
const TYPICAL_ENTRY_BYTES: u64 = 512;

/// The cache, bounded in bytes.
pub(crate) struct SearchCache {
    entries: Cache<Key, Arc<Found>, InBytes>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Everything that a corpus's result depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyRef<'a> {
    /// The index's unique number.
    pub(crate) index: u128,
    /// The query, which the corpus's model always embeds alike.
    pub(crate) text: &'a str,
    pub(crate) k: usize,
    pub(crate) filter: Option<&'a Filter>,
    pub(crate) tiers: &'a [&'a Filter],
    pub(crate) exclude_ids: &'a [&'a str],
    /// The bits of the largest distance.
    pub(crate) max_distance: Option<u64>,
}

impl SearchCache {
    /// A cache of at most `capacity_bytes`; one of 0 bytes keeps nothing.
    pub(crate) fn new(capacity_bytes: u64) -> Self {
        let entries = (capacity_bytes / TYPICAL_ENTRY_BYTES).max(1);
        Self {
            entries: Cache::with_weighter(entries as usize, capacity_bytes, InBytes),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The cached hits, if they are those of the index's current version.
    pub(crate) fn get(&self, key: &KeyRef<'_>, index: &Index) -> Option<Vec<Hit>> {
        let found = self.entries.get(key);
        let hits = found.and_then(|found| index.hits_of(&found));
        let counter = if hits.is_some() {
            &self.hits
        } else {
            &self.misses
        };
        counter.fetch_add(1, Ordering::Relaxed);
        hits
    }

    /// Caches a result.
    pub(crate) fn insert(&self, key: &KeyRef<'_>, found: Found) {
        self.entries.insert(key.to_key(), Arc::new(found));
    }

    /// The statistics so far.
    pub(crate) fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.entries.weight(),
            entries: self.entries.len() as u64,
        }
    }
}

#[derive(Clone, PartialEq, Eq)]
struct Key {
    index: u128,
    text: Box<str>,
    k: usize,
    filter: Option<Filter>,
    tiers: Box<[Filter]>,
    exclude_ids: Box<[Box<str>]>,
    max_distance: Option<u64>,
}

impl KeyRef<'_> {
    fn to_key(self) -> Key {
        Key {
            index: self.index,
            text: self.text.into(),
            k: self.k,
            filter: self.filter.cloned(),
            tiers: self.tiers.iter().copied().cloned().collect(),
            exclude_ids: self.exclude_ids.iter().map(|&id| id.into()).collect(),
            max_distance: self.max_distance,
        }
    }
}

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.index, self.text, self.k, self.filter).hash(state);
        self.tiers.iter().for_each(|tier| tier.hash(state));
        self.exclude_ids.iter().for_each(|id| id.hash(state));
        self.max_distance.hash(state);
    }
}

/// Equal to the hash of a [`KeyRef`].
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.index, &self.text, self.k, &self.filter).hash(state);
        self.tiers.iter().for_each(|tier| tier.hash(state));
        self.exclude_ids.iter().for_each(|id| id.hash(state));
        self.max_distance.hash(state);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        let excluded = key.exclude_ids.iter().map(|id| &**id);
        self.index == key.index
            && self.text == &*key.text
            && self.k == key.k
            && self.filter == key.filter.as_ref()
            && self.tiers.iter().copied().eq(&key.tiers)
            && self.exclude_ids.iter().copied().eq(excluded)
            && self.max_distance == key.max_distance
    }
}

#[derive(Clone)]
struct InBytes;

impl Weighter<Key, Arc<Found>> for InBytes {
    fn weight(&self, key: &Key, found: &Arc<Found>) -> u64 {
        let excluded = key.exclude_ids.iter();
        let excluded = excluded.map(|id| id.len() + size_of::<Box<str>>());
        let filters = key.filter.iter().chain(&key.tiers).map(Filter::bytes);
        let key = key.text.len() + filters.sum::<usize>() + excluded.sum::<usize>();
        (key + found.bytes() + ENTRY_OVERHEAD_BYTES) as u64
    }
}
