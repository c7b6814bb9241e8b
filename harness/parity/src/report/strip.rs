//! The answer to the question that a run is made for: may an implementation replace the reference?

use crate::outcome::{Decision, Run};

/// The command that lists the grounds of the first decision that has some.
///
/// Only a full run leaves the evidence that the command reads.
pub(super) fn command(run: &Run) -> Option<String> {
    if run.filtered || run.cut_short {
        return None;
    }
    let has_grounds =
        |decision: Decision, accepted: usize| decision != Decision::Yes || accepted > 0;
    let first = run
        .replacements
        .iter()
        .find(|replacement| has_grounds(replacement.decision, replacement.accepted))?;
    Some(format!(
        "{} verdict --may-replace {} --by {}",
        run.command, run.reference, first.implementation
    ))
}
