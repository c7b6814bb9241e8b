//! Work in the background in small pieces, with rests between them while the engine is in use.
//!
//! A low priority is not enough. A scheduler deals in milliseconds, and what a thread does inside
//! the kernel (making pages, writing files), which is half of copying rows, may not be interrupted
//! at all: at the lowest priority the keeper still had a core to itself for a tenth of a second,
//! and on two busy cores that is as long as every request then waits.

#[cfg(test)]
pub(crate) mod tests;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::index::shared::Shared;

/// For how long is worked at a time.
const PIECE: Duration = Duration::from_millis(1);

/// What counts as a piece at most: before this one there may have been work that is not paced.
const LONGEST_PIECE: Duration = Duration::from_millis(4);

/// How many times as long as was worked is rested, so that a third of one core is taken at most.
const REST: u32 = 2;

/// That an engine is in use: a number that rises with every request to any of its indexes.
#[derive(Debug, Default)]
pub(crate) struct Activity(AtomicU64);

impl Activity {
    pub(crate) fn note(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The pace of an index's background thread.
pub(crate) struct Pace {
    shared: Arc<Shared>,
    hurries: Cell<bool>,
    seen: Cell<u64>,
    piece: Cell<Piece>,
}

#[derive(Clone, Copy)]
struct Piece {
    began: Instant,
    /// What the thread had of the processor then: waiting for a disk is rest enough.
    worked: Duration,
}

impl Pace {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            hurries: Cell::new(false),
            seen: Cell::new(shared.activity.count()),
            shared,
            piece: Cell::new(Piece::begin()),
        }
    }

    /// Whether no rest is taken from now on, because searches are dearer until the work is done.
    pub(crate) fn hurry(&self, hurries: bool) {
        self.hurries.set(hurries);
    }

    /// Whether others have to give way.
    pub(crate) fn hurries(&self) -> bool {
        self.hurries.get() || !self.shared.is_open()
    }

    /// Rests if it is time to; not once the index has ended, which is waited for. To be called
    /// often, and while nothing is held that others wait for.
    pub(crate) fn breathe(&self) {
        let piece = self.piece.get();
        if piece.began.elapsed() < PIECE {
            return;
        }
        let count = self.shared.activity.count();
        let is_in_use = self.seen.replace(count) != count;
        if is_in_use && !self.hurries() {
            let worked = thread_time().saturating_sub(piece.worked);
            std::thread::sleep(REST * worked.min(LONGEST_PIECE));
        }
        self.piece.set(Piece::begin());
    }
}

impl Piece {
    fn begin() -> Self {
        Self {
            began: Instant::now(),
            worked: thread_time(),
        }
    }
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.try_into().unwrap_or_default()
}
