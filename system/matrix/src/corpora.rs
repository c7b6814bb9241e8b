//! Creating, describing and dropping corpora, and access to single documents.

use std::sync::Arc;

use lakehouse_vector::{IndexConfig, Item, Metric, VectorError};

use crate::corpus::{Corpus, CorpusDescription, CorpusName, unknown};
use crate::error::MatrixError;
use crate::known_cache::Source;
use crate::matrix::Matrix;
use crate::role::KnownTerms;

impl Matrix {
    /// Creates a corpus, by default with the default model, and returns whether it is new. Embedding
    /// the name determines the dimension.
    ///
    /// # Errors
    /// [`MatrixError::OtherModel`] if it exists with another model, or if the model fails.
    pub async fn create_corpus(
        &self,
        name: &CorpusName,
        model: Option<&str>,
    ) -> Result<(CorpusDescription, bool), MatrixError> {
        let model = model.unwrap_or_else(|| self.parts.embedders.default_model());
        if let Ok(corpus) = self.find(name.as_str()) {
            return described(&corpus, model, false);
        }
        // Checked here, because the model is not called for a name in use.
        if let Some(index) = self.parts.engine.get(name.as_str()) {
            return Err(MatrixError::Vector(VectorError::Exists {
                index: name.as_str().into(),
                config: index.config().clone(),
            }));
        }
        if let Some(damage) = self.parts.engine.damage(name.as_str()) {
            return Err(damage.into());
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
            Ok((index, is_new)) => described(&Corpus { index }, model, is_new),
            // Another request may have created it concurrently.
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

    /// The description of a corpus.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`].
    pub fn corpus(&self, name: &CorpusName) -> Result<CorpusDescription, MatrixError> {
        Ok(self.find(name.as_str())?.describe())
    }

    /// Drops a corpus and its documents.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`], or if the engine fails.
    pub async fn drop_corpus(&self, name: &CorpusName) -> Result<(), MatrixError> {
        let engine = &self.parts.engine;
        // What a damaged index was is not known, but its corpus can be dropped.
        if engine.damage(name.as_str()).is_none() {
            self.find(name.as_str())?;
        }
        match engine.drop_index(name.as_str()).await? {
            true => Ok(()),
            false => Err(unknown(name.as_str())),
        }
    }

    /// The item of a document.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`], [`MatrixError::UnknownDocument`].
    pub fn document(&self, name: &CorpusName, id: &str) -> Result<Item, MatrixError> {
        self.find(name.as_str())?.document(id)
    }

    /// At most `limit` ids of documents that follow `after`, in the order of their bytes.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`].
    pub async fn document_ids(
        &self,
        name: &CorpusName,
        after: String,
        limit: usize,
    ) -> Result<Vec<Box<str>>, MatrixError> {
        let corpus = self.find(name.as_str())?;
        let list = move || corpus.index.ids_after(&after, limit);
        Ok(self.parts.engine.pool().run(list).await)
    }

    /// Deletes a document.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`], [`MatrixError::UnknownDocument`], or if the engine fails.
    pub async fn delete_document(&self, name: &CorpusName, id: &str) -> Result<(), MatrixError> {
        let corpus = self.find(name.as_str())?;
        match corpus.index.delete(vec![id.into()]).await {
            Ok(0) => Err(corpus.unknown_document(id)),
            Ok(_) => Ok(()),
            Err(error) => Err(corpus.failed(error)),
        }
    }

    /// The current roles and cities of all corpora, and the synonyms of all recordings.
    pub(crate) async fn known_terms(&self) -> Arc<KnownTerms> {
        let pool = self.parts.engine.pool();
        let corpora = self.all().map(|corpus| Source::Corpus(corpus.index));
        let recordings = self.memory.index_with_space().map(Source::Recordings);
        self.known.read(corpora.chain(recordings), pool).await
    }

    /// The corpus of that name, which may be malformed.
    pub(crate) fn find(&self, name: &str) -> Result<Corpus, MatrixError> {
        let engine = &self.parts.engine;
        let corpus = engine.get(name).and_then(Corpus::from_index);
        corpus.ok_or_else(|| {
            engine
                .damage(name)
                .map_or_else(|| unknown(name), Into::into)
        })
    }

    /// All corpora, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = Corpus> {
        self.parts
            .engine
            .list()
            .into_iter()
            .filter_map(Corpus::from_index)
    }
}

fn described(
    corpus: &Corpus,
    model: &str,
    is_new: bool,
) -> Result<(CorpusDescription, bool), MatrixError> {
    if corpus.model() == model {
        return Ok((corpus.describe(), is_new));
    }
    Err(MatrixError::OtherModel {
        corpus: corpus.name().to_owned(),
        model: corpus.model().to_owned(),
    })
}
