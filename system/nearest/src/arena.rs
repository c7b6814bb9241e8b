//! The rows, by slot: appended, never moved, read without a lock while one writer appends.
//!
//! Rows lie in chunks of [`ROWS_PER_CHUNK`]. A chunk holds the `f32` rows and, in the precisions
//! `I8` and `F16`, the codes that are traversed. The `f32` rows of a full chunk may be exchanged
//! for a file's ([`Arena::replace_chunk`]), because they are read for rescoring only.
//!
//! # Formats
//! Rows: `dimension` values of `f32`, little-endian, row after row without
//! gaps, as [`Arena::write_rows`] writes them (of a cosine arena: unit vectors).
//!
//! Codes, as [`Arena::write_codes`] writes them, row after row: `dimension` codes (`i8`, or
//! IEEE half floats), then `scale: f32`, `sum: i32` (of the `i8` codes; else 0),
//! `squared_norm: f32` (of the row as the codes tell it), `residual: f32` (the norm of what the
//! codes leave out, rounded up), all little-endian.

mod chunk;
mod format;
mod stored;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;
use thiserror::Error;

use crate::code::CodeHeader;
use crate::kernel::Kernels;
use crate::metric::{Metric, make_unit};
use crate::precision::Precision;
use crate::region::{GrowingTable, Plain};
pub(crate) use chunk::Chunk;
pub use stored::StoredRows;

/// Rows in a chunk.
pub const ROWS_PER_CHUNK: usize = 8192;

/// The longest vector: sums of `i8` products stay within 32 bits.
pub const MAX_DIMENSION: usize = 65_536;

/// Why rows could not be taken over.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ArenaError {
    /// The stored rows are not those of a full chunk.
    #[error("chunk `{index}` cannot be replaced: {reason}")]
    Chunk {
        /// The chunk's number.
        index: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The parts do not make an arena.
    #[error("rows and codes do not fit together: {reason}")]
    Parts {
        /// What is wrong.
        reason: &'static str,
    },
    /// A file or a buffer could not be read or written.
    #[error("failed to read or write rows")]
    Io(#[from] std::io::Error),
}

/// Where an arena's bytes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArenaMemory {
    /// Bytes of rows and codes in memory of our own.
    pub owned_bytes: usize,
    /// Bytes of rows in files.
    pub stored_bytes: usize,
}

/// Vectors by slot. A clone is another handle on the same rows.
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
    /// Rows that readers may see; stored after the row is written.
    len: AtomicU32,
    /// One writer at a time; its scratch is the row as it will be stored.
    writer: Mutex<Vec<f32>>,
}

impl Arena {
    /// An arena without rows.
    ///
    /// # Panics
    /// When `dimension` is 0 or above [`MAX_DIMENSION`].
    #[must_use]
    pub fn new(dimension: usize, metric: Metric, precision: Precision) -> Self {
        Self::with_kernels(dimension, metric, precision, *Kernels::detected())
    }

    /// An arena that computes with these kernels, for comparing instruction sets.
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

