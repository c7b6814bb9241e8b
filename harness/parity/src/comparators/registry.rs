//! All comparators, by their names in `probe.toml`.

use std::sync::Arc;

use lakehouse_rig::error::Error;

use super::{Comparator, Settings, bytes, json, metrics, ranking, status, vectors};

/// The comparator of a probe that names none.
pub const DEFAULT: &str = "json";

/// One comparator.
#[derive(Debug)]
pub struct Entry {
    /// The value of `body`.
    pub name: &'static str,
    /// The keys of `[compare]` that it reads.
    pub keys: &'static [&'static str],
    /// Reads them.
    pub read: fn(&Settings<'_>) -> Result<Arc<dyn Comparator>, Error>,
}

/// All of them.
pub const ALL: &[Entry] = &[
    entry("bytes", &[], bytes::read),
    entry("json", &[], json::read),
    entry("vectors", vectors::KEYS, vectors::read),
    entry("ranking", ranking::KEYS, ranking::read),
    entry("metrics", metrics::KEYS, metrics::read),
    entry("status", &[], status::read),
];

const fn entry(
    name: &'static str,
    keys: &'static [&'static str],
    read: fn(&Settings<'_>) -> Result<Arc<dyn Comparator>, Error>,
) -> Entry {
    Entry { name, keys, read }
}
