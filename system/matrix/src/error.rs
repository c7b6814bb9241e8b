//! What can go wrong with corpora, searches and recordings.

use lakehouse_base::ErrorCode;
use lakehouse_vector::VectorError;

use crate::names::PLAYBOOK_INDEX;
use crate::sql_filter::SqlFilterError;
use lakehouse_models::embed::EmbedError;

/// Why the matrix did not do what was asked, in the contract's words.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// A name that no corpus can have.
    #[error(
        "corpus name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit, and not `{}`",
        PLAYBOOK_INDEX
    )]
    CorpusName,
    /// The text of a query has nothing but white space.
    #[error("query_text is empty")]
    EmptyQuery,
    /// There is no such corpus.
    #[error("unknown corpus `{corpus}`")]
    UnknownCorpus {
        /// The name asked for.
        corpus: String,
    },
    /// The corpus is there with another model.
    #[error("corpus `{corpus}` exists with model `{model}`")]
    OtherModel {
        /// Its name.
        corpus: String,
        /// The model it has.
        model: String,
    },
    /// The corpus has no such document.
    #[error("corpus `{corpus}` has no document `{id}`")]
    UnknownDocument {
        /// The corpus.
        corpus: String,
        /// The id asked for.
        id: String,
    },
    /// There is no such recording.
    #[error("no recording `{id}`")]
    UnknownRecording {
        /// The id asked for.
        id: String,
    },
    /// The SQL-style filter is not of its form.
    #[error(transparent)]
    SqlFilter(#[from] SqlFilterError),
    /// Texts were not embedded.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// The engine did not do its part.
    #[error(transparent)]
    Vector(#[from] VectorError),
}

impl MatrixError {
    /// The error's kind.
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

/// Documents that were not taken, and how many were before them.
#[derive(Debug, thiserror::Error)]
#[error("{source}; {taken} documents were taken, the first that was not is on line {line}")]
pub struct IntakeError {
    /// What failed.
    pub source: MatrixError,
    /// How many documents were taken, which stay.
    pub taken: usize,
    /// The line of the first that was not.
    pub line: usize,
}

impl IntakeError {
    /// The kind of what failed.
    pub fn code(&self) -> ErrorCode {
        self.source.code()
    }
}
