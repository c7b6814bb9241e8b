//! What a person sees while a load runs: one line that is rewritten, or a line a slice where
//! nobody looks.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::drive::{self, Plan};

/// The line.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// On standard error.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("a template that is well-formed"));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// Something begins.
    pub(super) fn begin(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        if self.bar.is_hidden() {
            eprintln!("{what}");
        }
    }

    /// How far a generator is.
    pub(super) fn tell(&self, name: &str, plan: &Plan, progress: &drive::Progress) {
        let whole = plan.warm_up_seconds + plan.seconds;
        let rate = progress.count as f64 / progress.seconds.max(0.001);
        self.bar.set_message(format!(
            "{name}, {} users: {:.0} of {whole:.0} s, {rate:.0}/s, {} failures",
            plan.users, progress.seconds, progress.failures
        ));
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}
