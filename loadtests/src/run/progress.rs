//! The progress display: on a terminal a line that is rewritten, elsewhere a line for each step and,
//! at most every 30 seconds, for a load.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anstream::eprintln;
use indicatif::{ProgressBar, ProgressStyle};

use crate::drive::{self, Plan};

/// Minimum interval between the progress lines of a load without a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// The progress display.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Time of the last progress line without a terminal.
    last_line: Mutex<Option<Instant>>,
}

impl Progress {
    /// Creates a display on standard error.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is valid"));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            last_line: Mutex::new(None),
        }
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
        let message = format!(
            "{name}, {} users: {:.0} of {total:.0} s, {rate:.0}/s, {} failures",
            plan.users, progress.seconds, progress.failures
        );
        if self.bar.is_hidden() && progress.count > 0 {
            self.print_sometimes(&message);
        }
        self.bar.set_message(message);
    }

    fn print_sometimes(&self, message: &str) {
        let last_line = self.last_line.lock();
        let mut last_line = last_line.unwrap_or_else(PoisonError::into_inner);
        if last_line.is_none_or(|last| last.elapsed() >= LINE_INTERVAL) {
            *last_line = Some(Instant::now());
            eprintln!("{message}");
        }
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
