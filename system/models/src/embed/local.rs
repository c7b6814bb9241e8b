//! The provider `local`: a model in this process, read from a folder.
//!
//! | file | |
//! |---|---|
//! | `tokenizer.json` | how a text becomes tokens, in the format of Hugging Face's `tokenizers` |
//! | `model.safetensors` | the weights |
//! | `config.json` | optional for token vectors; its `model_type` is `bert` for an encoder |
//!
//! Models have one of two forms. *Static token vectors* (Model2Vec,
//! <https://github.com/MinishLab/model2vec>) have a vector for each token, and the vector of a text is
//! the mean of those of its tokens. A *sentence encoder* of BERT's architecture computes the vectors of
//! the tokens from the whole text, and takes their mean; it needs the feature `encoder`.

mod error;
mod file;
mod model;
mod tokens;
mod vectors;

#[cfg(feature = "encoder")]
mod encoder;

pub use error::ModelError;

use std::{path::Path, sync::Arc, thread::available_parallelism};

use async_trait::async_trait;
use tokio::{sync::Semaphore, task};

use super::{EmbedError, EmbedRequest, Embedder, Embedding};
use model::Model;

const PROVIDER: &str = "local";

/// The provider `local`, which serves one model.
pub struct LocalEmbedder {
    name: String,
    model: Arc<Model>,
    /// Limits the threads that embed texts to the processor's cores.
    turns: Arc<Semaphore>,
}

impl LocalEmbedder {
    /// Reads the model in `folder`, to be served by this name.
    ///
    /// # Errors
    /// If a file is missing or malformed, or the files do not fit each other.
    pub fn open(folder: &Path, name: impl Into<String>) -> Result<Self, ModelError> {
        let cores = available_parallelism().map_or(1, usize::from);
        Ok(Self {
            name: name.into(),
            model: Arc::new(Model::read(folder)?),
            turns: Arc::new(Semaphore::new(cores)),
        })
    }
}

#[async_trait]
impl Embedder for LocalEmbedder {
    fn provider(&self) -> &'static str {
        PROVIDER
    }

    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError> {
        if request.model != self.name {
            return Err(EmbedError::UnknownModel {
                model: request.model.to_owned(),
            });
        }
        let texts = request.prefixed_texts();
        // Token vectors of one text are faster than a change of threads; several would delay others.
        if let ([text], false) = (&*texts, self.model.is_encoder()) {
            return Ok(vec![self.model.embed(text)?]);
        }
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let model = Arc::clone(&self.model);
        let embedding = task::spawn_blocking(move || {
            let _turn = turn;
            texts.iter().map(|text| model.embed(text)).collect()
        });
        let abandoned = EmbedError::Abandoned { provider: PROVIDER };
        embedding.await.unwrap_or(Err(abandoned))
    }
}
