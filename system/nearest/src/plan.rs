//! Which way to search when only some rows may be returned.

use std::time::Duration;

use crate::graph::DEFAULT_EF;

/// The cheaper way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// [`scan`](crate::scan) the allowed rows.
    Scan,
    /// Search the graph with an `accept` that lets the allowed rows through, and this `ef`. When
    /// fewer than `k` come back, scan.
    Graph {
        /// Candidates to keep.
        ef: usize,
    },
}

/// Nanoseconds to estimate a row in a scan of scattered `i8` rows of 768 values. This and the next
/// three are rough: they chose the cheaper way at every share that the bench `rivals` tries over
/// 20,000 rows, and are yet to be held against 100,000.
const SCAN_ROW: f64 = 70.0;

/// The dimension at which the costs were measured.
const MEASURED_DIMENSION: f64 = 768.0;

/// The same, for a row that a graph leads to: it is seldom near in memory.
const GRAPH_ROW: f64 = 110.0;

/// Rows that a graph search computes for each candidate it keeps.
const ROWS_PER_CANDIDATE: f64 = 13.0;

/// Rows that a graph search computes before that.
const ROWS_TO_ENTER: f64 = 150.0;

/// About how long a search takes that scans `scanned` rows and, with an `ef`, searches a graph in
/// which every row is allowed. Good enough to decide where a search runs, not when it ends.
#[must_use]
pub fn expected_time(dimension: usize, scanned: usize, ef: Option<usize>) -> Duration {
    let rows_of_graph = ef.map_or(0.0, |ef| ROWS_TO_ENTER + ROWS_PER_CANDIDATE * ef as f64);
    let nanos = scanned as f64 * SCAN_ROW + rows_of_graph * GRAPH_ROW;
    Duration::from_nanos((nanos * dimension as f64 / MEASURED_DIMENSION) as u64)
}

/// Chooses for `allowed` of `total` rows. The costs are those of 768 dimensions; both ways
/// read the same bytes a row, so that other dimensions should change them alike.
///
/// A search through the graph passes about `total / allowed` rows for each that it may keep, so
/// that its cost grows with the inverse of the share; a scan's grows with the share itself.
#[must_use]
pub fn plan(allowed: usize, total: usize, ef: usize, k: usize) -> Plan {
    let ef = ef.max(k);
    if allowed <= ef.max(DEFAULT_EF) {
        return Plan::Scan;
    }
    let share = allowed as f64 / total.max(allowed) as f64;
    let rows = ROWS_TO_ENTER + ROWS_PER_CANDIDATE * ef as f64 / share;
    let graph = rows.min(total as f64) * GRAPH_ROW;
    let scan = allowed as f64 * SCAN_ROW;
    if scan <= graph {
        Plan::Scan
    } else {
        Plan::Graph { ef }
    }
}
