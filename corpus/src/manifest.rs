//! The manifest: the files of a corpus and their hashes, by which a kept corpus can be checked.

use serde::{Deserialize, Serialize};

use crate::{Spec, Style};

/// `manifest.json`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The version of this crate that wrote the corpus.
    pub crate_version: String,
    /// As in [`Spec`].
    pub workers: u64,
    /// As in [`Spec`].
    pub seed: u64,
    /// As in [`Spec`]; absent for the plain style.
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
    /// All files except the manifest.
    pub files: Vec<FileEntry>,
}

/// A file of a corpus.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Name in the corpus's folder.
    pub name: String,
    /// Number of lines.
    pub rows: u64,
    /// SHA-256 of the bytes, in lowercase hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    pub(crate) fn new(spec: &Spec, files: Vec<FileEntry>) -> Self {
        Self {
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            workers: spec.workers,
            seed: spec.seed,
            style: spec.style,
            files,
        }
    }
}
