//! The configuration of an index and the options of an engine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use lakehouse_nearest::{GraphKind, Metric};
use lakehouse_store::Store;

use crate::words::Word;

/// The immutable configuration of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexConfig {
    /// The number of components of a vector, 1 to 4096.
    pub dimension: usize,
    /// The distance metric.
    pub distance: Metric,
    /// The embedding space of the vectors, if known.
    pub space: Option<String>,
}

impl IndexConfig {
    /// The largest dimension.
    pub const MAX_DIMENSION: usize = 4096;

    /// The contract's name of the metric: `cosine`, `euclidean` or `dot`.
    pub fn distance_name(&self) -> &'static str {
        self.distance.word()
    }
}

/// The options of an engine.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The folder of the write-ahead logs; only one process may use it at a time.
    pub root: PathBuf,
    /// The store for snapshots and manifests.
    pub store: Store,
    /// The graph implementation for large indexes. Default: [`GraphKind::Flat`].
    pub graph: GraphKind,
    /// The largest number of items that is searched exactly, without a graph. Default: 20,000.
    pub exact_up_to: usize,
    /// Overrides of `exact_up_to` by index name: an index that nearly every request searches
    /// benefits from a graph at a smaller size. Default: empty.
    pub exact_up_to_of: BTreeMap<Box<str>, usize>,
    /// The number of items outside the graph at which they are merged into it. Default: 4,000.
    pub delta_max: usize,
    /// The share of dead slots at which an index without a graph is rewritten. Default: 0.2,
    /// because searches scan dead rows as well.
    pub tombstone_share: f64,
    /// The share of dead slots at which an index with a graph is rewritten, and its graph rebuilt.
    /// Default: 0.5, at which each replaced item costs one insertion.
    pub tombstone_share_of_graph: f64,
    /// The number of log bytes that triggers a snapshot. Default: 64 MiB.
    pub save_log_bytes: u64,
    /// The minimum time between two automatic snapshots. Default: one minute.
    pub save_every: Duration,
    /// The time without writes after which the items outside the graph are merged early.
    /// Default: two seconds.
    pub idle: Duration,
    /// The number of writes that may wait for the log. Default: 256.
    pub queue: usize,
    /// The number of threads for searches of many rows. Default: one for each processor.
    pub pool_threads: usize,
}

impl EngineOptions {
    /// The default options, with the write-ahead logs below `root` and the snapshots in `store`.
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
