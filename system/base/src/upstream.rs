//! Failures of calls to other programs (`embed.md`, "Upstream failures").

use crate::ErrorCode;

/// A failed call to a provider: `ollama: timed out after 1000 ms`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{provider}: {fault}")]
pub struct UpstreamError {
    /// The provider's name, `ollama`.
    pub provider: String,
    /// The failure.
    pub fault: UpstreamFault,
}

/// The way in which a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamFault {
    /// There was no connection.
    #[error("cannot connect")]
    CannotConnect,
    /// The connection ended before the answer was complete.
    #[error("connection interrupted")]
    Interrupted,
    /// There was no complete answer within the configured time.
    #[error("timed out after {limit_ms} ms")]
    TimedOut {
        /// The configured limit in milliseconds.
        limit_ms: u64,
    },
    /// The status was not 200.
    #[error("answered status {status}{}", after_colon(words))]
    Status {
        /// The status.
        status: u16,
        /// What the program says about it, in one line; may be empty.
        words: String,
    },
    /// The answer did not have the expected form.
    #[error("answer is malformed")]
    Malformed,
}

/// Words after a colon, or nothing.
pub fn after_colon(words: &str) -> String {
    if words.is_empty() {
        String::new()
    } else {
        format!(": {words}")
    }
}

impl UpstreamError {
    /// A failed call to the provider with this name.
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
