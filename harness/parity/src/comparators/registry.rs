//! All comparators, by their names in `probe.toml`.

use std::sync::Arc;

use lakehouse_rig::error::Error;
use schemars::{JsonSchema as _, Schema, SchemaGenerator};

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
    /// The JSON Schema of its own keys, if it has any.
    pub schema: Option<fn(&mut SchemaGenerator) -> Schema>,
}

/// All of them.
pub const ALL: &[Entry] = &[
    plain("bytes", bytes::read),
    plain("json", json::read),
    Entry {
        name: "vectors",
        keys: vectors::KEYS,
        read: vectors::read,
        schema: Some(vectors::Written::json_schema),
    },
    Entry {
        name: "ranking",
        keys: ranking::KEYS,
        read: ranking::read,
        schema: Some(ranking::Written::json_schema),
    },
    Entry {
        name: "metrics",
        keys: metrics::KEYS,
        read: metrics::read,
        schema: Some(metrics::Written::json_schema),
    },
    plain("status", status::read),
];

/// A comparator without keys of its own.
const fn plain(
    name: &'static str,
    read: fn(&Settings<'_>) -> Result<Arc<dyn Comparator>, Error>,
) -> Entry {
    Entry {
        name,
        keys: &[],
        read,
        schema: None,
    }
}
