//! The library `hnsw_rs` over slots of an arena.
//!
//! Its points are slots, and its distance reads the arena; a query is a slice of words that holds
//! the whole probe. Around the library's own ways (0.3.5):
//! - it asserts that distances are not negative and panics on NaN: keys are moved to `0..`;
//! - two threads must not race for the first insertion: that one is done alone;
//! - of many equal rows it loses most: rows that codes do not tell apart are inserted once;
//! - its own filter panics when nothing is accepted, and never ends early: results are filtered
//!   here, with `ef` raised until there are enough;
//! - its files cannot be trusted: there is no stored form.

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

/// Its limit of layers.
const LAYERS: usize = 16;

/// Bytes a node takes in the library: 245 MB for 100,000 rows, as it was measured once.
const NODE_BYTES: usize = 2_450;

/// The library's graph.
pub struct HnswRs {
    hnsw: Hnsw<'static, u32, SlotDistance>,
    len: AtomicU32,
    extending: Mutex<()>,
    /// The node for each content, by hash; the rows that hang on a node.
    nodes: Mutex<HashMap<u64, u32>>,
    twins: RwLock<HashMap<u32, Vec<u32>>>,
}

impl HnswRs {
    /// A graph without rows. It keeps a handle on `arena`, which every later call must be given.
    #[must_use]
    pub fn new(arena: &Arena) -> Self {
        let expected = (arena.len() as usize).max(1024);
        let distance = SlotDistance(arena.clone());
        Self {
            hnsw: Hnsw::new(M, expected, LAYERS, EF_CONSTRUCTION, distance),
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

    fn found(&self, query: &[u32], ef: usize) -> Vec<u32> {
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
        let words = ProbeWords::of(query.probe());
        let mut ef = ef.max(k);
        loop {
            let mut nearest = Nearest::new(k);
            let mut accepted = 0;
            for slot in self
                .found(&words, ef)
                .into_iter()
                .filter(|&slot| accept(slot))
            {
                nearest.push(Neighbour {
                    slot,
                    distance: query.distance(arena, slot),
                });
                accepted += 1;
            }
            if accepted >= k || ef >= nodes {
                return nearest.into_sorted();
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

/// Reads rows by slot: a point is one word, a query is more.
struct SlotDistance(Arena);

impl Distance<u32> for SlotDistance {
    fn eval(&self, a: &[u32], b: &[u32]) -> f32 {
        let arena = &self.0;
        let key = match (a, b) {
            (&[a], &[b]) => {
                let mut scratch = Vec::new();
                arena.key(arena.probe_of(a, &mut scratch), b)
            }
            (query, &[slot]) | (&[slot], query) => arena.key(ProbeWords::view(query), slot),
            _ => unreachable!("queries are compared with slots"),
        };
        not_negative(key)
    }
}

/// A finite number in the same order; neighbouring values may become one.
fn not_negative(key: f32) -> f32 {
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
                // Zeros of both signs are equal, and so must be their hashes.
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
