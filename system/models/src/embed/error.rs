//! Errors of embedders.

use lakehouse_base::{ErrorCode, UpstreamError, UpstreamFault, after_colon};

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
    /// The provider's program answered that it does not know the model, or the address.
    #[error(
        "unknown model `{model}`: {provider} answered status 404 to `POST {path}`{}",
        after_colon(words)
    )]
    NotFound {
        /// The requested name.
        model: String,
        /// The provider's name.
        provider: &'static str,
        /// The path that was asked, below the configured address.
        path: &'static str,
        /// What the program says about it; may be empty.
        words: String,
    },
    /// A call to another program failed.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// A model in this process failed at a text.
    #[error("{provider}: {words}")]
    Rejected {
        /// The provider's name.
        provider: &'static str,
        /// What the model says about it.
        words: String,
    },
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
            Self::EmptyText { .. }
            | Self::UnknownModel { .. }
            | Self::NotFound { .. }
            | Self::Rejected { .. } => ErrorCode::BadRequest,
            Self::Upstream(error) => error.code(),
            Self::Abandoned { .. } => ErrorCode::Internal,
        }
    }

    /// Whether the failure may be due to a text of the request, so that others may be embedded.
    pub fn may_be_of_a_text(&self) -> bool {
        self.is_of_a_text() || self.fault().is_some_and(is_doubtful)
    }

    /// Whether the failure is due to a text of the request: the program rejects its input.
    pub fn is_of_a_text(&self) -> bool {
        let is_status = matches!(
            self.fault(),
            Some(UpstreamFault::Status {
                status: 400 | 413 | 422,
                ..
            })
        );
        is_status || matches!(self, Self::Rejected { .. })
    }

    fn fault(&self) -> Option<&UpstreamFault> {
        match self {
            Self::Upstream(error) => Some(&error.fault),
            _ => None,
        }
    }
}

/// Whether a fault is one of the program, or due to a text that it fails at.
fn is_doubtful(fault: &UpstreamFault) -> bool {
    matches!(
        fault,
        UpstreamFault::Malformed | UpstreamFault::Status { status: 500, .. }
    )
}
