//! The result so far.

use std::{fmt, time::Duration};

use lakehouse_wire::matrix::DocumentsTaken;

/// The largest number of rejected lines that are printed.
const MAX_SHOWN: usize = 20;

/// The first of many lines of a report.
#[derive(Debug, Default)]
pub(super) struct Shown {
    lines: Vec<String>,
    count: u64,
}

impl Shown {
    /// Adds lines, and keeps those that are shown.
    pub(super) fn extend(&mut self, lines: impl IntoIterator<Item = String>) {
        for line in lines {
            self.add(line);
        }
    }

    fn add(&mut self, line: String) {
        self.count += 1;
        if self.lines.len() < MAX_SHOWN {
            self.lines.push(line);
        }
    }

    /// The number of lines, shown or not.
    pub(super) fn count(&self) -> u64 {
        self.count
    }
}

/// Each line with its line feed, and the number of those that are not shown.
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        match self.count - self.lines.len() as u64 {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}

/// The sum of all answers.
#[derive(Debug, Default)]
pub(super) struct Tally {
    taken: u64,
    lines: u64,
    rejected: Shown,
}

impl Tally {
    /// Adds the answer for a batch that begins at `first_line`.
    pub(super) fn add(&mut self, first_line: u64, lines: u64, answer: &DocumentsTaken<'_>) {
        self.taken += answer.taken.get().unsigned_abs();
        self.lines += lines;
        for error in &answer.errors.0 {
            let line = first_line + error.line.get().unsigned_abs() - 1;
            self.rejected.add(format!("line {line}: {}", error.reason));
        }
        // An answer does not list all of them.
        let unlisted = answer.refused.get().unsigned_abs();
        self.rejected.count += unlisted.saturating_sub(answer.errors.0.len() as u64);
    }

    /// The number of rejected lines.
    pub(super) fn rejected(&self) -> u64 {
        self.rejected.count()
    }

    /// The number of lines that were answered.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// For the progress bar.
    pub(super) fn in_short(&self) -> String {
        match self.rejected() {
            0 => format!("{} taken", self.taken),
            rejected => format!("{} taken, {rejected} rejected", self.taken),
        }
    }

    /// For the end: one line for the sum, and one for each rejected line that is shown.
    pub(super) fn report(&self, corpus: &str, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        let rate = self.taken as f64 / seconds.max(0.001);
        let sum = self.in_short();
        let rejected = self.rejected.to_string();
        let text =
            format!("corpus `{corpus}`: {sum} in {seconds:.1} s, {rate:.0} per second\n{rejected}");
        text.trim_end_matches('\n').to_owned()
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
