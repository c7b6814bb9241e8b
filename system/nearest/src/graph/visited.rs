//! The set of slots that a search has visited.

/// A mark for each slot; clearing the set is one addition.
#[derive(Default)]
pub(super) struct Visited {
    epochs: Vec<u16>,
    epoch: u16,
}

impl Visited {
    /// Clears the set; slots below `count` will not need to grow it.
    pub(super) fn clear(&mut self, count: usize) {
        if self.epoch == u16::MAX {
            self.epochs.fill(0);
            self.epoch = 0;
        }
        self.epoch += 1;
        if self.epochs.len() < count {
            self.epochs.resize(count, 0);
        }
    }

    /// Marks the slot; returns whether it was unmarked.
    #[inline]
    pub(super) fn mark(&mut self, slot: u32) -> bool {
        let index = slot as usize;
        if index >= self.epochs.len() {
            // The slot was inserted since the search began.
            self.epochs.resize(index + 1, 0);
        }
        let new = self.epochs[index] != self.epoch;
        self.epochs[index] = self.epoch;
        new
    }
}
