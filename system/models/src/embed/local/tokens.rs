//! Texts to token ids.

use serde_json::Value;
use tokenizers::Tokenizer;
#[cfg(feature = "encoder")]
use tokenizers::{PostProcessor, TruncationParams};

use super::{ModelError, file::File};

/// The number of characters of a text that are read. It bounds the time for a text, and few texts have
/// as many without exceeding a model's number of tokens.
const MAX_CHARACTERS: usize = 8192;

const FORMAT: &str = "a tokenizer in the format of Hugging Face's `tokenizers`";

/// A tokenizer.
pub(super) struct Tokens {
    tokenizer: Tokenizer,
    /// The id of what the vocabulary does not have, if there is one.
    unknown: Option<u32>,
    last_id: u32,
}

impl Tokens {
    /// Reads `tokenizer.json`, without its limits.
    ///
    /// # Errors
    /// [`ModelError::Malformed`].
    pub(super) fn read(file: &File) -> Result<Self, ModelError> {
        let json: Value = file.json(FORMAT)?;
        let tokenizer = Tokenizer::from_bytes(&file.bytes);
        let mut tokenizer = tokenizer.map_err(|error| file.malformed(FORMAT, error))?;
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(None)
            .map_err(|error| file.malformed(FORMAT, error))?;
        let vocabulary = tokenizer.get_vocab(true);
        let Some(&last_id) = vocabulary.values().max() else {
            return Err(file.malformed(FORMAT, "its vocabulary is empty"));
        };
        let unknown = match &json["model"]["unk_token"] {
            Value::String(token) => match vocabulary.get(token) {
                Some(&id) => Some(id),
                None => {
                    let reason = format!("its `unk_token` `{token}` is not in its vocabulary");
                    return Err(file.malformed(FORMAT, reason));
                }
            },
            // Unigram models have an id instead.
            _ => json["model"]["unk_id"]
                .as_u64()
                .and_then(|id| id.try_into().ok()),
        };
        Ok(Self {
            tokenizer,
            unknown,
            last_id,
        })
    }

    /// The highest id that a text can have.
    pub(super) fn last_id(&self) -> u32 {
        self.last_id
    }

    /// The first tokens of a text that the vocabulary has, at most this many, without those that mark
    /// its beginning and end.
    pub(super) fn known(&self, text: &str, max_tokens: usize) -> tokenizers::Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(cut(text), false)?;
        let ids = encoding.get_ids().iter().copied();
        let known = ids.filter(|id| Some(*id) != self.unknown);
        Ok(known.take(max_tokens).collect())
    }
}

#[cfg(feature = "encoder")]
impl Tokens {
    /// The tokenizer of `file` with at most this many tokens for a text, marks included.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] if nothing is left for the text.
    pub(super) fn limited(mut self, file: &File, max_tokens: usize) -> Result<Self, ModelError> {
        let marks = self.tokenizer.get_post_processor();
        let marks = marks.map_or(0, |processor| processor.added_tokens(false));
        if marks >= max_tokens {
            let reason = format!(
                "it adds {marks} tokens to each text, and the model takes {max_tokens} in all"
            );
            return Err(file.malformed(FORMAT, reason));
        }
        let truncation = TruncationParams {
            max_length: max_tokens,
            ..TruncationParams::default()
        };
        let set = self.tokenizer.with_truncation(Some(truncation));
        set.map_err(|error| file.malformed(FORMAT, error))?;
        Ok(self)
    }

    /// The tokens of a text, with those that mark its beginning and end.
    pub(super) fn marked(&self, text: &str) -> tokenizers::Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(cut(text), true)?;
        Ok(encoding.get_ids().to_vec())
    }
}

/// The part of a text that is read.
fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(MAX_CHARACTERS);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}
