//! Errors of corpora, searches and recordings.

use lakehouse_base::ErrorCode;
use lakehouse_vector::VectorError;

use crate::names::PLAYBOOK_INDEX;
use crate::sql_filter::SqlFilterError;
use lakehouse_models::embed::EmbedError;

/// Why a request failed, worded as in the contract.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// The corpus name is malformed or reserved.
    #[error(
        "corpus name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit, and not `{}`",
        PLAYBOOK_INDEX
    )]
    CorpusName,
    /// The query is blank.
    #[error("query_text is empty")]
    EmptyQuery,
    /// There is no such corpus.
    #[error("unknown corpus `{corpus}`")]
    UnknownCorpus {
        /// The requested name.
        corpus: String,
    },
    /// The corpus exists with another model.
    #[error("corpus `{corpus}` exists with model `{model}`")]
    OtherModel {
        /// The corpus's name.
        corpus: String,
        /// The corpus's model.
        model: String,
    },
    /// The corpus has no such document.
    #[error("corpus `{corpus}` has no document `{id}`")]
    UnknownDocument {
        /// The corpus.
        corpus: String,
        /// The requested id.
        id: String,
    },
    /// There is no such recording.
    #[error("no recording `{id}`")]
    UnknownRecording {
        /// The requested id.
        id: String,
    },
    /// The SQL-style filter is malformed.
    #[error(transparent)]
    SqlFilter(#[from] SqlFilterError),
    /// The texts could not be embedded.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// The vector engine failed.
    #[error(transparent)]
    Vector(#[from] VectorError),
}

impl MatrixError {
    /// The error's code.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::CorpusName | Self::EmptyQuery => ErrorCode::BadRequest,
            Self::UnknownCorpus { .. }
            | Self::UnknownDocument { .. }
            | Self::UnknownRecording { .. } => ErrorCode::NotFound,
            Self::OtherModel { .. } => ErrorCode::Conflict,
            Self::SqlFilter(error) => error.code(),
            Self::Embed(error) => error.code(),
            Self::Vector(error) => error.code(),
        }
    }
}

/// An ingestion that failed after some documents.
#[derive(Debug, thiserror::Error)]
#[error("{source}; {ingested} documents were taken, the first that was not is on line {line}")]
pub struct IngestError {
    /// The failure.
    pub source: MatrixError,
    /// The number of ingested documents, which remain.
    pub ingested: usize,
    /// The line of the first document that was not ingested.
    pub line: usize,
}

impl IngestError {
    /// The failure's code.
    pub fn code(&self) -> ErrorCode {
        self.source.code()
    }
}
