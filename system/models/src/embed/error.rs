//! What can go wrong with an embedding.

use lakehouse_base::{ErrorCode, UpstreamError};

/// Why texts were not embedded. Cloned when several requests waited for one answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// A text has nothing but white space.
    #[error("text {index} is empty")]
    EmptyText {
        /// Its place, from 0.
        index: usize,
    },
    /// No provider serves the model.
    #[error("unknown model `{model}`")]
    UnknownModel {
        /// The name as it was asked for.
        model: String,
    },
    /// Another program was asked and failed.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// The task that asked for the vectors ended without an answer; nothing but a defect or the
    /// end of the process does that.
    #[error("{provider}: the request was given up")]
    GivenUp {
        /// The provider's name.
        provider: &'static str,
    },
}

impl EmbedError {
    /// The error's kind.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::EmptyText { .. } | Self::UnknownModel { .. } => ErrorCode::BadRequest,
            Self::Upstream(error) => error.code(),
            Self::GivenUp { .. } => ErrorCode::Internal,
        }
    }
}
