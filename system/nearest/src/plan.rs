//! Plans of searches in which only some rows are allowed.

use std::time::Duration;

use crate::graph::DEFAULT_EF;

/// The cheaper way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// [`scan`](crate::scan) the allowed rows.
    Scan,
    /// Search the graph with an `accept` that admits the allowed rows, and this `ef`. If fewer than
    /// `k` are returned, scan.
    Graph {
        /// The number of candidates to keep.
        ef: usize,
    },
}

/// The nanoseconds to estimate a row in a scan of scattered `i8` rows of 768 values. This and the next
/// three are rough: they selected the cheaper plan at every share that the bench `rivals` tries over
/// 20,000 rows, and have not been checked with 100,000.
const SCAN_ROW_NANOS: f64 = 70.0;

/// The dimension at which the costs were measured.
const MEASURED_DIMENSION: f64 = 768.0;

/// The nanoseconds for a row in a graph search, where rows are rarely adjacent in memory.
const GRAPH_ROW_NANOS: f64 = 110.0;

/// The number of rows that a graph search computes per candidate.
const ROWS_PER_CANDIDATE: f64 = 13.0;

/// The number of rows that a graph search computes to reach level 0.
const ROWS_TO_ENTER: f64 = 150.0;

/// Estimates the duration of a search that scans `scanned` rows and, with an `ef`, searches a graph in
/// which every row is allowed. The estimate is too rough for deadlines.
#[must_use]
pub fn expected_time(dimension: usize, scanned: usize, ef: Option<usize>) -> Duration {
    let rows_of_graph = ef.map_or(0.0, |ef| ROWS_TO_ENTER + ROWS_PER_CANDIDATE * ef as f64);
    let nanos = scanned as f64 * SCAN_ROW_NANOS + rows_of_graph * GRAPH_ROW_NANOS;
    Duration::from_nanos((nanos * dimension as f64 / MEASURED_DIMENSION) as u64)
}

/// Chooses the plan for `allowed` of `total` rows, with the costs for 768 dimensions. Both plans read
/// the same bytes per row, so the choice should not depend on the dimension.
///
/// A graph search visits about `total / allowed` rows for each allowed row, so its cost grows with
/// the inverse of the share; the cost of a scan grows with the share itself.
#[must_use]
pub fn plan(allowed: usize, total: usize, ef: usize, k: usize) -> Plan {
    let ef = ef.max(k);
    if allowed <= ef.max(DEFAULT_EF) {
        return Plan::Scan;
    }
    let share = allowed as f64 / total.max(allowed) as f64;
    let rows = ROWS_TO_ENTER + ROWS_PER_CANDIDATE * ef as f64 / share;
    let graph = rows.min(total as f64) * GRAPH_ROW_NANOS;
    let scan = allowed as f64 * SCAN_ROW_NANOS;
    if scan <= graph {
        Plan::Scan
    } else {
        Plan::Graph { ef }
    }
}
