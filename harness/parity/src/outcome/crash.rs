//! Processes that ended while a case ran.

use std::fmt;
use std::path::Path;

use super::CaseOutcome;
use crate::observation::{Failure, Observation};

/// Last lines of standard error that are shown.
const MAX_LINES: usize = 3;

/// A process that ended while a case ran, with the likely cause. `Display` writes one line:
/// `js crashed (exit code 1): TypeError: …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crash<'a> {
    /// The implementation.
    pub implementation: &'a str,
    /// `exit code 1`, `signal 9 (SIGKILL)`.
    pub how: &'a str,
    /// Whether it had answered the case.
    pub has_answered: bool,
    /// The line of standard error that probably names the cause.
    pub cause: Option<&'a str>,
    /// The last lines of standard error.
    pub stderr: Vec<&'a str>,
    /// The log that holds all of it.
    pub log: Option<&'a Path>,
}

impl fmt::Display for Crash<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = if self.has_answered {
            " after its answer"
        } else {
            ""
        };
        write!(f, "{} crashed{after} ({})", self.implementation, self.how)?;
        match self.cause {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl CaseOutcome {
    /// The crashes of both sides, the reference's first.
    #[must_use]
    pub fn crashes(&self) -> Vec<Crash<'_>> {
        let sides = [
            (&self.reference, &self.left),
            (&self.implementation, &self.right),
        ];
        sides
            .into_iter()
            .filter_map(|(name, side)| crash(name, side.as_deref()?))
            .collect()
    }
}

fn crash<'a>(implementation: &'a str, observation: &'a Observation) -> Option<Crash<'a>> {
    let step = observation
        .steps
        .iter()
        .find(|step| step.failure.is_some())?;
    let (how, has_answered) = match step.failure.as_ref()? {
        Failure::Died { how } => (how, false),
        Failure::DiedAfter { how } => (how, true),
        _ => return None,
    };
    let lines: Vec<&str> = step
        .stderr_tail
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    Some(Crash {
        implementation,
        how,
        has_answered,
        cause: cause(&lines),
        stderr: lines[lines.len().saturating_sub(MAX_LINES)..].to_vec(),
        log: step.log.as_deref(),
    })
}

/// The last line that looks like an error message, or else the last line. Runtimes print their
/// stack after the message or before it, so its place does not identify it.
fn cause<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let marks = ["Error", "Exception", "error: ", "panic: ", "fatal", "Fatal"];
    let is_message = |line: &&&str| {
        !line.starts_with(char::is_whitespace) && marks.iter().any(|mark| line.contains(mark))
    };
    // Rust prints the message below the place.
    let below_place = lines
        .windows(2)
        .rev()
        .find(|pair| pair[0].contains("panicked at "))
        .map(|pair| pair[1]);
    below_place
        .or_else(|| lines.iter().rev().find(is_message).copied())
        .or_else(|| lines.last().copied())
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::cause;

    #[test]
    fn the_cause_is_the_error_message_of_each_runtime() {
        for (stderr, expected) in [
            (
                "file:///a.mjs:3\n    throw new TypeError(\"boom\")\n    ^\nTypeError: boom\n    at f (a.mjs:3)\nNode.js v20.20.2",
                "TypeError: boom",
            ),
            (
                "Traceback (most recent call last):\n  File \"a.py\", line 1\n    f()\nValueError: boom",
                "ValueError: boom",
            ),
            (
                "panic: boom\ngoroutine 1 [running]:\npanic({0x46ab20?, 0x4a0ee8?})\nmain.main()\nexit status 2",
                "panic: boom",
            ),
            (
                "thread 'main' panicked at src/main.rs:2:5:\nboom\nnote: run with `RUST_BACKTRACE=1`",
                "boom",
            ),
            ("listening\nout of memory", "out of memory"),
        ] {
            let lines: Vec<&str> = stderr.lines().collect();
            assert_eq!(cause(&lines), Some(expected), "{stderr}");
        }
        assert_eq!(cause(&[]), None);
    }
}
