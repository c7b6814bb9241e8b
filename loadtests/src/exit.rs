//! Exit codes.

use crate::gates::BudgetError;
use crate::results::Verdict;

/// Every gate held.
pub const PASS: u8 = 0;
/// A build, a start or a file failed.
pub const INFRASTRUCTURE: u8 = 1;
/// The command line or `budgets.toml` is wrong.
pub const USAGE: u8 = 2;
/// A gate did not hold.
pub const FAILED: u8 = 3;
/// Not everything could be judged.
pub const INCONCLUSIVE: u8 = 4;

/// The exit code of a run that came to a verdict.
#[must_use]
pub fn of_verdict(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => PASS,
        Verdict::Fail => FAILED,
        Verdict::Inconclusive => INCONCLUSIVE,
    }
}

/// Something that was asked for and cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// The exit code of a run that came to none.
#[must_use]
pub fn of_error(error: &anyhow::Error) -> u8 {
    let is_usage = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<UsageError>() || matches!(cause.downcast_ref(), Some(BudgetError::Wrong { .. }))
    };
    if error.chain().any(is_usage) {
        USAGE
    } else {
        INFRASTRUCTURE
    }
}
