//! Exit codes.

use lakehouse_rig::error::Error;

use crate::outcome::{Run, RunVerdict};

/// Everything was compared, and every difference is accepted.
pub const PASS: u8 = 0;
/// A build, a start or a file operation failed, or a process was left behind.
pub const INFRASTRUCTURE: u8 = 1;
/// The command line or a file of the root is wrong.
pub const USAGE: u8 = 2;
/// There is an unexpected difference, or a ledger entry that no longer holds.
pub const FAILED: u8 = 3;
/// Something could not be compared.
pub const INCONCLUSIVE: u8 = 4;

/// The exit code of a run. Infrastructure failures take precedence, because they make the verdict
/// unreliable.
#[must_use]
pub fn of_run(run: &Run) -> u8 {
    if !run.infrastructure.is_empty() {
        return INFRASTRUCTURE;
    }
    match run.verdict {
        RunVerdict::Pass => PASS,
        RunVerdict::Fail => FAILED,
        RunVerdict::Inconclusive => INCONCLUSIVE,
    }
}

/// The exit code of a run that could not start.
#[must_use]
pub fn of_error(error: &Error) -> u8 {
    match error {
        Error::Config(_) | Error::Usage { .. } => USAGE,
        Error::Several { errors, .. } => {
            let is_usage = errors.iter().all(|error| of_error(error) == USAGE);
            if is_usage { USAGE } else { INFRASTRUCTURE }
        }
        Error::Io { .. } => INFRASTRUCTURE,
    }
}
