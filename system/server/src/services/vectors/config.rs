//! `[vectors]`

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::config::{Milliseconds, choice};

/// `[vectors]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VectorsConfig {
    /// `vectors.graph`: what large indexes are searched with, by default `flat`.
    #[serde(deserialize_with = "choice")]
    pub graph: Graph,
    /// `vectors.save_interval_ms`: the shortest time between two snapshots of an index, by default
    /// 60000. The index's log has the writes that were acknowledged since the last one.
    pub save_interval_ms: Milliseconds,
}

/// What large indexes are searched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake")]
pub enum Graph {
    /// The built-in graph.
    Flat,
    /// The library of that name.
    HnswRs,
}

impl Default for VectorsConfig {
    fn default() -> Self {
        Self {
            graph: Graph::Flat,
            save_interval_ms: Milliseconds::new(60_000),
        }
    }
}
