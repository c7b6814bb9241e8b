//! The library `hnsw_rs` over slots of an arena.
//!
//! Its points are slots, and its distance function reads the arena; a query is a slice of words that
//! encodes the probe. Workarounds for version 0.3.5:
//! - It panics on negative distances and NaN, so keys are mapped to non-negative numbers.
//! - Concurrent first insertions are a race, so the first row is inserted alone.
//! - It loses most of many equal rows, so rows with identical codes are inserted once.
//! - Its filter panics if nothing is accepted, and never stops early, so results are filtered here,
//!   with a growing `ef` until there are enough.
//! - It does not validate its files, so there is no stored form.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use half::f16;
use hnsw_rs::prelude::{Distance, Hnsw};
use parking_lot::{Mutex, RwLock};

use super::{EF_CONSTRUCTION, Graph, GraphError, GraphKind, M};
use crate::arena::Arena;
use crate::neighbour::{Nearest, Neighbour, ordered};
use crate::precision::Precision;
use crate::probe::ProbeWords;
use crate::query::Query;

/// The library's maximum number of layers.
const MAX_LAYERS: usize = 16;

/// The library's memory per node: 245 MB were measured for 100,000 rows.
const NODE_BYTES: usize = 2_450;

/// The library's graph.
pub struct HnswRs {
    hnsw: Hnsw<'static, u32, SlotDistance>,
    len: AtomicU32,
    extending: Mutex<()>,
    /// Nodes by the hash of their codes.
    nodes: Mutex<HashMap<u64, u32>>,
    /// The rows with the same codes as a node.
    twins: RwLock<HashMap<u32, Vec<u32>>>,
}

impl HnswRs {
    /// An empty graph over `arena`, which all later calls must pass.
    #[must_use]
    pub fn new(arena: &Arena) -> Self {
        let expected = (arena.len() as usize).max(1024);
        let distance = SlotDistance(arena.clone());
        Self {
            hnsw: Hnsw::new(M, expected, MAX_LAYERS, EF_CONSTRUCTION, distance),
            len: AtomicU32::new(0),
            extending: Mutex::new(()),
            nodes: Mutex::new(HashMap::new()),
            twins: RwLock::new(HashMap::new()),
        }
    }

    fn insert(&self, arena: &Arena, slot: u32) {
        let hash = content_hash(arena, slot);
        let node = *self.nodes.lock().entry(hash).or_insert(slot);
        if node != slot && arena.are_twins(node, slot) {
            self.twins.write().entry(node).or_default().push(slot);
        } else {
            self.hnsw.insert((&[slot], slot as usize));
        }
    }

    fn candidates(&self, query: &[u32], ef: usize) -> Vec<u32> {
        let nodes = self.hnsw.search(query, ef, ef);
        let twins = self.twins.read();
        let mut slots = Vec::with_capacity(nodes.len());
        for node in nodes {
            let node = node.d_id as u32;
            slots.push(node);
            slots.extend(twins.get(&node).into_iter().flatten());
        }
        slots
    }
}

impl Graph for HnswRs {
    fn len(&self) -> u32 {
        self.len.load(Ordering::Acquire)
    }

    fn extend(&self, arena: &Arena, upto: u32, threads: usize) {
        assert!(upto <= arena.len(), "`{upto}` rows of `{}`", arena.len());
        let _extending = self.extending.lock();
        let next = AtomicU32::new(self.len());
        let insert_next = || {
            let slot = next.fetch_add(1, Ordering::Relaxed);
            if slot < upto {
                self.insert(arena, slot);
            }
            slot < upto
        };
        if self.len() == 0 {
            insert_next();
        }
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| while insert_next() {});
            }
            while insert_next() {}
        });
        self.len.fetch_max(upto, Ordering::Release);
    }

    fn search(
        &self,
        arena: &Arena,
        query: &Query,
        k: usize,
        ef: usize,
        accept: &dyn Fn(u32) -> bool,
    ) -> Vec<Neighbour> {
        let nodes = self.hnsw.get_nb_point();
        if k == 0 || nodes == 0 {
            return Vec::new();
        }
        let words = ProbeWords::encode(query.probe());
        let mut ef = ef.max(k);
        loop {
            let mut nearest = Nearest::new(k);
            let mut accepted = 0;
            for slot in self
                .candidates(&words, ef)
                .into_iter()
                .filter(|&slot| accept(slot))
            {
                nearest.push(query.candidate(arena, slot));
                accepted += 1;
            }
            if accepted >= k || ef >= nodes {
                return query.nearest(arena, nearest);
            }
            ef = (ef * 4).min(nodes);
        }
    }

    fn memory_bytes(&self) -> usize {
        self.hnsw.get_nb_point() * NODE_BYTES
    }

    fn write(&self, _writer: &mut dyn Write) -> Result<(), GraphError> {
        Err(GraphError::Unsupported(GraphKind::HnswRs))
    }
}

/// Distances between points, which are one word each, and queries, which are more.
struct SlotDistance(Arena);

impl Distance<u32> for SlotDistance {
    fn eval(&self, a: &[u32], b: &[u32]) -> f32 {
        let arena = &self.0;
        let key = match (a, b) {
            (&[a], &[b]) => {
                let mut scratch = Vec::new();
                arena.key(arena.probe_of(a, &mut scratch), b)
            }
            (query, &[slot]) | (&[slot], query) => arena.key(ProbeWords::decode(query), slot),
            _ => unreachable!("queries are compared with slots"),
        };
        non_negative(key)
    }
}

/// Maps keys to finite, non-negative numbers in the same order; adjacent keys may become equal.
fn non_negative(key: f32) -> f32 {
    if key.is_nan() {
        return f32::MAX;
    }
    f32::from_bits((ordered(key) >> 1).min(f32::MAX.to_bits()))
}

fn content_hash(arena: &Arena, slot: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    match arena.precision() {
        Precision::F32 => {
            for value in arena.traversed_row(slot) {
                // Zeros of both signs are equal, so their hashes must be, too.
                (value + 0.0).to_bits().hash(&mut hasher);
            }
        }
        Precision::F16 => {
            for code in arena.codes::<f16>(slot).0 {
                (code.to_f32() + 0.0).to_bits().hash(&mut hasher);
            }
        }
        Precision::I8 => arena.codes::<i8>(slot).0.hash(&mut hasher),
    }
    hasher.finish()
}
