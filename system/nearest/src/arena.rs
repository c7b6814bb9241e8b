//! Rows by slot. One writer appends rows, which never move; readers need no lock.
//!
//! Rows are stored in chunks of [`ROWS_PER_CHUNK`]. A chunk holds the `f32` rows and, in the precisions
//! `I8` and `F16`, the codes that are traversed. A file can replace the `f32` rows of a full chunk
//! ([`Arena::replace_chunk`]), because they are only read for rescoring.
//!
//! # Formats
//! Rows ([`Arena::write_rows`]): `dimension` values of `f32`, little-endian, row after row without
//! gaps. The rows of a cosine arena are unit vectors.
//!
//! Codes ([`Arena::write_codes`]), row after row: `dimension` codes (`i8`, or IEEE half floats), then
//! `scale: f32`, `sum: i32` (of the `i8` codes; else 0), `squared_norm: f32` (of the decoded row),
//! `residual: f32` (the norm of the row minus the decoded row, rounded up), all little-endian.

mod chunk;
mod format;
mod stored;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;
use thiserror::Error;

use crate::code::CodeHeader;
use crate::kernel::Kernels;
use crate::metric::{Metric, normalize};
use crate::precision::Precision;
use crate::region::{GrowingTable, Plain};
pub(crate) use chunk::Chunk;
pub use stored::StoredRows;

/// The number of rows in a chunk.
pub const ROWS_PER_CHUNK: usize = 8192;

/// The largest dimension for which sums of `i8` products fit 32 bits.
pub const MAX_DIMENSION: usize = 65_536;

/// Why rows are rejected.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArenaError {
    /// The chunk or its new rows are unsuitable.
    #[error("chunk `{index}` cannot be replaced: {reason}")]
    Chunk {
        /// The chunk's number.
        index: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// Rows and codes do not belong to one arena.
    #[error("rows and codes do not fit together: {reason}")]
    Parts {
        /// What is wrong.
        reason: &'static str,
    },
    /// A file or a buffer could not be read or written.
    #[error("failed to read or write rows")]
    Io(#[from] std::io::Error),
}

/// The memory of an arena.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArenaMemory {
    /// The size of the rows and codes in this process.
    pub owned_bytes: usize,
    /// The size of the rows in files.
    pub stored_bytes: usize,
}

/// Vectors by slot. Clones share the rows.
#[derive(Clone)]
pub struct Arena {
    shared: Arc<Shared>,
}

struct Shared {
    dimension: usize,
    metric: Metric,
    precision: Precision,
    kernels: Kernels,
    chunks: GrowingTable<Chunk>,
    /// The number of published rows, increased after a row is written.
    len: AtomicU32,
    /// The writer's buffer for a row; locked during a write.
    writer: Mutex<Vec<f32>>,
}

impl Arena {
    /// An arena without rows.
    ///
    /// # Panics
    /// If `dimension` is 0 or above [`MAX_DIMENSION`].
    #[must_use]
    pub fn new(dimension: usize, metric: Metric, precision: Precision) -> Self {
        Self::with_kernels(dimension, metric, precision, *Kernels::detected())
    }

    /// An arena with these kernels, to compare instruction sets.
    ///
    /// # Panics
    /// As [`Arena::new`].
    #[must_use]
    pub fn with_kernels(
        dimension: usize,
        metric: Metric,
        precision: Precision,
        kernels: Kernels,
    ) -> Self {
        assert!(
            (1..=MAX_DIMENSION).contains(&dimension),
            "a dimension of `{dimension}`"
        );
        Self {
            shared: Arc::new(Shared {
                dimension,
                metric,
                precision,
                kernels,
                chunks: GrowingTable::new(),
                len: AtomicU32::new(0),
                writer: Mutex::new(Vec::new()),
            }),
        }
    }

    /// Appends a row and returns its slot. The values must be finite; a cosine arena normalizes
    /// the row.
    ///
    /// # Panics
    /// If the length is not the arena's dimension.
    pub fn push(&self, vector: &[f32]) -> u32 {
        assert_eq!(
            vector.len(),
            self.dimension(),
            "the vector's length is not the dimension"
        );
        let mut row = self.shared.writer.lock();
        row.clear();
        row.extend_from_slice(vector);
        if self.metric() == Metric::Cosine {
            normalize(&mut row);
        }
        self.append(&row)
    }

    /// Appends a stored row of another arena of this metric without any change, and returns its slot.
    /// Normalizing it again could change its last bits.
    ///
    /// # Panics
    /// If the length is not the arena's dimension.
    pub fn push_stored(&self, row: &[f32]) -> u32 {
        assert_eq!(
            row.len(),
            self.dimension(),
            "the row's length is not the dimension"
        );
        let _one_writer = self.shared.writer.lock();
        self.append(row)
    }

    /// Appends a row in its stored form. The caller must hold the writer's lock.
    fn append(&self, row: &[f32]) -> u32 {
        let slot = self.shared.len.load(Ordering::Relaxed);
        self.chunk_for_writing(slot)
            .push(slot as usize % ROWS_PER_CHUNK, row);
        self.shared.len.store(slot + 1, Ordering::Release);
        slot
    }

