//! Rows in a file, read one at a time.
//!
//! Rows are read by position and not mapped: mapped pages, including neighbouring ones, stay in the
//! process's memory as long as the map, whereas reads leave nothing behind. The system caches the
//! file's pages either way, and a cached read takes well below a microsecond.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::ArenaError;
use crate::region::as_bytes_mut;

/// A range of a file that holds contiguous `f32` rows in the machine's byte order, which must be
/// little-endian.
#[derive(Clone)]
pub struct StoredRows {
    file: Arc<File>,
    offset: u64,
    values: usize,
}

impl StoredRows {
    /// The range of `values` numbers (rows × dimension) from byte `offset`. The file must not be
    /// changed or truncated afterwards.
    ///
    /// # Errors
    /// If the range is not within the file.
    pub fn new(file: Arc<File>, offset: u64, values: usize) -> Result<Self, ArenaError> {
        let length = file.metadata()?.len();
        let end = values
            .checked_mul(size_of::<f32>())
            .and_then(|bytes| offset.checked_add(bytes as u64));
        if end.is_none_or(|end| end > length) {
            return Err(ArenaError::Parts {
                reason: "the rows are not within the file",
            });
        }
        if cfg!(target_endian = "big") {
            return Err(ArenaError::Parts {
                reason: "rows are stored on little-endian machines",
            });
        }
        Ok(Self {
            file,
            offset,
            values,
        })
    }

    pub(crate) fn values(&self) -> usize {
        self.values
    }

    /// Calls `read` with row `index`, for rows of this dimension.
    pub(crate) fn with_row<R>(
        &self,
        index: usize,
        dimension: usize,
        read: impl FnOnce(&[f32]) -> R,
    ) -> io::Result<R> {
        thread_local! {
            // Taken out during the call, because `read` may itself read another row.
            static ROW: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
        }
        assert!((index + 1) * dimension <= self.values, "row `{index}`");
        let mut row = ROW.take();
        row.resize(dimension, 0.0);
        let at = self.offset + (index * dimension * size_of::<f32>()) as u64;
        self.file.read_exact_at(as_bytes_mut(&mut row), at)?;
        let result = read(&row);
        ROW.set(row);
        Ok(result)
    }
}
