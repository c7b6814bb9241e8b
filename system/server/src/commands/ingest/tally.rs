//! What became of the lines so far.

use std::{fmt::Write as _, time::Duration};

use super::client::Answer;

/// So many refused lines are shown.
const SHOWN: usize = 20;

/// The sum of all answers.
#[derive(Debug, Default)]
pub(super) struct Tally {
    taken: u64,
    refused: u64,
    lines: u64,
    /// The first refused lines, each with its number in the file.
    shown: Vec<(u64, String)>,
}

impl Tally {
    /// Adds the answer for the lines from `first_line` on.
    pub(super) fn add(&mut self, first_line: u64, lines: u64, answer: Answer) {
        self.taken += answer.taken;
        self.refused += answer.refused;
        self.lines += lines;
        let room = SHOWN - self.shown.len();
        let errors = answer.errors.into_iter().take(room);
        self.shown
            .extend(errors.map(|error| (first_line + error.line.saturating_sub(1), error.reason)));
    }

    /// How many lines were refused.
    pub(super) fn refused(&self) -> u64 {
        self.refused
    }

    /// How many lines were answered.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// For the progress bar.
    pub(super) fn in_short(&self) -> String {
        match self.refused {
            0 => format!("{} taken", self.taken),
            refused => format!("{} taken, {refused} refused", self.taken),
        }
    }

    /// For the end: a line on what was taken, and one for each refused line that is shown.
    pub(super) fn report(&self, corpus: &str, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        let rate = self.taken as f64 / seconds.max(0.001);
        let mut text = format!(
            "corpus `{corpus}`: {} in {seconds:.1} s, {rate:.0} a second",
            self.in_short()
        );
        for (line, reason) in &self.shown {
            // Writing to a string cannot fail.
            let _ = write!(text, "\nline {line}: {reason}");
        }
        match self.refused.saturating_sub(self.shown.len() as u64) {
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
    use super::super::client::LineError;
    use super::*;

    #[test]
    fn lines_are_numbered_as_in_the_file() {
        let mut tally = Tally::default();
        let errors = |count| {
            let error = |line| LineError {
                line,
                reason: "text is empty".to_owned(),
            };
            (1..=count).map(error).collect()
        };
        let answer = |taken, refused, errors| Answer {
            taken,
            refused,
            errors,
        };
        tally.add(1, 1000, answer(1000, 0, Vec::new()));
        tally.add(1001, 1000, answer(999, 1, errors(1)));
        tally.add(2001, 500, answer(350, 150, errors(100)));
        assert_eq!(tally.lines(), 2500);
        let report = tally.report("workers", Duration::from_secs(2));
        let lines: Vec<_> = report.lines().collect();
        assert_eq!(
            lines[0],
            "corpus `workers`: 2349 taken, 151 refused in 2.0 s, 1174 a second"
        );
        assert_eq!(lines[1], "line 1001: text is empty");
        assert_eq!(lines[2], "line 2001: text is empty");
        assert_eq!(lines.len(), 22);
        assert_eq!(lines[21], "and 131 more");
    }
}
