//! The answers to the cases of a job.

use crate::transport::{Answers, Job};

/// A job and its answers.
#[derive(Debug)]
pub(super) struct Driven {
    pub(super) job: Job,
    /// The answers of the first round, which are compared.
    pub(super) first: Answers,
    /// The answers of the later rounds, each in another order.
    pub(super) later: Vec<Answers>,
    /// The answers of one more round in the order of the first, if a later one differs. It shows
    /// whether answers depend on the order.
    pub(super) control: Option<Answers>,
    /// The duration of the first round, in milliseconds.
    pub(super) duration_ms: u64,
}
