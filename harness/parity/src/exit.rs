//! Exit codes.

use lakehouse_rig::error::Error;

use crate::outcome::{Run, RunVerdict};

/// Everything compared is equal or declared.
pub const PASS: u8 = 0;
/// A build, a start or a file failed, or something was left behind.
pub const INFRASTRUCTURE: u8 = 1;
/// The command line or a file of the root is wrong.
pub const USAGE: u8 = 2;
/// Something differs that nobody declared, or a ledger is not true any more.
pub const FAILED: u8 = 3;
/// Not everything could be judged.
pub const INCONCLUSIVE: u8 = 4;

/// The exit code of a run. Infrastructure goes first: what it touched cannot be trusted.
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

/// The exit code of a run that could not begin.
#[must_use]
pub fn of_error(error: &Error) -> u8 {
    match error {
        Error::Config(_) | Error::Usage { .. } => USAGE,
        Error::Io { .. } => INFRASTRUCTURE,
    }
}
