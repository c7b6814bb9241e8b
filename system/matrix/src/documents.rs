//! Ingestion of documents.

mod batch;

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
    ingested: Ingested,
}

/// The number of rejected documents whose reasons are kept.
const MAX_REASONS: usize = 100;

/// A document that the corpus's model does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedDocument {
    /// The document's line.
    pub line: usize,
    /// The model's failure.
    pub reason: String,
}

/// The result of an ingestion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// The number of ingested documents, which are durable.
    pub count: usize,
    /// The number of documents that the model does not take.
    pub rejected: usize,
    /// The first 100 of them, by line.
    pub reasons: Vec<RejectedDocument>,
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
            ingested: Ingested::default(),
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

    /// Writes the last batch and returns the result.
    ///
    /// # Errors
    /// [`IngestError`].
    pub async fn finish(mut self) -> Result<Ingested, IngestError> {
        self.write_batch().await?;
        Ok(self.ingested)
    }

    async fn write_batch(&mut self) -> Result<(), IngestError> {
        let Some(&(line, _)) = self.batch.first() else {
            return Ok(());
        };
        self.batch_bytes = 0;
        let documents = std::mem::take(&mut self.batch);
        match self.write(documents).await {
            Ok((count, rejected)) => {
                self.ingested.count += count;
                self.ingested.rejected += rejected.len();
                let free = MAX_REASONS - self.ingested.reasons.len();
                self.ingested
                    .reasons
                    .extend(rejected.into_iter().take(free));
                Ok(())
            }
            Err(source) => Err(IngestError {
                source,
                ingested: self.ingested.count,
                line,
            }),
        }
    }

    /// Writes documents; returns how many, and those that the model does not take.
    async fn write(
        &self,
        documents: Vec<(usize, Document)>,
    ) -> Result<(usize, Vec<RejectedDocument>), MatrixError> {
        let texts: Vec<_> = documents
            .iter()
            .map(|(_, document)| Cow::Borrowed(&*document.text))
            .collect();
        let embedders = &self.matrix.parts.embedders;
        let embedded = batch::embed(embedders, self.corpus.model(), &texts).await?;
        drop(texts);
        let mut items = Vec::with_capacity(documents.len());
        let mut rejected = Vec::new();
        for ((line, document), embedding) in documents.into_iter().zip(embedded) {
            match embedding {
                Ok(embedding) => items.push(Item {
                    id: document.id,
                    vector: embedding.values().to_vec(),
                    metadata: document.metadata,
                    text: Some(document.text),
                }),
                Err(error) => rejected.push(RejectedDocument {
                    line,
                    reason: error.to_string(),
                }),
            }
        }
        let count = items.len();
        if count > 0 {
            let upserted = self.corpus.index.upsert(items).await;
            upserted.map_err(|error| self.corpus.failed(error))?;
        }
        Ok((count, rejected))
    }
}
