//! The rows of a generation without their vectors: each row's record, the version at which it died,
//! and the row of the same id that it replaced.
//!
//! Rows are appended by one writer and read without a lock. They are stored in chunks of the arena's
//! chunk size; the records of a full chunk can be replaced by those of a mapped snapshot.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use lakehouse_nearest::ROWS_PER_CHUNK;
use memmap2::Mmap;

use crate::record::Record;

/// The rows of a generation.
pub(crate) struct Rows {
    /// Replaced as a whole when a chunk is added, so that readers need no lock.
    chunks: ArcSwap<Vec<Arc<Chunk>>>,
}

struct Chunk {
    states: Box<[State]>,
    records: ArcSwap<Records>,
}

#[derive(Default)]
struct State {
    /// The version at which the row died; 0 while it is live.
    died: AtomicU64,
    /// The slot that this one replaced, plus one; 0 if there is none.
    replaced: AtomicU32,
}

enum Records {
    Owned(Box<[OnceLock<Box<[u8]>>]>),
    Mapped(MappedRecords),
}

/// The records of a mapped snapshot, from some slot on.
#[derive(Clone)]
pub(crate) struct MappedRecords {
    /// The file.
    pub(crate) map: Arc<Mmap>,
    /// The position of the first record's offset (`u64`); one more follows for each record.
    pub(crate) offsets_at: usize,
    /// The start of the records, which the offsets are relative to.
    pub(crate) records_at: usize,
}

impl MappedRecords {
    /// The records from the `rows`-th on.
    pub(crate) fn skip(&self, rows: usize) -> Self {
        Self {
            offsets_at: self.offsets_at + rows * size_of::<u64>(),
            ..self.clone()
        }
    }

    /// The bytes of a record, if its offsets are in order and within the file.
    pub(crate) fn get(&self, at: usize) -> Option<&[u8]> {
        let offset = |at: usize| {
            let from = self.offsets_at + at * size_of::<u64>();
            let bytes = self.map.get(from..)?.first_chunk()?;
            usize::try_from(u64::from_le_bytes(*bytes)).ok()
        };
        let (start, end) = (offset(at)?, offset(at + 1)?);
        self.map
            .get(self.records_at.checked_add(start)?..self.records_at.checked_add(end)?)
    }
}

impl Chunk {
    fn new(records: Records) -> Self {
        Self {
            states: (0..ROWS_PER_CHUNK).map(|_| State::default()).collect(),
            records: ArcSwap::from_pointee(records),
        }
    }

    fn empty() -> Self {
        let slots = (0..ROWS_PER_CHUNK).map(|_| OnceLock::new());
        Self::new(Records::Owned(slots.collect()))
    }
}

/// A slot's chunk and its position there.
fn place(slot: u32) -> (usize, usize) {
    let slot = slot as usize;
    (slot / ROWS_PER_CHUNK, slot % ROWS_PER_CHUNK)
}

impl Rows {
    pub(crate) fn new() -> Self {
        Self {
            chunks: ArcSwap::default(),
        }
    }

    /// The rows of a snapshot of `len` rows. A partial last chunk is copied, because more rows will be
    /// appended to it.
    pub(crate) fn mapped(records: &MappedRecords, len: u32) -> Self {
        let rows = Self::new();
        let (full, _) = place(len);
        let chunk = |at| Records::Mapped(records.skip(at * ROWS_PER_CHUNK));
        let chunks = (0..full).map(|at| Arc::new(Chunk::new(chunk(at))));
        rows.chunks.store(Arc::new(chunks.collect()));
        let first_copied = full * ROWS_PER_CHUNK;
        for slot in first_copied..len as usize {
            rows.put(slot as u32, records.get(slot).expect("a checked record"));
        }
        rows
    }

