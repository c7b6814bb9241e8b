//! A chunk of rows, with their codes.

#![expect(
    unsafe_code,
    reason = "reads published rows of a region that is still being filled"
)]

use std::sync::Arc;

use arc_swap::ArcSwap;
use half::f16;

use super::{ArenaMemory, ROWS_PER_CHUNK, StoredRows};
use crate::code::{CodeHeader, HEADER_BYTES, encode_f16, encode_i8};
use crate::kernel::prefetch_lines;
use crate::precision::Precision;
use crate::region::{Plain, Region};

/// The start of the codes. All headers come first, so that a row's codes start a cache line.
const CODES_AT: usize = ROWS_PER_CHUNK * HEADER_BYTES;

/// Chunks with at most this many rows use small pages, because many indexes have only a few rows.
pub(super) const FEW_ROWS: usize = 1024;

pub(crate) struct Chunk {
    dimension: usize,
    precision: Precision,
    rows: Rows,
    /// Headers, then codes; empty in precision `F32`.
    codes: Region,
}

enum Rows {
    /// Rows that are traversed, which stay in memory.
    Fixed(Region),
    /// Rows that are only rescored, which a file can replace.
    Replaceable(ArcSwap<Source>),
}

enum Source {
    Owned(Region),
    Stored(StoredRows),
}

impl Chunk {
    pub(super) fn new(dimension: usize, precision: Precision) -> Self {
        let row_bytes = ROWS_PER_CHUNK * dimension * size_of::<f32>();
        let rows = match precision {
            Precision::F32 => Rows::Fixed(Region::new(row_bytes)),
            Precision::F16 | Precision::I8 => {
                Rows::replaceable(Source::Owned(Region::new(row_bytes)))
            }
        };
        Self {
            dimension,
            precision,
            rows,
            codes: codes_region(dimension, precision),
        }
    }

    /// A full chunk whose rows are in a file and whose codes have not been written yet.
    pub(super) fn stored(dimension: usize, precision: Precision, rows: StoredRows) -> Self {
        Self {
            dimension,
            precision,
            rows: Rows::replaceable(Source::Stored(rows)),
            codes: codes_region(dimension, precision),
        }
    }

    /// Writes a row that is not published yet. Only the arena's writer calls this.
    pub(super) fn push(&self, index: usize, row: &[f32]) {
        if index == FEW_ROWS {
            self.prefer_huge_pages();
        }
        self.write_row(index, row);
        self.encode(index, row);
    }

    /// Applies to traversed data only; rows for rescoring soon move to a file, and are seldom read.
    pub(super) fn prefer_huge_pages(&self) {
        match &self.rows {
            Rows::Fixed(region) => region.prefer_huge_pages(),
            Rows::Replaceable(_) => self.codes.prefer_huge_pages(),
        }
    }

    /// As [`Chunk::push`], but writes the codes of `row` only.
    pub(super) fn encode(&self, index: usize, row: &[f32]) {
        let header;
        match self.precision {
            Precision::F32 => return,
            Precision::I8 => {
                let mut codes = vec![0i8; self.dimension];
                header = encode_i8(row, &mut codes);
                self.write_codes(index, &codes);
            }
            Precision::F16 => {
                let mut codes = vec![f16::ZERO; self.dimension];
                header = encode_f16(row, &mut codes);
                self.write_codes(index, &codes);
            }
        }
        self.write_header(index, header);
    }

    /// As [`Chunk::push`], but writes the row only.
    pub(super) fn write_row(&self, index: usize, row: &[f32]) {
        let at = index * self.dimension * size_of::<f32>();
        let write = |region: &Region| {
            // SAFETY: the slot is not published, so there are no readers, and there is only one writer.
            unsafe { region.write(at, row) }
        };
        match &self.rows {
            Rows::Fixed(region) => write(region),
            Rows::Replaceable(rows) => match &**rows.load() {
                Source::Owned(region) => write(region),
                Source::Stored(_) => unreachable!("a stored chunk is full"),
            },
        }
    }

    /// As [`Chunk::push`], but writes these codes only.
    pub(super) fn write_codes<T: Plain>(&self, index: usize, codes: &[T]) {
        // SAFETY: as in `write_row`.
        unsafe {
            self.codes
                .write(CODES_AT + index * size_of_val(codes), codes);
        }
    }

    /// As [`Chunk::push`], but writes the header only.
    pub(super) fn write_header(&self, index: usize, header: CodeHeader) {
        // SAFETY: as in `write_row`.
        unsafe { self.codes.write(index * HEADER_BYTES, &header.to_bytes()) };
    }

