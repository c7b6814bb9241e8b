//! The run of a report that must be written at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::text::counted;

use super::{CaseVerdict, Run, RunVerdict};
use crate::observation::{Observation, Step};

/// The size of all answers that are kept, in bytes. Reports compare them line by line, which can
/// take the square of their size.
const MAX_ANSWERS: usize = 40_000;
/// The body of an answer that is not kept.
const LEFT_OUT: &str = "(left out, because the run was cut short)";
/// The number of differences that are kept of a case.
const MAX_DIFFERENCES: usize = 50;

impl Run {
    /// Records that a signal ended the run, and shortens it.
    pub fn become_partial(&mut self, when: &str) {
        self.cut_short = true;
        self.inconclusive
            .push(format!("the run was cut short by a signal {when}"));
        if self.verdict == RunVerdict::Pass {
            self.verdict = RunVerdict::Inconclusive;
        }
        self.abridge();
    }

    /// Leaves out the text of all answers but the first ones, and most differences of a case that has
    /// many, so that the reports of a run that was cut short are written at once.
    pub fn abridge(&mut self) {
        for case in &mut self.cases {
            let more = case.differences.len().saturating_sub(MAX_DIFFERENCES);
            if more > 0 {
                case.differences.truncate(MAX_DIFFERENCES);
                case.suggested_pins.clear();
                case.reasons.push(format!(
                    "{} left out, because the run was cut short",
                    counted(more, "more difference")
                ));
            }
        }
        let mut room = MAX_ANSWERS;
        // Reports have no answers of other cases.
        for verdict in [
            CaseVerdict::Diverged,
            CaseVerdict::Invalid,
            CaseVerdict::Known,
        ] {
            let cases = self.cases.iter_mut();
            for case in cases.filter(|case| case.verdict == verdict) {
                for answer in [&mut case.left, &mut case.right] {
                    let size = answer.as_ref().map_or(0, size);
                    if size > room {
                        *answer = answer
                            .as_deref()
                            .map(|answer| Arc::new(without_texts(answer)));
                    } else {
                        room -= size;
                    }
                }
            }
        }
    }
}

fn size(answer: &Arc<Observation>) -> usize {
    let of_step = |step: &Step| {
        let files: usize = step.files.values().map(Vec::len).sum();
        step.body.len() + files
    };
    answer.steps.iter().map(of_step).sum()
}

/// An answer without its body and files.
fn without_texts(answer: &Observation) -> Observation {
    let of_step = |step: &Step| Step {
        body: LEFT_OUT.into(),
        files: BTreeMap::new(),
        upstream: None,
        status: step.status,
        headers: step.headers.clone(),
        trailers: step.trailers.clone(),
        script: step.script,
        exit: step.exit,
        stderr_tail: step.stderr_tail.clone(),
        log: step.log.clone(),
        failure: step.failure.clone(),
    };
    Observation {
        steps: answer.steps.iter().map(of_step).collect(),
    }
}
