//! Making, describing and dropping corpora, and their documents one by one.

use std::sync::Arc;

use lakehouse_vector::{Index, IndexConfig, IndexName, Item, Metric, VectorError};

use super::{Matrix, MatrixError};
use crate::playbook;

/// The name of a corpus: that of an index, but not that of the recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusName(IndexName);

impl CorpusName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`MatrixError::CorpusName`] when it is not of the form.
    pub fn parse(name: &str) -> Result<Self, MatrixError> {
        match IndexName::parse(name) {
            Ok(index) if name != playbook::INDEX => Ok(Self(index)),
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
pub(super) struct Corpus {
    pub(super) index: Arc<Index>,
}

impl Corpus {
    /// The index as a corpus; `None` when it is none.
    fn of(index: Arc<Index>) -> Option<Self> {
        let is_corpus = index.config().space.is_some() && index.name().as_str() != playbook::INDEX;
        is_corpus.then_some(Self { index })
    }

    pub(super) fn name(&self) -> &str {
        self.index.name().as_str()
    }

    /// The model that embeds its documents.
    pub(super) fn model(&self) -> &str {
        self.index.config().space.as_deref().unwrap_or_default()
    }

    fn describe(&self) -> CorpusDescription {
        CorpusDescription {
            name: self.name().to_owned(),
            model: self.model().to_owned(),
            dimension: self.index.config().dimension,
            documents: self.index.len(),
        }
    }
}

impl Matrix {
    /// Makes a corpus, of the default model when none is named; whether it was made now. The
    /// dimension is learned by embedding the name.
    ///
    /// # Errors
    /// [`MatrixError::OtherModel`] when it exists with another model; when the model fails,
    /// nothing is made.
    pub async fn create_corpus(
        &self,
        name: &CorpusName,
        model: Option<&str>,
    ) -> Result<(CorpusDescription, bool), MatrixError> {
        let model = model.unwrap_or_else(|| self.parts.embedders.default_model());
        if let Ok(corpus) = self.find(name.as_str()) {
            return described(&corpus, model, false);
        }
        // Of a name that is taken no model is asked.
        if let Some(index) = self.parts.engine.get(name.as_str()) {
            return Err(MatrixError::Vector(VectorError::Exists {
                index: name.as_str().into(),
                config: index.config().clone(),
            }));
        }
        let embedding = self
            .parts
            .embedders
            .embed_one(Some(model), name.as_str())
            .await?;
        let config = IndexConfig {
            dimension: embedding.dimension(),
            distance: Metric::Cosine,
            space: Some(model.to_owned()),
        };
        match self.parts.engine.create(&name.0, config).await {
            Ok((index, made)) => described(&Corpus { index }, model, made),
            // Another request may have made it in the meantime.
            Err(error) => match self.find(name.as_str()) {
                Ok(corpus) => described(&corpus, model, false),
                Err(_) => Err(error.into()),
            },
        }
    }

    /// All corpora, by name.
    pub fn corpora(&self) -> Vec<CorpusDescription> {
        self.all().map(|corpus| corpus.describe()).collect()
    }

    /// What a corpus is.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`].
    pub fn corpus(&self, name: &CorpusName) -> Result<CorpusDescription, MatrixError> {
        Ok(self.find(name.as_str())?.describe())
    }

    /// Drops a corpus with all of its documents.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`], or when the engine cannot.
    pub async fn drop_corpus(&self, name: &CorpusName) -> Result<(), MatrixError> {
        let corpus = self.find(name.as_str())?;
        match self.parts.engine.drop_index(corpus.name()).await? {
            true => Ok(()),
            false => Err(unknown(name.as_str())),
        }
    }

    /// A document, as the item that it is.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`], [`MatrixError::UnknownDocument`].
    pub fn document(&self, name: &CorpusName, id: &str) -> Result<Item, MatrixError> {
        self.find(name.as_str())?.document(id)
    }

    /// Deletes a document.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`], [`MatrixError::UnknownDocument`], or when the engine
    /// cannot.
    pub async fn delete_document(&self, name: &CorpusName, id: &str) -> Result<(), MatrixError> {
        let corpus = self.find(name.as_str())?;
        match corpus.index.delete(vec![id.into()]).await {
            Ok(0) => Err(corpus.unknown_document(id)),
            Ok(_) => Ok(()),
            Err(error) => Err(corpus.failed(error)),
        }
    }

    /// The corpus of that name, whatever the name's form.
    pub(super) fn find(&self, name: &str) -> Result<Corpus, MatrixError> {
        let index = self.parts.engine.get(name);
        index.and_then(Corpus::of).ok_or_else(|| unknown(name))
    }

    /// All corpora, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = Corpus> {
        self.parts.engine.list().into_iter().filter_map(Corpus::of)
    }
}

impl Corpus {
    pub(super) fn document(&self, id: &str) -> Result<Item, MatrixError> {
        let item = self.index.get(id);
        item.ok_or_else(|| self.unknown_document(id))
    }

    /// An error of the corpus' index: one that was dropped meanwhile is unknown.
    pub(super) fn failed(&self, error: VectorError) -> MatrixError {
        match error {
            VectorError::Dropped(_) => unknown(self.name()),
            error => error.into(),
        }
    }

    fn unknown_document(&self, id: &str) -> MatrixError {
        MatrixError::UnknownDocument {
            corpus: self.name().to_owned(),
            id: id.to_owned(),
        }
    }
}

fn described(
    corpus: &Corpus,
    model: &str,
    made: bool,
) -> Result<(CorpusDescription, bool), MatrixError> {
    if corpus.model() == model {
        return Ok((corpus.describe(), made));
    }
    Err(MatrixError::OtherModel {
        corpus: corpus.name().to_owned(),
        model: corpus.model().to_owned(),
    })
}

fn unknown(corpus: &str) -> MatrixError {
    MatrixError::UnknownCorpus {
        corpus: corpus.to_owned(),
    }
}
