//! A corpus: an index of documents. Its embedding space is the model that embeds them.

use std::sync::Arc;

use lakehouse_vector::{Index, IndexName, Item, VectorError};

use crate::error::MatrixError;
use crate::names::PLAYBOOK_INDEX;

/// The name of a corpus: an index name other than that of the recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusName(pub(crate) IndexName);

impl CorpusName {
    /// Parses a name.
    ///
    /// # Errors
    /// [`MatrixError::CorpusName`] if it is malformed.
    pub fn parse(name: &str) -> Result<Self, MatrixError> {
        match IndexName::parse(name) {
            Ok(index) if name != PLAYBOOK_INDEX => Ok(Self(index)),
            _ => Err(MatrixError::CorpusName),
        }
    }

    /// The name as a string.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// The description of a corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusDescription {
    /// The corpus's name.
    pub name: String,
    /// The model that embeds its documents.
    pub model: String,
    /// The dimension of their vectors.
    pub dimension: usize,
    /// The number of documents.
    pub documents: usize,
}

/// A corpus and its index.
#[derive(Clone)]
pub(crate) struct Corpus {
    pub(crate) index: Arc<Index>,
}

impl Corpus {
    /// The corpus of an index, if the index is one.
    pub(crate) fn from_index(index: Arc<Index>) -> Option<Self> {
        let is_corpus = index.config().space.is_some() && index.name().as_str() != PLAYBOOK_INDEX;
        is_corpus.then_some(Self { index })
    }

    pub(crate) fn name(&self) -> &str {
        self.index.name().as_str()
    }

    /// The model that embeds its documents.
    pub(crate) fn model(&self) -> &str {
        self.index.config().space.as_deref().unwrap_or_default()
    }

    pub(crate) fn describe(&self) -> CorpusDescription {
        CorpusDescription {
            name: self.name().to_owned(),
            model: self.model().to_owned(),
            dimension: self.index.config().dimension,
            documents: self.index.len(),
        }
    }

    pub(crate) fn document(&self, id: &str) -> Result<Item, MatrixError> {
        let item = self.index.get(id);
        item.ok_or_else(|| self.unknown_document(id))
    }

    /// The error for an error of the index. A corpus that was dropped since is unknown.
    pub(crate) fn failed(&self, error: VectorError) -> MatrixError {
        match error {
            VectorError::Dropped(_) => unknown(self.name()),
            error => error.into(),
        }
    }

    pub(crate) fn unknown_document(&self, id: &str) -> MatrixError {
        MatrixError::UnknownDocument {
            corpus: self.name().to_owned(),
            id: id.to_owned(),
        }
    }
}

pub(crate) fn unknown(corpus: &str) -> MatrixError {
    MatrixError::UnknownCorpus {
        corpus: corpus.to_owned(),
    }
}
