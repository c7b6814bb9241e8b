//! How a call to another program fails, in the words of the contract (`embed.md`, "Upstream
//! failures").

use crate::ErrorCode;

/// A call to a provider that failed: `ollama: timed out after 1000 ms`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{provider}: {fault}")]
pub struct UpstreamError {
    /// The provider's name, `ollama`.
    pub provider: String,
    /// What happened.
    pub fault: UpstreamFault,
}

/// What happened to a call to a provider.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamFault {
    /// There was no connection.
    #[error("cannot connect")]
    CannotConnect,
    /// The connection ended before the whole answer was there.
    #[error("connection interrupted")]
    Interrupted,
    /// There was no whole answer within the configured time.
    #[error("timed out after {limit_ms} ms")]
    TimedOut {
        /// The configured limit in milliseconds.
        limit_ms: u64,
    },
    /// It answered a status that is not 200.
    #[error("answered status {0}")]
    Status(u16),
    /// It answered something that is not of the form asked for.
    #[error("answer is malformed")]
    Malformed,
}

impl UpstreamError {
    /// An error of the provider called `provider`.
    pub fn new(provider: impl Into<String>, fault: UpstreamFault) -> Self {
        Self {
            provider: provider.into(),
            fault,
        }
    }

    /// Always [`ErrorCode::Upstream`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::Upstream
    }
}
