//! The step of a run that has no count, such as a build.

use std::time::{Duration, Instant};

use super::rough;

/// The time for which a step runs before its line shows it.
const LONG_STEP: Duration = Duration::from_secs(5);

/// A step without a count.
#[derive(Debug)]
pub(super) struct Step {
    text: String,
    began: Instant,
    /// The last line that it logged.
    pub(super) detail: String,
}

impl Step {
    pub(super) fn new(text: String, began: Instant) -> Step {
        Step {
            text,
            began,
            detail: String::new(),
        }
    }

    /// `building `rust` · 41 s · Compiling axum v0.8.9`
    pub(super) fn line(&self, now: Instant) -> String {
        let elapsed = now.saturating_duration_since(self.began);
        if elapsed < LONG_STEP {
            return self.text.clone();
        }
        let line = format!("{} · {}", self.text, rough(elapsed));
        match self.detail.as_str() {
            "" => line,
            detail => format!("{line} · {detail}"),
        }
    }
}
