//! A sentence encoder of BERT's architecture (Devlin et al., "BERT: Pre-training of Deep Bidirectional
//! Transformers for Language Understanding", 2019), computed by candle.

use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use serde::Deserialize;

use super::{ModelError, file::File, tokens::Tokens};

/// A sentence encoder.
pub(super) struct Encoder {
    model: BertModel,
    dimension: usize,
}

/// The file by which sentence-transformers limits texts to what the encoder was made for.
#[derive(Deserialize)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

impl Encoder {
    /// Reads an encoder and its tokenizer.
    ///
    /// # Errors
    /// If a file is missing or malformed, or the files do not fit each other.
    pub(super) fn read(folder: &Path, config_file: &File) -> Result<(Tokens, Self), ModelError> {
        let expected = "the configuration of a BERT encoder";
        let config: Config = config_file.json(expected)?;
        let (heads, hidden) = (config.num_attention_heads, config.hidden_size);
        if heads == 0 || hidden == 0 || hidden % heads != 0 {
            let reason = format!(
                "`hidden_size` {hidden} is not a multiple of `num_attention_heads` {heads}"
            );
            return Err(config_file.malformed(expected, reason));
        }
        let mut max_tokens = config.max_position_embeddings;
        if let Some(file) = File::optional(folder, "sentence_bert_config.json")? {
            let limits: SentenceConfig = file.json("the configuration of a sentence encoder")?;
            max_tokens = max_tokens.min(limits.max_seq_length.unwrap_or(max_tokens));
        }
        let tokenizer = File::required(folder, "tokenizer.json")?;
        let tokens = Tokens::read(&tokenizer)?.limited(&tokenizer, max_tokens)?;
        if tokens.last_id() as usize >= config.vocab_size {
            return Err(ModelError::Vocabulary {
                folder: folder.to_owned(),
                last_id: tokens.last_id(),
                rows: config.vocab_size,
            });
        }
        let weights = File::required(folder, "model.safetensors")?;
        let variables =
            VarBuilder::from_slice_safetensors(&weights.bytes, DType::F32, &Device::Cpu);
        let model = variables.and_then(|variables| BertModel::load(variables, &config));
        let model = model.map_err(|error| {
            let expected = "a file with the weights of the encoder that `config.json` describes";
            weights.malformed(expected, message(error))
        })?;
        let dimension = hidden;
        Ok((tokens, Self { model, dimension }))
    }

    /// The mean of the tokens' vectors. Each text runs alone: then there is no padding to mask, and a
    /// text's vector does not depend on the texts beside it.
    ///
    /// # Errors
    /// What is wrong with the vector.
    pub(super) fn mean(&self, ids: &[u32]) -> Result<Vec<f64>, String> {
        if ids.is_empty() {
            return Ok(vec![0.0; self.dimension]);
        }
        let mean = self.forward(ids).map_err(message)?;
        if mean.iter().all(|value| value.is_finite()) {
            Ok(mean)
        } else {
            Err("its vector is not finite; the weights may be damaged".to_owned())
        }
    }

    fn forward(&self, ids: &[u32]) -> candle_core::Result<Vec<f64>> {
        let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
        let hidden = self.model.forward(&ids, &ids.zeros_like()?, None)?;
        hidden.squeeze(0)?.to_dtype(DType::F64)?.mean(0)?.to_vec1()
    }
}

/// The error's message without the backtrace that candle appends if the environment enables them.
fn message(error: candle_core::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}
