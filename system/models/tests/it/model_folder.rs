//! Folders of tiny models.

use std::{fs, path::Path};

use safetensors::{Dtype, serialize, tensor::TensorView};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The tokens of the tokenizer; `##er` continues a word.
const TOKENS: [&str; 8] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "pick", "##er", "fork", "lift",
];

/// A folder with files of a model; removed when it is dropped.
pub(crate) struct ModelFolder(TempDir);

/// A tensor's name, type, shape and bytes.
pub(crate) struct Tensor(String, Dtype, Vec<usize>, Vec<u8>);

impl ModelFolder {
    /// A folder with a tokenizer and these weights.
    pub(crate) fn new(tensors: &[Tensor]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("tokenizer.json", tokenizer().to_string());
        folder.write("model.safetensors", bytes(tensors));
        folder
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), content).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Tensor {
    pub(crate) fn new(name: &str, dtype: Dtype, shape: &[usize], bytes: Vec<u8>) -> Self {
        Self(name.to_owned(), dtype, shape.to_vec(), bytes)
    }

    pub(crate) fn f32(name: &str, shape: &[usize], values: &[f32]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        Self::new(name, Dtype::F32, shape, bytes.collect())
    }
}

/// A tokenizer of the words that [`TOKENS`] make; like those of BERT, it ignores case.
pub(crate) fn tokenizer() -> Value {
    let vocabulary = TOKENS.iter().zip(0..);
    let vocabulary: serde_json::Map<_, _> = vocabulary
        .map(|(token, id)| ((*token).to_owned(), json!(id)))
        .collect();
    let special = |token: &str, id: u32| json!({ "id": token, "ids": [id], "tokens": [token] });
    let mark = |token: &str| json!({ "SpecialToken": { "id": token, "type_id": 0 } });
    json!({
        "version": "1.0",
        "truncation": { "max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right" },
        "padding": {
            "strategy": { "Fixed": 9 }, "direction": "Right", "pad_to_multiple_of": null,
            "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"
        },
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [mark("[CLS]"), { "Sequence": { "id": "A", "type_id": 0 } }, mark("[SEP]")],
            "pair": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 0 } }],
            "special_tokens": { "[CLS]": special("[CLS]", 2), "[SEP]": special("[SEP]", 3) }
        },
        "decoder": null,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocabulary
        }
    })
}

/// A file in the format `safetensors`.
pub(crate) fn bytes(tensors: &[Tensor]) -> Vec<u8> {
    let mut views = Vec::new();
    for Tensor(name, dtype, shape, bytes) in tensors {
        views.push((name, TensorView::new(*dtype, shape.clone(), bytes).unwrap()));
    }
    serialize(views, None).unwrap()
}
