//! Moves `f32` rows that no snapshot holds yet to a file. They are read for rescoring only, and many
//! may accumulate between two snapshots.

use std::cell::Cell;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use lakehouse_nearest::{Arena, ArenaError, ROWS_PER_CHUNK, StoredRows};

use crate::index::pace::Pace;

/// The number of rows written between two pauses.
const STEP: usize = 256;

/// The destination of spilled rows. It serves this process alone: the log holds every acknowledged
/// write, so nothing is synced, and the files have no names.
pub(crate) struct Spill {
    folder: PathBuf,
    /// After an error nothing more is spilled: rows stay in memory until a snapshot.
    has_failed: Cell<bool>,
}

impl Spill {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            has_failed: Cell::new(false),
        }
    }

    /// Moves the `f32` rows of full chunks from memory to the file.
    pub(crate) fn spill(&self, arena: &Arena, pace: &Pace) {
        for chunk in arena.replaceable_chunks() {
            if self.has_failed.get() {
                return;
            }
            if let Err(error) = self.move_out(arena, chunk, pace) {
                self.has_failed.set(true);
                tracing::warn!(
                    folder = %self.folder.display(),
                    error = %error,
                    "could not move rows to a file; they stay in memory until the next snapshot"
                );
            }
        }
    }

    fn move_out(&self, arena: &Arena, chunk: usize, pace: &Pace) -> Result<(), ArenaError> {
        let mut file: File = tempfile::tempfile_in(&self.folder)?;
        let first = chunk * ROWS_PER_CHUNK;
        for from in (first..first + ROWS_PER_CHUNK).step_by(STEP) {
            arena.write_rows(from as u32..(from + STEP) as u32, &mut file)?;
            pace.pause_if_due();
        }
        let rows = StoredRows::new(Arc::new(file), 0, ROWS_PER_CHUNK * arena.dimension())?;
        arena.replace_chunk(chunk, rows)
    }
}
