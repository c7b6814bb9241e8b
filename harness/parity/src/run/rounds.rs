//! How often the cases of a job are sent.

use std::collections::BTreeMap;

use lakehouse_rig::implementation::Reach;

use super::participant::Participant;
use crate::outcome::ImplementationKind;
use crate::transport::Job;

/// Whether the cases of a job are sent: its implementation is live or at a URL.
pub(super) fn is_run(job: &Job, participants: &BTreeMap<String, Participant>) -> bool {
    let participant = participants.get(&job.implementation.name);
    participant.is_some_and(|participant| {
        let is_reachable = matches!(
            participant.kind,
            ImplementationKind::Live | ImplementationKind::Url
        );
        is_reachable && !participant.broken
    })
}

/// The number of times that the cases of a job are sent.
pub(super) fn rounds(job: &Job, participants: &BTreeMap<String, Participant>, once: bool) -> usize {
    match (is_run(job, participants), once || is_once(job)) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => job.probe.noise_runs,
    }
}

/// Whether a job runs once: a server that is already running keeps the writes of the first round,
/// so a second round would differ.
pub(super) fn is_once(job: &Job) -> bool {
    matches!(job.implementation.reach, Reach::Url { .. }) && job.probe.writes
}
