//! What was a good answer once is remembered, and moves the answers to like questions
//! (`playbook.md`).
//!
//! - [`Recording`]: one remembered answer, an item of the index [`PLAYBOOK_INDEX`](crate::PLAYBOOK_INDEX); its [`Score`] fades
//!   with time.
//! - [`PlaybookConfig`]: how near is near enough, and how fast scores fade.
//! - [`Reason`]: why a recording moved nothing.

mod consider;
mod memory;
mod recording;

pub use consider::Reason;
pub(crate) use consider::{Standing, Verdict, consider};
pub(crate) use memory::Memory;
pub use recording::{Recording, Score};

/// Up to how many recordings every search is exact, and no graph is built: as many as the contract
/// wants searched exactly (`vector_search.md`).
pub(crate) const EXACT_UP_TO: usize = 5_000;

/// How much is remembered of what; the defaults are the contract's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaybookConfig {
    /// How many of the nearest recordings are considered. Default: 16.
    pub most_considered: usize,
    /// How far from the query the farthest of them may be. Default: 0.6.
    pub max_distance: f32,
    /// By which share of its distance a recording of score 1 brings its answer nearer.
    /// Default: 0.5.
    pub weight: f64,
    /// After how many days a score counts half. Default: 180.
    pub half_life_days: f64,
}

impl Default for PlaybookConfig {
    fn default() -> Self {
        Self {
            most_considered: 16,
            max_distance: 0.6,
            weight: 0.5,
            half_life_days: 180.0,
        }
    }
}

impl PlaybookConfig {
    /// What the distance of an answer is multiplied by, at a score as it counts today.
    pub fn factor(&self, score: f64) -> f64 {
        1.0 - self.weight * score
    }

    /// What a score counts after some whole days.
    pub fn faded(&self, score: f64, days: u64) -> f64 {
        score * 0.5_f64.powf(days as f64 / self.half_life_days)
    }
}
