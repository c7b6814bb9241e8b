//! Ingestion of documents.

use std::borrow::Cow;

use lakehouse_base::is_blank;
use lakehouse_vector::{Item, Metadata};

use crate::corpus::{Corpus, CorpusName};
use crate::error::{IngestError, MatrixError};
use crate::matrix::Matrix;

/// The largest number of documents in a batch.
const MAX_BATCH_DOCUMENTS: usize = 256;
/// The size of text and metadata at which a batch is written.
const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// A document whose text is not blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    id: Box<str>,
    text: Box<str>,
    metadata: Metadata,
}

/// The text of a document is blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("text is empty")]
pub struct EmptyText;

impl Document {
    /// Creates a document; `id` has 1 to 256 bytes.
    ///
    /// # Errors
    /// [`EmptyText`].
    pub fn new(
        id: impl Into<Box<str>>,
        text: impl Into<Box<str>>,
        metadata: Metadata,
    ) -> Result<Self, EmptyText> {
        let (id, text) = (id.into(), text.into());
        if is_blank(&text) {
            return Err(EmptyText);
        }
        Ok(Self { id, text, metadata })
    }

    fn size_bytes(&self) -> usize {
        self.text.len() + self.metadata.as_str().len()
    }
}

/// An ingestion into a corpus, in order and in batches.
///
/// Ingesting the same documents again changes nothing, so after an error a client can continue from
/// the first missing document or start again.
pub struct Ingestion<'m> {
    matrix: &'m Matrix,
    corpus: Corpus,
    batch: Vec<(usize, Document)>,
    batch_bytes: usize,
    ingested: usize,
}

impl Matrix {
    /// Starts an ingestion into a corpus.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`].
    pub fn ingest(&self, name: &CorpusName) -> Result<Ingestion<'_>, MatrixError> {
        Ok(Ingestion {
            matrix: self,
            corpus: self.find(name.as_str())?,
            batch: Vec::new(),
            batch_bytes: 0,
            ingested: 0,
        })
    }
}

impl Ingestion<'_> {
    /// Adds the document of a line; a full batch is written.
    ///
    /// # Errors
    /// [`IngestError`], which ends the ingestion.
    pub async fn add(&mut self, line: usize, document: Document) -> Result<(), IngestError> {
        self.batch_bytes += document.size_bytes();
        self.batch.push((line, document));
        if self.batch.len() >= MAX_BATCH_DOCUMENTS || self.batch_bytes >= MAX_BATCH_BYTES {
            self.write_batch().await?;
        }
        Ok(())
    }

    /// Writes the last batch and returns the number of ingested documents, which are durable.
    ///
    /// # Errors
    /// [`IngestError`].
    pub async fn finish(mut self) -> Result<usize, IngestError> {
        self.write_batch().await?;
        Ok(self.ingested)
    }

    async fn write_batch(&mut self) -> Result<(), IngestError> {
        let Some(&(line, _)) = self.batch.first() else {
            return Ok(());
        };
        self.batch_bytes = 0;
        let documents = std::mem::take(&mut self.batch);
        let count = documents.len();
        match self.write(documents).await {
            Ok(()) => {
                self.ingested += count;
                Ok(())
            }
            Err(source) => Err(IngestError {
                source,
                ingested: self.ingested,
                line,
            }),
        }
    }

    async fn write(&self, documents: Vec<(usize, Document)>) -> Result<(), MatrixError> {
        let texts: Vec<_> = documents
            .iter()
            .map(|(_, document)| Cow::Borrowed(&*document.text))
            .collect();
        let model = self.corpus.model();
        let embedded = self
            .matrix
            .parts
            .embedders
            .embed(Some(model), &texts)
            .await?;
        let items = documents.into_iter().zip(embedded.embeddings);
        let items = items.map(|((_, document), embedding)| Item {
            id: document.id,
            vector: embedding.values().to_vec(),
            metadata: document.metadata,
            text: Some(document.text),
        });
        let upserted = self.corpus.index.upsert(items.collect()).await;
        upserted.map_err(|error| self.corpus.failed(error))
    }
}
