//! The result so far.

use std::{fmt::Write as _, time::Duration};

use lakehouse_wire::matrix::DocumentsTaken;

/// The largest number of rejected lines that are printed.
const MAX_SHOWN: usize = 20;

/// The sum of all answers.
#[derive(Debug, Default)]
pub(super) struct Tally {
    taken: u64,
    rejected: u64,
    lines: u64,
    /// The first rejected lines, each with its number in the file.
    shown: Vec<(u64, String)>,
}

impl Tally {
    /// Adds the answer for a batch that begins at `first_line`.
    pub(super) fn add(&mut self, first_line: u64, lines: u64, answer: &DocumentsTaken<'_>) {
        self.taken += answer.taken.get().unsigned_abs();
        self.rejected += answer.refused.get().unsigned_abs();
        self.lines += lines;
        let room = MAX_SHOWN - self.shown.len();
        let errors = answer.errors.0.iter().take(room);
        self.shown.extend(errors.map(|error| {
            let line = error.line.get().unsigned_abs();
            (first_line + line - 1, error.reason.to_owned())
        }));
    }

    /// The number of rejected lines.
    pub(super) fn rejected(&self) -> u64 {
        self.rejected
    }

    /// The number of lines that were answered.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// For the progress bar.
    pub(super) fn in_short(&self) -> String {
        match self.rejected {
            0 => format!("{} taken", self.taken),
            rejected => format!("{} taken, {rejected} rejected", self.taken),
        }
    }

    /// For the end: one line for the sum, and one for each rejected line that is shown.
    pub(super) fn report(&self, corpus: &str, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        let rate = self.taken as f64 / seconds.max(0.001);
        let mut text = format!(
            "corpus `{corpus}`: {} in {seconds:.1} s, {rate:.0} per second",
            self.in_short()
        );
        for (line, reason) in &self.shown {
            // Writing to a string cannot fail.
            let _ = write!(text, "\nline {line}: {reason}");
        }
        match self.rejected.saturating_sub(self.shown.len() as u64) {
            0 => {}
            more => {
                let _ = write!(text, "\nand {more} more");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_wire::{Array, AtLeast, matrix::LineError};

    use super::*;

    #[test]
    fn lines_are_numbered_as_in_the_file() {
        let mut tally = Tally::default();
        let errors = |count| {
            let error = |line| LineError {
                line: AtLeast::new(line),
                reason: "text is empty",
            };
            (1..=count).map(error).collect()
        };
        let answer = |taken, refused, errors| DocumentsTaken {
            taken: AtLeast::new(taken),
            refused: AtLeast::new(refused),
            errors: Array(errors),
        };
        tally.add(1, 1000, &answer(1000, 0, Vec::new()));
        tally.add(1001, 1000, &answer(999, 1, errors(1)));
        tally.add(2001, 500, &answer(350, 150, errors(100)));
        assert_eq!(tally.lines(), 2500);
        let report = tally.report("workers", Duration::from_secs(2));
        let lines: Vec<_> = report.lines().collect();
        assert_eq!(
            lines[0],
            "corpus `workers`: 2349 taken, 151 rejected in 2.0 s, 1174 per second"
        );
        assert_eq!(lines[1], "line 1001: text is empty");
        assert_eq!(lines[2], "line 2001: text is empty");
        assert_eq!(lines.len(), 22);
        assert_eq!(lines[21], "and 131 more");
    }
}
