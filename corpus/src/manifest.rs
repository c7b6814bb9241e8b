//! The manifest: what a corpus is made of, so that it can be kept by its hashes.

use serde::{Deserialize, Serialize};

use crate::Spec;

/// `manifest.json`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The version of this crate that wrote the corpus.
    pub crate_version: String,
    /// As in [`Spec`].
    pub workers: u64,
    /// As in [`Spec`].
    pub seed: u64,
    /// All files but this one.
    pub files: Vec<FileEntry>,
}

/// One file of a corpus.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Its name in the corpus's folder.
    pub name: String,
    /// How many lines it has.
    pub rows: u64,
    /// The SHA-256 of its bytes, in lowercase hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    pub(crate) fn new(spec: &Spec, files: Vec<FileEntry>) -> Self {
        Self {
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            workers: spec.workers,
            seed: spec.seed,
            files,
        }
    }
}
