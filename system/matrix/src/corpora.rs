//! Creating, describing and dropping corpora, and access to single documents.

use std::sync::Arc;

use lakehouse_vector::{IndexConfig, Item, Metric, VectorError};

use crate::corpus::{Corpus, CorpusDescription, CorpusName, unknown};
use crate::error::MatrixError;
use crate::matrix::Matrix;
use crate::role::Known;

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

    /// The roles and cities that the corpora name now.
    pub(crate) async fn known_now(&self) -> Arc<Known> {
        let pool = self.parts.engine.pool();
        self.known.read(self.all(), pool).await
    }

    /// The corpus of that name, whatever the name's form.
    pub(crate) fn find(&self, name: &str) -> Result<Corpus, MatrixError> {
        let index = self.parts.engine.get(name);
        index.and_then(Corpus::of).ok_or_else(|| unknown(name))
    }

    /// All corpora, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = Corpus> {
        self.parts.engine.list().into_iter().filter_map(Corpus::of)
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
