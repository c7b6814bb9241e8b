//! Indexes, searches and writes. The latter two are counted for every service that has its items
//! in indexes.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use ::metrics::{Counter, counter, describe_counter, describe_gauge, gauge};
use lakehouse_vector::{IndexName, IndexStats};

use crate::http::metrics::Metrics;

const SEARCHES: &str = "lakehouse_searches_total";
const ITEMS_WRITTEN: &str = "lakehouse_items_written_total";
const INDEXES: &str = "lakehouse_indexes";
const DAMAGED: &str = "lakehouse_index_damaged";
const ITEMS: &str = "lakehouse_index_items";
const TOMBSTONES: &str = "lakehouse_index_tombstones";
const OWNED_BYTES: &str = "lakehouse_index_owned_bytes";
const MAPPED_BYTES: &str = "lakehouse_index_mapped_bytes";
const LOG_BYTES: &str = "lakehouse_index_log_bytes";

/// Counts searches that were answered, by the surface that they came through.
pub(crate) fn searches(metrics: &Metrics, surface: &'static str) -> Counter {
    metrics.with(|| counter!(SEARCHES, "surface" => surface))
}

/// Counts items whose write was acknowledged.
pub(crate) struct ItemsWritten {
    upserted: Counter,
    deleted: Counter,
}

impl ItemsWritten {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        metrics.with(|| Self {
            upserted: counter!(ITEMS_WRITTEN, "change" => "upserted"),
            deleted: counter!(ITEMS_WRITTEN, "change" => "deleted"),
        })
    }

    /// Items that were added or replaced.
    pub(crate) fn upserted(&self, count: usize) {
        self.upserted.increment(count as u64);
    }

    /// Items that were removed.
    pub(crate) fn deleted(&self, count: usize) {
        self.deleted.increment(count as u64);
    }
}

pub(super) fn describe() {
    describe_counter!(SEARCHES, "Searches answered.");
    describe_counter!(
        ITEMS_WRITTEN,
        "Items written to indexes or deleted from them."
    );
    describe_gauge!(INDEXES, "Indexes.");
    describe_gauge!(
        DAMAGED,
        "1 for an index that is not served because its files are damaged."
    );
    describe_gauge!(ITEMS, "Items in all indexes.");
    describe_gauge!(
        TOMBSTONES,
        "Rows of deleted or replaced items that the indexes still have."
    );
    describe_gauge!(OWNED_BYTES, "Bytes of memory that the indexes use.");
    describe_gauge!(
        MAPPED_BYTES,
        "Bytes of index files that are mapped or read row by row."
    );
    describe_gauge!(
        LOG_BYTES,
        "Bytes of log entries that no snapshot contains yet."
    );
}

/// The gauges of damaged indexes, by name.
#[derive(Default)]
pub(super) struct DamagedIndexes(Mutex<BTreeSet<IndexName>>);

impl DamagedIndexes {
    /// Sets those of indexes that are damaged now to 1, and those that were before to 0.
    pub(super) fn set(&self, damaged: impl Iterator<Item = IndexName>) {
        let gauge = |name: &IndexName| gauge!(DAMAGED, "index" => name.as_str().to_owned());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().for_each(|name| gauge(name).set(0.0));
        for name in damaged {
            gauge(&name).set(1.0);
            known.insert(name);
        }
    }
}

pub(super) fn set(indexes: &[IndexStats]) {
    let sum = |figure: fn(&IndexStats) -> u64| indexes.iter().map(figure).sum::<u64>() as f64;
    gauge!(INDEXES).set(indexes.len() as f64);
    gauge!(ITEMS).set(sum(|stats| stats.items as u64));
    gauge!(TOMBSTONES).set(sum(|stats| stats.tombstones as u64));
    gauge!(OWNED_BYTES).set(sum(|stats| stats.owned_bytes as u64));
    gauge!(MAPPED_BYTES).set(sum(|stats| stats.mapped_bytes as u64));
    gauge!(LOG_BYTES).set(sum(|stats| stats.wal_bytes));
}
