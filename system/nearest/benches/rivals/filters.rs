//! Searches that may only return some rows.

use lakehouse_nearest::{Arena, DEFAULT_EF, Graph, Plan, Query, plan, scan};

use crate::K;
use crate::measure::{Timings, recall};

/// Prints the times of both plans, and the plan that is chosen.
pub(crate) fn measure(arena: &Arena, graph: &dyn Graph, queries: &[Query]) {
    println!(
        "\nflat i8, filtered: share allowed, scan p50 / p99 ms, graph p50 / p99 ms (recall), plan"
    );
    for share in [2, 3, 5, 10, 20, 50, 100, 1_000] {
        // Slots are allowed by their hash, so that the allowed rows are spread evenly.
        let accept = |slot: u32| (slot.wrapping_mul(0x9e37_79b1) >> 8).is_multiple_of(share);
        let allowed: Vec<u32> = (0..arena.len()).filter(|&slot| accept(slot)).collect();
        let slots = |found: Vec<lakehouse_nearest::Neighbour>| -> Vec<u32> {
            found
                .into_iter()
                .take(K)
                .map(|neighbour| neighbour.slot)
                .collect()
        };
        let (mut scans, mut searches) = (Timings::default(), Timings::default());
        let (mut found, mut truth) = (Vec::new(), Vec::new());
        for query in queries.iter().take(200) {
            scans.time(|| truth.push(slots(scan(arena, query, allowed.iter().copied(), K))));
            searches.time(|| {
                found.push(slots(graph.search(arena, query, K, DEFAULT_EF, &accept)));
            });
        }
        let plan = plan(allowed.len(), arena.len() as usize, DEFAULT_EF, K);
        println!(
            "1/{share}: {}   {} ({:.4})   {}",
            scans.milliseconds(),
            searches.milliseconds(),
            recall(&found, &truth),
            if plan == Plan::Scan { "scan" } else { "graph" },
        );
    }
}