    #[inline]
    pub(crate) fn with_row<R>(&self, index: usize, read: impl FnOnce(&[f32]) -> R) -> R {
        match &self.rows {
            Rows::Fixed(region) => read(self.row_in(region, index)),
            Rows::Replaceable(rows) => match &**rows.load() {
                Source::Owned(region) => read(self.row_in(region, index)),
                Source::Stored(rows) => rows
                    .with_row(index, self.dimension, read)
                    .expect("a file of rows does not change while it is open"),
            },
        }
    }

    /// The row, if rows are traversed.
    ///
    /// # Panics
    /// In precisions with codes.
    #[inline]
    pub(crate) fn fixed_row(&self, index: usize) -> &[f32] {
        match &self.rows {
            Rows::Fixed(region) => self.row_in(region, index),
            Rows::Replaceable(_) => panic!("rows of an arena with codes are not traversed"),
        }
    }

    #[inline]
    fn row_in<'a>(&self, region: &'a Region, index: usize) -> &'a [f32] {
        // SAFETY: callers come through `Arena::chunk`, which saw the slot published; a published
        // row is never written again.
        unsafe { region.slice(index * self.dimension * size_of::<f32>(), self.dimension) }
    }

    /// The codes and their header; `T` must be the precision's type.
    #[inline]
    pub(crate) fn codes<T: Plain>(&self, index: usize) -> (&[T], CodeHeader) {
        debug_assert_eq!(size_of::<T>(), self.precision.code_bytes());
        let at = CODES_AT + index * self.dimension * size_of::<T>();
        // SAFETY: as in `row_in`.
        let codes = unsafe { self.codes.slice(at, self.dimension) };
        let header = self.header(index).try_into().expect("a header's bytes");
        (codes, CodeHeader::from_bytes(header))
    }

    #[inline]
    fn header(&self, index: usize) -> &[u8] {
        // SAFETY: as in `row_in`.
        unsafe { self.codes.slice(index * HEADER_BYTES, HEADER_BYTES) }
    }

    #[inline]
    pub(super) fn prefetch(&self, index: usize) {
        if self.precision != Precision::F32 {
            prefetch_lines(self.header(index));
        }
        match self.precision {
            Precision::F32 => prefetch_lines(self.fixed_row(index)),
            Precision::F16 => prefetch_lines(self.codes::<f16>(index).0),
            Precision::I8 => prefetch_lines(self.codes::<i8>(index).0),
        }
    }

    /// Prefetches the first cache lines of the `f32` row if it is in memory.
    #[inline]
    pub(super) fn prefetch_exact(&self, index: usize) {
        match &self.rows {
            Rows::Fixed(region) => prefetch_lines(self.row_in(region, index)),
            Rows::Replaceable(rows) => {
                if let Source::Owned(region) = &**rows.load() {
                    prefetch_lines(self.row_in(region, index));
                }
            }
        }
    }

    pub(super) fn is_replaceable(&self) -> bool {
        match &self.rows {
            Rows::Fixed(_) => false,
            Rows::Replaceable(source) => matches!(**source.load(), Source::Owned(_)),
        }
    }

    pub(super) fn replace(&self, rows: StoredRows) {
        match &self.rows {
            Rows::Fixed(_) => unreachable!("the arena does not replace traversed rows"),
            Rows::Replaceable(source) => source.store(Arc::new(Source::Stored(rows))),
        }
    }

    pub(super) fn add_memory(&self, rows: usize, memory: &mut ArenaMemory) {
        let row_bytes = rows * self.dimension * size_of::<f32>();
        if self.precision != Precision::F32 {
            let code_bytes = self.dimension * self.precision.code_bytes() + HEADER_BYTES;
            memory.owned_bytes += rows * code_bytes;
        }
        match &self.rows {
            Rows::Replaceable(source) if matches!(**source.load(), Source::Stored(_)) => {
                memory.stored_bytes += row_bytes;
            }
            _ => memory.owned_bytes += row_bytes,
        }
    }
}

impl Rows {
    fn replaceable(source: Source) -> Self {
        Self::Replaceable(ArcSwap::from_pointee(source))
    }
}

fn codes_region(dimension: usize, precision: Precision) -> Region {
    match precision {
        Precision::F32 => Region::new(0),
        _ => Region::new(CODES_AT + ROWS_PER_CHUNK * dimension * precision.code_bytes()),
    }
}
