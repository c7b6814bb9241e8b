//! A corpus: an index of documents, whose space is the model that embeds them.

use std::sync::Arc;

use lakehouse_vector::{Index, IndexName, Item, VectorError};

use crate::error::MatrixError;
use crate::names::PLAYBOOK_INDEX;

/// The name of a corpus: that of an index, but not that of the recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusName(pub(crate) IndexName);

impl CorpusName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`MatrixError::CorpusName`] when it is not of the form.
    pub fn parse(name: &str) -> Result<Self, MatrixError> {
        match IndexName::parse(name) {
            Ok(index) if name != PLAYBOOK_INDEX => Ok(Self(index)),
            _ => Err(MatrixError::CorpusName),
        }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// What a corpus is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusDescription {
    /// Its name.
    pub name: String,
    /// The model that embeds its documents.
    pub model: String,
    /// How many components their vectors have.
    pub dimension: usize,
    /// How many documents there are.
    pub documents: usize,
}

/// An index that is a corpus.
#[derive(Clone)]
pub(crate) struct Corpus {
    pub(crate) index: Arc<Index>,
}

impl Corpus {
    /// The index as a corpus; `None` when it is none.
    pub(crate) fn of(index: Arc<Index>) -> Option<Self> {
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
}

impl Corpus {
    pub(crate) fn document(&self, id: &str) -> Result<Item, MatrixError> {
        let item = self.index.get(id);
        item.ok_or_else(|| self.unknown_document(id))
    }

    /// An error of the corpus' index: one that was dropped meanwhile is unknown.
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
