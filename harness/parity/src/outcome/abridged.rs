//! The run of a report that must be written at once.

use std::sync::Arc;

use lakehouse_rig::text::counted;

use super::{Run, RunVerdict};
use crate::observation::{Observation, Step};

/// The longest answer that is kept, in bytes.
const MAX_ANSWER: usize = 50_000;
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

    /// Removes long answers, and most differences of a case that has many, so that the reports of a
    /// run that was cut short are written at once.
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
            for answer in [&mut case.left, &mut case.right] {
                answer.take_if(|answer| size(answer) > MAX_ANSWER);
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
