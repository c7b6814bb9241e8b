//! Why a model's folder cannot be used.

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
};

/// Why a model's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The folder does not exist.
    #[error(
        "there is no model folder `{folder}`; `cargo xtask model --output {folder}` makes one",
        folder = .0.display()
    )]
    NoFolder(PathBuf),
    /// A file of the folder cannot be read.
    #[error(
        "cannot read `{}`; a model folder has `tokenizer.json`, `model.safetensors` and, for an \
         encoder, `config.json`",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file does not have its format.
    #[error("`{}` is not {expected}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The format, with an article.
        expected: &'static str,
        /// What is wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The weights are neither token vectors nor described by `config.json`.
    #[error(
        "`{}` has no tensor `embeddings` with token vectors; its first tensors are {found}. An encoder \
         needs a `config.json` beside it whose `model_type` is `bert`",
        path.display()
    )]
    NoVectors {
        /// The file of the weights.
        path: PathBuf,
        /// The names of some tensors.
        found: String,
    },
    /// A tensor has another shape or type than it must have.
    #[error("tensor `{tensor}` of `{}` has {found}; it must have {expected}", path.display())]
    Tensor {
        /// The file of the weights.
        path: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// Its shape and type.
        found: String,
        /// What is read.
        expected: String,
    },
    /// A token's vector has NaN or an infinity.
    #[error("tensor `{tensor}` of `{}` has a number in row {row} that is not finite; the file is damaged", path.display())]
    NotFinite {
        /// The file of the weights.
        path: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// The row's index.
        row: usize,
    },
    /// The tokenizer and the weights are of different models.
    #[error(
        "`tokenizer.json` in `{}` has token ids from 0 to {last_id}, but the weights have {rows} rows; \
         take both files from one model",
        folder.display()
    )]
    Vocabulary {
        /// The folder.
        folder: PathBuf,
        /// The tokenizer's highest id.
        last_id: u32,
        /// The number of tokens that the weights are for.
        rows: usize,
    },
    /// The folder has an encoder, and this build reads token vectors alone.
    #[error(
        "`{}` describes an encoder, which this build cannot run; build with `--features encoder`, or \
         make token vectors of it with `cargo xtask model --from {}`",
        .0.display(),
        folder(.0).display()
    )]
    EncoderNotBuilt(PathBuf),
}

fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}
