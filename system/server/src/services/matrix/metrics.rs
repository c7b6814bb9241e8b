//! The cache of answers to searches.

use lakehouse_models::embed::CacheStats;
use metrics::{counter, describe_counter, describe_gauge, gauge};

const HITS: &str = "lakehouse_search_cache_hits_total";
const MISSES: &str = "lakehouse_search_cache_misses_total";
const BYTES: &str = "lakehouse_search_cache_bytes";
const ENTRIES: &str = "lakehouse_search_cache_entries";

pub(super) fn describe() {
    describe_counter!(HITS, "Searches of a corpus whose answer was in the cache.");
    describe_counter!(
        MISSES,
        "Searches of a corpus whose answer was not in the cache, or out of date."
    );
    describe_gauge!(BYTES, "Bytes in the cache of answers.");
    describe_gauge!(ENTRIES, "Answers in the cache.");
}

pub(super) fn set(stats: CacheStats) {
    counter!(HITS).absolute(stats.hits);
    counter!(MISSES).absolute(stats.misses);
    gauge!(BYTES).set(stats.bytes as f64);
    gauge!(ENTRIES).set(stats.entries as f64);
}
