//! A model: its tokenizer and its weights, in one of two forms.

use std::{error::Error, path::Path};

use serde::Deserialize;

#[cfg(feature = "encoder")]
use super::encoder::Encoder;
use super::{ModelError, PROVIDER, file::File, tokens::Tokens, vectors::TokenVectors};
use crate::embed::{EmbedError, Embedding, hash};

/// The number of known tokens of a text that count, as in Model2Vec.
const MAX_TOKENS: usize = 512;

/// A model.
pub(super) struct Model {
    tokens: Tokens,
    form: Form,
}

enum Form {
    Vectors(TokenVectors),
    #[cfg(feature = "encoder")]
    Encoder(Box<Encoder>),
}

/// The part of `config.json` that distinguishes the forms.
#[derive(Default, Deserialize)]
struct Config {
    model_type: Option<String>,
}

impl Model {
    /// Reads the model in `folder`.
    ///
    /// # Errors
    /// If a file is missing or malformed, or the files do not fit each other.
    pub(super) fn read(folder: &Path) -> Result<Self, ModelError> {
        if !folder.is_dir() {
            return Err(ModelError::NoFolder(folder.to_owned()));
        }
        let file = File::optional(folder, "config.json")?;
        let config = file.as_ref().map(|file| file.json("a JSON object"));
        let Config { model_type } = config.transpose()?.unwrap_or_default();
        match file {
            Some(file) if model_type.as_deref() == Some("bert") => Self::encoder(folder, &file),
            _ => Self::vectors(folder),
        }
    }

    fn vectors(folder: &Path) -> Result<Self, ModelError> {
        let vectors = TokenVectors::read(&File::required(folder, "model.safetensors")?)?;
        let tokens = Tokens::read(&File::required(folder, "tokenizer.json")?)?;
        // Rows that no token has would be those of another tokenizer, too.
        if tokens.last_id() as usize + 1 != vectors.count() {
            return Err(ModelError::Vocabulary {
                folder: folder.to_owned(),
                last_id: tokens.last_id(),
                rows: vectors.count(),
            });
        }
        let form = Form::Vectors(vectors);
        Ok(Self { tokens, form })
    }

    #[cfg(feature = "encoder")]
    fn encoder(folder: &Path, config: &File) -> Result<Self, ModelError> {
        let (tokens, encoder) = Encoder::read(folder, config)?;
        let form = Form::Encoder(Box::new(encoder));
        Ok(Self { tokens, form })
    }

    #[cfg(not(feature = "encoder"))]
    fn encoder(_: &Path, config: &File) -> Result<Self, ModelError> {
        Err(ModelError::EncoderNotBuilt(config.path.clone()))
    }

    /// Whether a text takes milliseconds, not microseconds.
    pub(super) fn is_encoder(&self) -> bool {
        !matches!(self.form, Form::Vectors(_))
    }

    /// The unit vector of a text.
    ///
    /// # Errors
    /// [`EmbedError::Rejected`] if the tokenizer or the encoder fails.
    pub(super) fn embed(&self, text: &str) -> Result<Embedding, EmbedError> {
        let mean = self.mean(text).map_err(|error| EmbedError::Rejected {
            provider: PROVIDER,
            words: error.to_string(),
        })?;
        // Without known tokens the mean has no direction.
        let direction = || hash::direction(text, mean.len());
        Ok(Embedding::normalised(&mean).unwrap_or_else(direction))
    }

    fn mean(&self, text: &str) -> Result<Vec<f64>, Box<dyn Error + Send + Sync>> {
        match &self.form {
            Form::Vectors(vectors) => Ok(vectors.mean(&self.tokens.known(text, MAX_TOKENS)?)),
            #[cfg(feature = "encoder")]
            Form::Encoder(encoder) => Ok(encoder.mean(&self.tokens.marked(text)?)?),
        }
    }
}
