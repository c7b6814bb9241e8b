//! Paces background work: small pieces, with pauses between them while the engine is in use.
//!
//! A low priority is not enough. A scheduler works in milliseconds, and kernel work (allocating
//! pages, writing files), which is half of copying rows, may not be preempted at all. At the lowest
//! priority the maintenance thread still kept a core for a tenth of a second, and on two busy cores
//! every request then waits that long.

#[cfg(test)]
pub(crate) mod tests;

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::index::shared::Shared;

/// The duration of one piece of work.
const PIECE: Duration = Duration::from_millis(1);

/// The maximum duration that counts as one piece, because unpaced work may precede it.
const LONGEST_PIECE: Duration = Duration::from_millis(4);

/// The ratio of pause to work, which limits the thread to a third of one core.
const REST: u32 = 2;

/// The pace of an index's background thread.
pub(crate) struct Pace {
    shared: Arc<Shared>,
    is_urgent: Cell<bool>,
    seen: Cell<u64>,
    piece: Cell<Piece>,
}

#[derive(Clone, Copy)]
struct Piece {
    began: Instant,
    /// The thread's processor time at that point. Waiting for a disk counts as a pause.
    worked: Duration,
}

impl Pace {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            is_urgent: Cell::new(false),
            seen: Cell::new(shared.activity.count()),
            shared,
            piece: Cell::new(Piece::begin()),
        }
    }

    /// Turns pauses off while searches are slow until the work is done, and on again.
    pub(crate) fn set_urgent(&self, is_urgent: bool) {
        self.is_urgent.set(is_urgent);
    }

    /// Whether the work is urgent, and runs without pauses.
    pub(crate) fn is_urgent(&self) -> bool {
        self.is_urgent.get() || !self.shared.is_open()
    }

    /// Pauses if a piece of work is done, unless the index has ended. Call it often, and without
    /// holding locks or resources that others wait for.
    pub(crate) fn pause_if_due(&self) {
        let piece = self.piece.get();
        if piece.began.elapsed() < PIECE {
            return;
        }
        let count = self.shared.activity.count();
        let is_in_use = self.seen.replace(count) != count;
        if is_in_use && !self.is_urgent() {
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