    /// Stores the record of the next slot. One writer at a time.
    pub(crate) fn put(&self, slot: u32, record: &[u8]) {
        let (chunk, at) = place(slot);
        let chunks = self.chunks.load();
        if chunk == chunks.len() {
            let mut more = Vec::clone(&chunks);
            more.push(Arc::new(Chunk::empty()));
            self.chunks.store(Arc::new(more));
        }
        let chunks = self.chunks.load();
        if let Records::Owned(records) = &**chunks[chunk].records.load() {
            let fresh = records[at].set(record.into()).is_ok();
            debug_assert!(fresh, "slot {slot} was put before");
        }
    }

    /// Calls `read` with a row's record.
    pub(crate) fn with_record<R>(&self, slot: u32, read: impl FnOnce(Record<'_>) -> R) -> R {
        let (chunk, at) = place(slot);
        let chunks = self.chunks.load();
        let records = chunks[chunk].records.load();
        let bytes = match &**records {
            Records::Owned(records) => records[at].get().map(|record| &**record),
            Records::Mapped(records) => records.get(at),
        };
        read(Record::kept(bytes.expect("a row that is published")))
    }

    /// Replaces the records of a full chunk by those of a snapshot.
    pub(crate) fn map_chunk(&self, chunk: usize, records: &MappedRecords) {
        let records = Records::Mapped(records.skip(chunk * ROWS_PER_CHUNK));
        self.chunks.load()[chunk].records.store(Arc::new(records));
    }

    /// A handle for many state lookups. It does not see chunks that are added later.
    pub(crate) fn states(&self) -> States {
        States {
            chunks: self.chunks.load_full(),
        }
    }

    /// Marks a row as dead since a version; returns false if it was dead already. One writer at a
    /// time.
    pub(crate) fn kill(&self, slot: u32, version: u64) -> bool {
        let (chunk, at) = place(slot);
        let died = &self.chunks.load()[chunk].states[at].died;
        let was_alive = died.load(Ordering::Relaxed) == 0;
        if was_alive {
            died.store(version, Ordering::Release);
        }
        was_alive
    }

    /// Records the slot of the same id that this one replaced.
    pub(crate) fn set_replaced(&self, slot: u32, replaced: u32) {
        let (chunk, at) = place(slot);
        let state = &self.chunks.load()[chunk].states[at];
        state.replaced.store(replaced + 1, Ordering::Release);
    }

    /// The slot of the same id that this one replaced.
    pub(crate) fn replaced(&self, slot: u32) -> Option<u32> {
        let (chunk, at) = place(slot);
        let state = &self.chunks.load()[chunk].states[at];
        state.replaced.load(Ordering::Acquire).checked_sub(1)
    }

    /// The bytes in owned memory and in mapped files. Reads every owned record.
    pub(crate) fn bytes(&self) -> (usize, usize) {
        let (mut owned, mut mapped) = (0, 0);
        for chunk in self.chunks.load().iter() {
            owned += ROWS_PER_CHUNK * size_of::<State>();
            match &**chunk.records.load() {
                Records::Owned(records) => {
                    owned += ROWS_PER_CHUNK * size_of::<OnceLock<Box<[u8]>>>();
                    let lens = records.iter().filter_map(OnceLock::get).map(|r| r.len());
                    owned += lens.sum::<usize>();
                }
                Records::Mapped(records) => {
                    let first = records.get(0).map_or(0, |r| r.as_ptr() as usize);
                    let last = records.get(ROWS_PER_CHUNK - 1);
                    mapped += last.map_or(0, |r| r.as_ptr_range().end as usize - first);
                }
            }
        }
        (owned, mapped)
    }
}

/// The states of the rows that existed when it was created.
#[derive(Clone)]
pub(crate) struct States {
    chunks: Arc<Vec<Arc<Chunk>>>,
}

impl States {
    /// The version at which a row died; 0 while it is live.
    #[inline]
    pub(crate) fn died(&self, slot: u32) -> u64 {
        let (chunk, at) = place(slot);
        self.chunks[chunk].states[at].died.load(Ordering::Acquire)
    }

    /// Whether a row is live at a version at or after its insertion.
    #[inline]
    pub(crate) fn is_alive(&self, slot: u32, version: u64) -> bool {
        let died = self.died(slot);
        died == 0 || died > version
    }
}
