//! The verdict in one sentence.

use lakehouse_rig::text::counted;

use crate::outcome::{CaseVerdict, Run, RunVerdict};

/// Why the run has its verdict, with a final dot.
pub(super) fn sentence(run: &Run) -> String {
    match run.verdict {
        RunVerdict::Pass => match run.divergences.iter().map(|pin| pin.matched).sum::<usize>() {
            0 => "Every answer matched.".to_owned(),
            accepted => format!(
                "Every answer matched, except {} that you have accepted.",
                counted(accepted, "difference")
            ),
        },
        RunVerdict::Inconclusive => {
            "No unexpected differences found, but not everything could be compared.".to_owned()
        }
        RunVerdict::Fail => failures(run),
    }
}

fn failures(run: &Run) -> String {
    let mut parts = Vec::new();
    let count = |verdict| run.cases.iter().filter(|c| c.verdict == verdict).count();
    match count(CaseVerdict::Diverged) {
        0 => {}
        1 => parts.push("1 case differs unexpectedly".to_owned()),
        cases => parts.push(format!("{} differ unexpectedly", counted(cases, "case"))),
    }
    parts.extend(run.not_compared());
    match run.ledger_failures.len() {
        0 => {}
        1 => parts.push("1 ledger entry no longer holds".to_owned()),
        entries => parts.push(format!("{entries} ledger entries no longer hold")),
    }
    let survivors = run
        .mutation
        .iter()
        .map(|m| m.survivors.len())
        .sum::<usize>();
    if survivors > 0 {
        let survivors = counted(survivors, "damaged answer");
        parts.push(format!("the comparison missed {survivors}"));
    }
    if !run.infrastructure.is_empty() {
        parts.push(counted(run.infrastructure.len(), "infrastructure failure"));
    }
    if parts.is_empty() {
        return "The run failed.".to_owned();
    }
    format!("{}.", parts.join("; "))
}
