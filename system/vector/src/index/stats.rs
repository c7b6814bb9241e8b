//! Figures of an index.

use std::sync::atomic::Ordering;

use lakehouse_nearest::{GraphKind, Precision};

use super::Index;

/// Figures of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexStats {
    /// Live items.
    pub items: usize,
    /// Slots without a live item.
    pub tombstones: usize,
    /// Rows that are in no graph and are looked at one by one.
    pub delta: usize,
    /// The graph, if there is one.
    pub graph: Option<GraphStats>,
    /// What is traversed.
    pub precision: Precision,
    /// Bytes in memory of our own.
    pub owned_bytes: usize,
    /// Bytes in files, mapped or read row by row.
    pub mapped_bytes: usize,
    /// Bytes in write-ahead logs that no snapshot has taken over.
    pub wal_bytes: u64,
    /// The version of the last snapshot; 0 before the first.
    pub saved_version: u64,
}

/// Figures of a graph.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphStats {
    /// Which implementation.
    pub kind: GraphKind,
    /// Rows in it.
    pub rows: usize,
    /// Its bytes, without the rows'.
    pub bytes: usize,
    /// How widely it is searched unless a search says so.
    pub ef: usize,
}

impl Index {
    /// Figures as of now. Looks at every row.
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
