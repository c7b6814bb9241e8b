//! Errors of embedders.

use lakehouse_base::{ErrorCode, UpstreamError};

/// Why texts were not embedded. Requests that share a call get clones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// A text is blank.
    #[error("text {index} is empty")]
    EmptyText {
        /// The text's index.
        index: usize,
    },
    /// No provider serves the model.
    #[error("unknown model `{model}`")]
    UnknownModel {
        /// The requested name.
        model: String,
    },
    /// A call to another program failed.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// The task that made the call ended without an outcome, because of a defect or the end of the
    /// process.
    #[error("{provider}: the request was abandoned")]
    Abandoned {
        /// The provider's name.
        provider: &'static str,
    },
}

impl EmbedError {
    /// The error's code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::EmptyText { .. } | Self::UnknownModel { .. } => ErrorCode::BadRequest,
            Self::Upstream(error) => error.code(),
            Self::Abandoned { .. } => ErrorCode::Internal,
        }
    }
}
