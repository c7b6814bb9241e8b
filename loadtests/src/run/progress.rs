//! The progress display: a line that is rewritten on a terminal, or a line for each step elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::drive::{self, Plan};

/// The progress display.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Creates a display on standard error.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is valid"));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// Shows the next step.
    pub(super) fn step(&self, message: &str) {
        self.bar.set_message(message.to_owned());
        if self.bar.is_hidden() {
            eprintln!("{message}");
        }
    }

    /// Shows the progress of a generator.
    pub(super) fn update(&self, name: &str, plan: &Plan, progress: &drive::Progress) {
        let total = plan.warm_up_seconds + plan.seconds;
        let rate = progress.count as f64 / progress.seconds.max(0.001);
        self.bar.set_message(format!(
            "{name}, {} users: {:.0} of {total:.0} s, {rate:.0}/s, {} failures",
            plan.users, progress.seconds, progress.failures
        ));
    }

    /// Removes the display.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}