    /// The number of rows; all lower slots can be read.
    #[inline]
    #[must_use]
    pub fn len(&self) -> u32 {
        self.shared.len.load(Ordering::Acquire)
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of values in a row.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.shared.dimension
    }

    /// The metric.
    #[must_use]
    pub fn metric(&self) -> Metric {
        self.shared.metric
    }

    /// The precision of the traversed rows.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.shared.precision
    }

    /// Copies the stored row: in a cosine arena, the unit vector.
    ///
    /// # Panics
    /// If the slot does not exist, or the length of `row` is not the dimension.
    pub fn copy_row(&self, slot: u32, row: &mut [f32]) {
        self.with_row(slot, |stored| row.copy_from_slice(stored));
    }

    /// Calls `read` with the stored row.
    ///
    /// # Panics
    /// If the slot does not exist, or the row's file can no longer be read.
    #[inline]
    pub fn with_row<R>(&self, slot: u32, read: impl FnOnce(&[f32]) -> R) -> R {
        self.chunk(slot)
            .with_row(slot as usize % ROWS_PER_CHUNK, read)
    }

    /// Replaces the `f32` rows of a full chunk by a file with the same content. Current readers keep
    /// the old rows; the last of them frees their memory.
    ///
    /// # Errors
    /// If the chunk is not full, the number of stored rows differs, or the rows are traversed
    /// (precision `F32`), in which case they stay in memory.
    pub fn replace_chunk(&self, index: usize, rows: StoredRows) -> Result<(), ArenaError> {
        let reason = if self.precision() == Precision::F32 {
            "its rows are traversed, and stay in memory"
        } else if (index + 1) * ROWS_PER_CHUNK > self.len() as usize {
            "it is not full"
        } else if rows.values() != ROWS_PER_CHUNK * self.dimension() {
            "the number of stored rows differs"
        } else {
            self.shared
                .chunks
                .get(index)
                .expect("a full chunk")
                .replace(rows);
            return Ok(());
        };
        Err(ArenaError::Chunk { index, reason })
    }

    /// The full chunks whose `f32` rows are in memory, and can be replaced by a file.
    pub fn replaceable_chunks(&self) -> impl Iterator<Item = usize> {
        let full = self.len() as usize / ROWS_PER_CHUNK;
        let chunks = self.shared.chunks.iter().take(full).enumerate();
        chunks.filter_map(|(index, chunk)| chunk.is_replaceable().then_some(index))
    }

    /// The same rows with codes of another precision.
    #[must_use]
    pub fn with_precision(&self, precision: Precision) -> Self {
        let other = Self::with_kernels(
            self.dimension(),
            self.metric(),
            precision,
            self.shared.kernels,
        );
        for slot in 0..self.len() {
            // `push` would normalize the row again, which could change its last bits.
            self.with_row(slot, |row| {
                other
                    .chunk_for_writing(slot)
                    .push(slot as usize % ROWS_PER_CHUNK, row);
            });
            other.shared.len.store(slot + 1, Ordering::Release);
        }
        other
    }

    /// The memory in use; pages that were never written do not count.
    #[must_use]
    pub fn memory(&self) -> ArenaMemory {
        let mut memory = ArenaMemory::default();
        let len = self.len() as usize;
        for (index, chunk) in self.shared.chunks.iter().enumerate() {
            let rows = len
                .saturating_sub(index * ROWS_PER_CHUNK)
                .min(ROWS_PER_CHUNK);
            chunk.add_memory(rows, &mut memory);
        }
        memory
    }

    pub(crate) fn kernels(&self) -> &Kernels {
        &self.shared.kernels
    }

    #[inline]
    pub(crate) fn chunk(&self, slot: u32) -> &Chunk {
        assert!(slot < self.len(), "slot `{slot}` of `{}`", self.len());
        self.shared
            .chunks
            .get(slot as usize / ROWS_PER_CHUNK)
            .expect("a published slot")
    }

    fn chunk_for_writing(&self, slot: u32) -> &Chunk {
        let index = slot as usize / ROWS_PER_CHUNK;
        self.shared
            .chunks
            .get_or_create(index, || Chunk::new(self.dimension(), self.precision()))
    }

    /// Prefetches the first cache lines of the traversed row.
    #[inline]
    pub(crate) fn prefetch(&self, slot: u32) {
        self.chunk(slot).prefetch(slot as usize % ROWS_PER_CHUNK);
    }

    /// Prefetches the first cache lines of the `f32` row.
    #[inline]
    pub(crate) fn prefetch_exact(&self, slot: u32) {
        self.chunk(slot)
            .prefetch_exact(slot as usize % ROWS_PER_CHUNK);
    }

    /// The row, if rows are traversed.
    #[inline]
    pub(crate) fn traversed_row(&self, slot: u32) -> &[f32] {
        self.chunk(slot).fixed_row(slot as usize % ROWS_PER_CHUNK)
    }

    /// The row's codes and their header; `T` must be the precision's type.
    #[inline]
    pub(crate) fn codes<T: Plain>(&self, slot: u32) -> (&[T], CodeHeader) {
        self.chunk(slot).codes(slot as usize % ROWS_PER_CHUNK)
    }
}
