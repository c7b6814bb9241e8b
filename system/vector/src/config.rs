//! What an index is made with, and what an engine is opened with.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use lakehouse_nearest::{GraphKind, Metric};
use lakehouse_store::Store;

use crate::words::Word;

/// What an index is made with; it never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexConfig {
    /// How many components a vector has, 1 to 4096.
    pub dimension: usize,
    /// How distances are measured.
    pub distance: Metric,
    /// The embedding space that the vectors are of, when that is known.
    pub space: Option<String>,
}

impl IndexConfig {
    /// The largest dimension.
    pub const MAX_DIMENSION: usize = 4096;

    /// The contract's word for the distance: `cosine`, `euclidean` or `dot`.
    pub fn distance_name(&self) -> &'static str {
        self.distance.word()
    }
}

/// What an engine is opened with.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The folder of the write-ahead logs; one process at a time.
    pub root: PathBuf,
    /// Where snapshots are kept.
    pub store: Store,
    /// Which graph large indexes get. Default: [`GraphKind::Flat`].
    pub graph: GraphKind,
    /// The most items for which no graph is built, and every search is exact. Default: 20,000.
    pub exact_up_to: usize,
    /// The same for single indexes, by name: what nearly every request searches is better off
    /// with a graph sooner. Default: none.
    pub exact_up_to_of: BTreeMap<Box<str>, usize>,
    /// How many items may be outside the graph before they are folded into it. Default: 4,000.
    pub delta_max: usize,
    /// The share of slots without a live item at which an index without a graph is rewritten.
    /// Default: 0.2: searches read the dead rows with the others.
    pub tombstone_share: f64,
    /// The same for an index with a graph, which is then built anew. Default: 0.5, at which
    /// an item that was replaced costs one row inserted.
    pub tombstone_share_of_graph: f64,
    /// How many bytes of log make a snapshot worth writing. Default: 64 MiB.
    pub save_log_bytes: u64,
    /// The least time between two snapshots that nobody asked for. Default: one minute.
    pub save_every: Duration,
    /// How long an index must be without writes before its delta is folded in early.
    /// Default: two seconds.
    pub idle: Duration,
    /// How many writes may wait for the log. Default: 256.
    pub queue: usize,
    /// How many threads run searches of many rows. Default: one for each processor.
    pub pool_threads: usize,
}

impl EngineOptions {
    /// The defaults, with the write-ahead logs below `root` and the snapshots in `store`.
    pub fn new(root: impl Into<PathBuf>, store: Store) -> Self {
        Self {
            root: root.into(),
            store,
            graph: GraphKind::Flat,
            exact_up_to: 20_000,
            exact_up_to_of: BTreeMap::new(),
            delta_max: 4_000,
            tombstone_share: 0.2,
            tombstone_share_of_graph: 0.5,
            save_log_bytes: 64 << 20,
            save_every: Duration::from_secs(60),
            idle: Duration::from_secs(2),
            queue: 256,
            pool_threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
