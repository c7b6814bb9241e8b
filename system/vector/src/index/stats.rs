//! Statistics of an index.

use std::sync::atomic::Ordering;

use lakehouse_nearest::{GraphKind, Precision};

use super::Index;

/// Statistics of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexStats {
    /// The number of live items.
    pub items: usize,
    /// The number of slots without a live item.
    pub tombstones: usize,
    /// The number of rows outside the graph, which are scanned.
    pub delta: usize,
    /// The graph's statistics, if there is one.
    pub graph: Option<GraphStats>,
    /// The precision that searches use.
    pub precision: Precision,
    /// Bytes in owned memory.
    pub owned_bytes: usize,
    /// Bytes in files, mapped or read row by row.
    pub mapped_bytes: usize,
    /// Bytes in write-ahead logs that no snapshot covers.
    pub wal_bytes: u64,
    /// The version of the last snapshot; 0 before the first.
    pub saved_version: u64,
}

/// Statistics of a graph.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphStats {
    /// The implementation.
    pub kind: GraphKind,
    /// The number of rows in the graph.
    pub rows: usize,
    /// The graph's bytes, excluding the rows.
    pub bytes: usize,
    /// The search width, unless a search overrides it.
    pub ef: usize,
}

impl Index {
    /// The current statistics. Reads every row.
    pub fn stats(&self) -> IndexStats {
        let view = self.shared.view();
        let generation = &view.generation;
        let graph = generation.graph.load_full().map(|covering| GraphStats {
            kind: covering.kind,
            rows: covering.graph.len() as usize,
            bytes: covering.graph.memory_bytes(),
            ef: covering.ef,
        });
        let covered = graph.as_ref().map_or(0, |graph| graph.rows);
        let arena = generation.arena.memory();
        let (owned_rows, mapped_rows) = generation.rows.bytes();
        let tables = generation.tables.read().bytes();
        IndexStats {
            items: view.live as usize,
            tombstones: view.tombstones() as usize,
            delta: (view.slots as usize).saturating_sub(covered),
            owned_bytes: arena.owned_bytes
                + owned_rows
                + tables
                + graph.as_ref().map_or(0, |graph| graph.bytes),
            mapped_bytes: arena.stored_bytes + mapped_rows,
            graph,
            precision: generation.arena.precision(),
            wal_bytes: self.shared.log_bytes.load(Ordering::Relaxed),
            saved_version: self.shared.saved.load(Ordering::Relaxed),
        }
    }
}
