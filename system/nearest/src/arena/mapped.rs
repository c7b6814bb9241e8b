//! Rows in a mapped file.

#![expect(unsafe_code, reason = "maps a file and reads its bytes as numbers")]

use std::fs::File;
use std::sync::Arc;

use memmap2::{Mmap, MmapOptions};

use super::ArenaError;

/// A range of a mapped file that holds `f32` rows without gaps, in the byte order of the machine,
/// which must be little-endian.
#[derive(Clone)]
pub struct MappedRows {
    map: Arc<Mmap>,
    offset: usize,
    values: usize,
}

impl MappedRows {
    /// `values` numbers (rows × dimension) from byte `offset` of the map.
    ///
    /// # Errors
    /// When the range is not within the map, or `offset` is not a multiple of four.
    pub fn new(map: Arc<Mmap>, offset: usize, values: usize) -> Result<Self, ArenaError> {
        let end = values
            .checked_mul(size_of::<f32>())
            .and_then(|bytes| offset.checked_add(bytes));
        if !offset.is_multiple_of(align_of::<f32>()) || end.is_none_or(|end| end > map.len()) {
            return Err(ArenaError::Parts {
                reason: "the rows are not within the mapped file",
            });
        }
        if cfg!(target_endian = "big") {
            return Err(ArenaError::Parts {
                reason: "rows are mapped on little-endian machines",
            });
        }
        Ok(Self {
            map,
            offset,
            values,
        })
    }

    /// Maps the whole of `file`, for several [`MappedRows::new`]. The file must not be truncated
    /// or changed while it is mapped: a reader of the lost part would be ended by the system.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn map_file(file: &File) -> Result<Arc<Mmap>, ArenaError> {
        // SAFETY: the contract above is the caller's; a store file is written once, then renamed.
        let map = unsafe { MmapOptions::new().map(file)? };
        Ok(Arc::new(map))
    }

    pub(crate) fn values(&self) -> usize {
        self.values
    }

    #[inline]
    pub(crate) fn slice(&self) -> &[f32] {
        // SAFETY: `new` checked the range and its alignment (a map begins at a page), and any
        // bits are an `f32`.
        unsafe {
            std::slice::from_raw_parts(self.map.as_ptr().add(self.offset).cast(), self.values)
        }
    }
}
