//! The strip on top of the page: whether each implementation may replace the reference.

use lakehouse_rig::text::{Prose, prose, visible};

use crate::outcome::{Decision, Replacement};

pub(super) struct ReplacementView {
    pub(super) implementation: String,
    pub(super) decision: String,
    pub(super) class: &'static str,
    pub(super) summary: Prose,
    /// The surfaces that it lacks.
    pub(super) lacks: String,
}

impl ReplacementView {
    pub(super) fn new(replacement: &Replacement) -> ReplacementView {
        ReplacementView {
            implementation: visible(&replacement.implementation).into_owned(),
            decision: replacement.decision.to_string(),
            class: match replacement.decision {
                Decision::Yes => "pass",
                Decision::No => "fail",
                Decision::Unknown => "inconclusive",
            },
            summary: prose(&replacement.summary()),
            lacks: visible(&replacement.lacks.join(", ")).into_owned(),
        }
    }
}
