//! Storage of the neighbour lists.

use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;

use super::super::M;
use crate::region::{AtomicWords, GrowingTable};

/// The number of links of a node on level 0.
pub(super) const M_BASE: usize = 2 * M;

/// The maximum number of levels above 0.
const MAX_LEVEL: usize = 15;

/// 2 MiB of base lists.
const NODES_PER_CHUNK: usize = 16_384;
const BLOCKS_PER_CHUNK: usize = 4096;

/// Lists of slots. A stored word is a slot plus one, so that zeroed memory holds empty lists; a list
/// ends at its first 0.
pub(super) struct Lists {
    /// `M_BASE` words per node.
    base: GrowingTable<AtomicWords>,
    /// Two words per node: the next twin, and the first block above level 0 (each plus one).
    links: GrowingTable<AtomicWords>,
    /// Blocks of `M` words; a node of level `n` has `n` consecutive blocks.
    upper: GrowingTable<AtomicWords>,
    /// The number of blocks in use.
    blocks: Mutex<usize>,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self {
            base: GrowingTable::new(),
            links: GrowingTable::new(),
            upper: GrowingTable::new(),
            blocks: Mutex::new(0),
        }
    }

    /// Allocates a node and its levels, once, before it is linked.
    pub(super) fn create_node(&self, slot: u32, level: usize) {
        let (chunk, index) = split(slot);
        let base = self
            .base
            .get_or_create(chunk, || AtomicWords::new(NODES_PER_CHUNK * M_BASE));
        // The first chunk is often the only one, and then rarely full.
        if index == 0 && chunk > 0 {
            base.prefer_huge_pages();
        }
        self.links
            .get_or_create(chunk, || AtomicWords::new(NODES_PER_CHUNK * 2));
        if level == 0 {
            return;
        }
        let mut blocks = self.blocks.lock();
        if *blocks % BLOCKS_PER_CHUNK + level > BLOCKS_PER_CHUNK {
            *blocks = blocks.next_multiple_of(BLOCKS_PER_CHUNK);
        }
        let first = *blocks;
        *blocks += level;
        self.upper.get_or_create(first / BLOCKS_PER_CHUNK, || {
            AtomicWords::new(BLOCKS_PER_CHUNK * M)
        });
        self.links(slot)[1].store(first as u32 + 1, Ordering::Release);
    }

    /// The list of a node on one of its levels.
    #[inline]
    pub(super) fn list(&self, slot: u32, level: usize) -> &[AtomicU32] {
        if level == 0 {
            let (chunk, index) = split(slot);
            return self
                .base
                .get(chunk)
                .expect("a node's chunk")
                .slice(index * M_BASE, M_BASE);
        }
        let first = self.links(slot)[1].load(Ordering::Acquire) as usize - 1;
        let block = first + level - 1;
        let chunk = self
            .upper
            .get(block / BLOCKS_PER_CHUNK)
            .expect("a node's blocks");
        chunk.slice(block % BLOCKS_PER_CHUNK * M, M)
    }

    /// The next row in this row's chain of twins.
    #[inline]
    pub(super) fn twin(&self, slot: u32) -> Option<u32> {
        self.links(slot)[0].load(Ordering::Acquire).checked_sub(1)
    }

    pub(super) fn set_twin(&self, slot: u32, twin: Option<u32>) {
        self.links(slot)[0].store(twin.map_or(0, |twin| twin + 1), Ordering::Release);
    }

    /// The number of levels above 0 for which this row has lists; 0 for a twin.
    pub(super) fn levels(&self, slot: u32) -> usize {
        if self.links(slot)[1].load(Ordering::Acquire) == 0 {
            0
        } else {
            level_of(slot)
        }
    }

    /// Adds `twin`, which is not a node, to the chain of `node`.
    pub(super) fn add_twin(&self, node: u32, twin: u32) {
        self.create_node(twin, 0);
        let _ = self.links(node)[0].try_update(Ordering::AcqRel, Ordering::Acquire, |first| {
            self.links(twin)[0].store(first, Ordering::Release);
            Some(twin + 1)
        });
    }

    #[inline]
    fn links(&self, slot: u32) -> &[AtomicU32] {
        let (chunk, index) = split(slot);
        self.links
            .get(chunk)
            .expect("a node's chunk")
            .slice(index * 2, 2)
    }

    pub(super) fn memory_bytes(&self, len: u32) -> usize {
        (len as usize * (M_BASE + 2) + *self.blocks.lock() * M) * size_of::<u32>()
    }
}

/// The slots of a list.
#[inline]
pub(super) fn slots(list: &[AtomicU32]) -> impl Iterator<Item = u32> {
    list.iter()
        .map_while(|word| word.load(Ordering::Acquire).checked_sub(1))
}

/// Replaces a list. The caller must hold its lock.
pub(super) fn store(list: &[AtomicU32], slots: &[u32]) {
    debug_assert!(slots.len() <= list.len());
    for (index, word) in list.iter().enumerate() {
        let value = slots.get(index).map_or(0, |slot| slot + 1);
        word.store(value, Ordering::Release);
    }
}

/// The level of a node: geometrically distributed with ratio `1 / M`, from a hash of the slot, so that
/// builds are reproducible.
pub(super) fn level_of(slot: u32) -> usize {
    let mut hash = u64::from(slot).wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^= hash >> 31;
    // Each level takes `log2(M)` zero bits; `M` is a power of two.
    (hash.trailing_zeros() / M.ilog2()).min(MAX_LEVEL as u32) as usize
}

fn split(slot: u32) -> (usize, usize) {
    (
        slot as usize / NODES_PER_CHUNK,
        slot as usize % NODES_PER_CHUNK,
    )
}