    /// Appends a row and returns its slot. The values must be finite; a row of a cosine arena is
    /// made a unit vector.
    ///
    /// # Panics
    /// When the length is not the arena's dimension.
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
            make_unit(&mut row);
        }
        self.append(&row)
    }

    /// Appends a row as [`Arena::with_row`] of another arena of this metric shows it, bit for bit,
    /// and returns its slot. Making a unit vector of a unit vector again may change its last bits.
    ///
    /// # Panics
    /// When the length is not the arena's dimension.
    pub fn push_stored(&self, row: &[f32]) -> u32 {
        assert_eq!(
            row.len(),
            self.dimension(),
            "the row's length is not the dimension"
        );
        let _one_writer = self.shared.writer.lock();
        self.append(row)
    }

    /// Appends a row as it is to be stored, while the caller holds the writer's lock.
    fn append(&self, row: &[f32]) -> u32 {
        let slot = self.shared.len.load(Ordering::Relaxed);
        self.chunk_for_writing(slot)
            .push(slot as usize % ROWS_PER_CHUNK, row);
        self.shared.len.store(slot + 1, Ordering::Release);
        slot
    }

    /// Rows so far; every slot below it can be read.
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

    /// Values in a vector.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.shared.dimension
    }

    /// What distance means here.
    #[must_use]
    pub fn metric(&self) -> Metric {
        self.shared.metric
    }

    /// What is traversed here.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.shared.precision
    }

    /// Copies the row as it is stored: in a cosine arena, the unit vector.
    ///
    /// # Panics
    /// When there is no such slot, or `row` has another length than the dimension.
    pub fn copy_row(&self, slot: u32, row: &mut [f32]) {
        self.with_row(slot, |stored| row.copy_from_slice(stored));
    }

    /// Shows the row as it is stored.
    ///
    /// # Panics
    /// When there is no such slot, or a file that has the row can no longer be read.
    #[inline]
    pub fn with_row<R>(&self, slot: u32, read: impl FnOnce(&[f32]) -> R) -> R {
        self.chunk(slot)
            .with_row(slot as usize % ROWS_PER_CHUNK, read)
    }

    /// Exchanges the `f32` rows of a full chunk for those of a file with the same content. Readers
    /// that are in the old rows stay there; the memory is given back after the last of them.
    ///
    /// # Errors
    /// When the chunk is not full, the stored rows are not as many, or the rows are what is
    /// traversed (precision `F32`), which stay in memory.
    pub fn replace_chunk(&self, index: usize, rows: StoredRows) -> Result<(), ArenaError> {
        let reason = if self.precision() == Precision::F32 {
            "its rows are traversed and stay in memory"
        } else if (index + 1) * ROWS_PER_CHUNK > self.len() as usize {
            "it is not full"
        } else if rows.values() != ROWS_PER_CHUNK * self.dimension() {
            "the stored rows are not as many"
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

    /// The full chunks whose `f32` rows are in memory and could be exchanged for a file's.
    pub fn exchangeable_chunks(&self) -> impl Iterator<Item = usize> {
        let full = self.len() as usize / ROWS_PER_CHUNK;
        let chunks = self.shared.chunks.iter().take(full).enumerate();
        chunks.filter_map(|(index, chunk)| chunk.is_exchangeable().then_some(index))
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
            // Not `push`: making a unit vector of a unit vector again may change its last bits.
            self.with_row(slot, |row| {
                other
                    .chunk_for_writing(slot)
                    .push(slot as usize % ROWS_PER_CHUNK, row);
            });
            other.shared.len.store(slot + 1, Ordering::Release);
        }
        other
    }

    /// Where the bytes are; pages that were never written are not counted.
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
            .get_or_make(index, || Chunk::new(self.dimension(), self.precision()))
    }

    /// Asks for the row's first cache lines of what is traversed.
    #[inline]
    pub(crate) fn prefetch(&self, slot: u32) {
        self.chunk(slot).prefetch(slot as usize % ROWS_PER_CHUNK);
    }

    /// Asks for the first cache lines of the `f32` row.
    #[inline]
    pub(crate) fn prefetch_exact(&self, slot: u32) {
        self.chunk(slot)
            .prefetch_exact(slot as usize % ROWS_PER_CHUNK);
    }

    /// The row, where rows are what is traversed.
    #[inline]
    pub(crate) fn traversed_row(&self, slot: u32) -> &[f32] {
        self.chunk(slot).fixed_row(slot as usize % ROWS_PER_CHUNK)
    }

    /// The row's codes, and what is kept beside them; `T` is the precision's.
    #[inline]
    pub(crate) fn codes<T: Plain>(&self, slot: u32) -> (&[T], CodeHeader) {
        self.chunk(slot).codes(slot as usize % ROWS_PER_CHUNK)
    }
}
