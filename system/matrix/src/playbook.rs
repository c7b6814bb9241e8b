//! The playbook: recorded answers, which change the ranking of similar queries (`playbook.md`).
//!
//! - [`Recording`]: one answer, an item of the index [`PLAYBOOK_INDEX`](crate::PLAYBOOK_INDEX); its
//!   [`Score`] decays with time.
//! - [`PlaybookConfig`]: which recordings are near enough, and how fast scores decay.
//! - [`Reason`]: why a recording had no effect.

mod consider;
mod memory;
mod recording;

pub use consider::Reason;
pub(crate) use consider::{AnswerState, Considered, Verdict, consider};
pub(crate) use memory::Memory;
pub use recording::{Recording, Score};

/// The largest number of recordings that is searched exactly, without a graph: the contract's minimum
/// (`vector_search.md`).
pub(crate) const EXACT_UP_TO: usize = 5_000;

/// The settings of the playbook; the defaults are the contract's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaybookConfig {
    /// The maximum number of recordings for a query. Default: 16.
    pub max_recordings: usize,
    /// The maximum distance of a recording from the query. Default: 0.6.
    pub max_distance: f64,
    /// The share by which a recording of score 1 reduces the distance of its answer. Default: 0.5.
    pub weight: f64,
    /// The half-life of scores, in days. Default: 180.
    pub half_life_days: f64,
}

impl Default for PlaybookConfig {
    fn default() -> Self {
        Self {
            max_recordings: 16,
            max_distance: 0.6,
            weight: 0.5,
            half_life_days: 180.0,
        }
    }
}

impl PlaybookConfig {
    /// The factor for the distance of an answer with this decayed score.
    pub fn factor(&self, score: f64) -> f64 {
        1.0 - self.weight * score
    }

    /// The score after this number of days.
    pub fn decayed(&self, score: f64, days: u64) -> f64 {
        score * 0.5_f64.powf(days as f64 / self.half_life_days)
    }
}
