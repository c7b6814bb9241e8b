//! Rows that no snapshot holds yet, in a file nevertheless: they are read for rescoring only, and
//! between two snapshots there may be many.

use std::cell::Cell;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use lakehouse_nearest::{Arena, ArenaError, ROWS_PER_CHUNK, StoredRows};

use crate::index::pace::Pace;

/// Rows that are written between two rests.
const STEP: usize = 256;

/// Where rows are put. What is written here is for this process alone: the log has what was
/// acknowledged, so nothing is forced to the disk, and the files have no names.
pub(crate) struct Spill {
    folder: PathBuf,
    /// A disk that refuses once is not asked again: the rows stay in memory until a snapshot.
    is_refused: Cell<bool>,
}

impl Spill {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            is_refused: Cell::new(false),
        }
    }

    /// Takes the `f32` rows of full chunks out of memory.
    pub(crate) fn relieve(&self, arena: &Arena, pace: &Pace) {
        for chunk in arena.exchangeable_chunks() {
            if self.is_refused.get() {
                return;
            }
            if let Err(error) = self.move_out(arena, chunk, pace) {
                self.is_refused.set(true);
                tracing::warn!(
                    folder = %self.folder.display(),
                    error = %error,
                    "rows stay in memory until the next snapshot: they could not be put into a file"
                );
            }
        }
    }

    fn move_out(&self, arena: &Arena, chunk: usize, pace: &Pace) -> Result<(), ArenaError> {
        let mut file: File = tempfile::tempfile_in(&self.folder)?;
        let first = chunk * ROWS_PER_CHUNK;
        for from in (first..first + ROWS_PER_CHUNK).step_by(STEP) {
            arena.write_rows(from as u32..(from + STEP) as u32, &mut file)?;
            pace.breathe();
        }
        let rows = StoredRows::new(Arc::new(file), 0, ROWS_PER_CHUNK * arena.dimension())?;
        arena.replace_chunk(chunk, rows)
    }
}
