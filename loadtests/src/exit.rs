//! Exit codes.

use crate::gates::BudgetError;
use crate::results::Verdict;

/// Every gate held.
pub const PASS: u8 = 0;
/// A build, a start or a file failed.
pub const INFRASTRUCTURE: u8 = 1;
/// The command line or `budgets.toml` is wrong.
pub const USAGE: u8 = 2;
/// A gate failed.
pub const FAILED: u8 = 3;
/// A gate could not be judged, and none failed.
pub const INCONCLUSIVE: u8 = 4;

/// The exit code of a run with a verdict.
#[must_use]
pub fn from_verdict(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => PASS,
        Verdict::Fail => FAILED,
        Verdict::Inconclusive => INCONCLUSIVE,
    }
}

/// An invalid request of the user.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// The exit code of a run without a verdict.
#[must_use]
pub fn from_error(error: &anyhow::Error) -> u8 {
    let is_usage = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<UsageError>()
            || matches!(cause.downcast_ref(), Some(BudgetError::Invalid { .. }))
    };
    if error.chain().any(is_usage) {
        USAGE
    } else {
        INFRASTRUCTURE
    }
}
