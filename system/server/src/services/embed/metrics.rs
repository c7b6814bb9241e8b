//! The cache of vectors.

use lakehouse_models::embed::CacheStats;
use metrics::{counter, describe_counter, describe_gauge, gauge};

const HITS: &str = "lakehouse_embed_cache_hits_total";
const MISSES: &str = "lakehouse_embed_cache_misses_total";
const BYTES: &str = "lakehouse_embed_cache_bytes";
const ENTRIES: &str = "lakehouse_embed_cache_entries";

pub(super) fn describe() {
    describe_counter!(HITS, "Texts whose vector was in the cache.");
    describe_counter!(MISSES, "Texts whose vector was not in the cache.");
    describe_gauge!(BYTES, "Bytes in the cache of vectors.");
    describe_gauge!(ENTRIES, "Vectors in the cache.");
}

pub(super) fn set(stats: CacheStats) {
    counter!(HITS).absolute(stats.hits);
    counter!(MISSES).absolute(stats.misses);
    gauge!(BYTES).set(stats.bytes as f64);
    gauge!(ENTRIES).set(stats.entries as f64);
}
