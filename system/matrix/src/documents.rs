//! Taking in documents.

use std::borrow::Cow;

use lakehouse_base::is_blank;
use lakehouse_vector::{Item, Metadata};

use crate::corpus::{Corpus, CorpusName};
use crate::error::{IntakeError, MatrixError};
use crate::matrix::Matrix;

/// How many documents are embedded and kept at a time.
const BATCH_DOCUMENTS: usize = 256;
/// How many bytes of text and metadata are waited for at most.
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// A document whose text is not blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    id: Box<str>,
    text: Box<str>,
    metadata: Metadata,
}

/// A document's text has nothing but white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("text is empty")]
pub struct EmptyText;

impl Document {
    /// A document; `id` is of 1 to 256 bytes.
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

/// Documents on their way into a corpus, taken in their order and in batches.
///
/// Sending the same documents again changes nothing, so whoever was told how many were taken can
/// go on from there or begin anew.
pub struct Intake<'m> {
    matrix: &'m Matrix,
    corpus: Corpus,
    waiting: Vec<(usize, Document)>,
    waiting_bytes: usize,
    taken: usize,
}

impl Matrix {
    /// Begins to take documents into a corpus.
    ///
    /// # Errors
    /// [`MatrixError::UnknownCorpus`].
    pub fn take_documents(&self, name: &CorpusName) -> Result<Intake<'_>, MatrixError> {
        Ok(Intake {
            matrix: self,
            corpus: self.find(name.as_str())?,
            waiting: Vec::new(),
            waiting_bytes: 0,
            taken: 0,
        })
    }
}

impl Intake<'_> {
    /// Takes a document that stands on `line`; it may wait until a batch is full.
    ///
    /// # Errors
    /// [`IntakeError`]; nothing can be taken after it.
    pub async fn take(&mut self, line: usize, document: Document) -> Result<(), IntakeError> {
        self.waiting_bytes += document.size_bytes();
        self.waiting.push((line, document));
        if self.waiting.len() >= BATCH_DOCUMENTS || self.waiting_bytes >= BATCH_BYTES {
            self.keep_waiting().await?;
        }
        Ok(())
    }

    /// Takes what still waits, and says how many documents were taken in all; they are durable.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn finish(mut self) -> Result<usize, IntakeError> {
        self.keep_waiting().await?;
        Ok(self.taken)
    }

    async fn keep_waiting(&mut self) -> Result<(), IntakeError> {
        let Some(&(line, _)) = self.waiting.first() else {
            return Ok(());
        };
        self.waiting_bytes = 0;
        let documents = std::mem::take(&mut self.waiting);
        let count = documents.len();
        match self.keep(documents).await {
            Ok(()) => {
                self.taken += count;
                Ok(())
            }
            Err(source) => Err(IntakeError {
                source,
                taken: self.taken,
                line,
            }),
        }
    }

    async fn keep(&self, documents: Vec<(usize, Document)>) -> Result<(), MatrixError> {
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
