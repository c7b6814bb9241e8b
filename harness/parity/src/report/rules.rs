//! What the rules of `fixtures/divergences.toml` accepted.

use lakehouse_rig::text::counted;

use crate::config::pin::FILE;
use crate::outcome::{PinOutcome, Run};

/// A sentence for each rule that accepted differences.
pub(super) fn sentences(run: &Run) -> Vec<String> {
    let rules = run.divergences.iter();
    let rules = rules.filter(|pin| pin.rule && pin.matched > 0);
    rules
        .map(|pin| {
            format!(
                "the rule in `{FILE}:{}` {}: `{}` {} for `{}` ({})",
                pin.line,
                accepted(pin),
                pin.path,
                pin.kind.label(),
                pin.pair[1],
                pin.reason.trim()
            )
        })
        .collect()
}

/// `accepted 57 differences in 31 cases`.
pub(super) fn accepted(pin: &PinOutcome) -> String {
    format!(
        "accepted {} in {}",
        counted(pin.matched, "difference"),
        counted(pin.matched_cases, "case")
    )
}
