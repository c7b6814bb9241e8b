//! A file of a model's folder.

use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

use super::ModelError;

/// A file's path and content.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

impl File {
    /// Reads a file that the folder must have.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`].
    pub(super) fn required(folder: &Path, name: &str) -> Result<Self, ModelError> {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Self { path, bytes }),
            Err(source) => Err(ModelError::Unreadable { path, source }),
        }
    }

    /// Reads a file that the folder may have.
    ///
    /// # Errors
    /// [`ModelError::Unreadable`] if it has the file.
    pub(super) fn optional(folder: &Path, name: &str) -> Result<Option<Self>, ModelError> {
        match Self::required(folder, name) {
            Err(ModelError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                Ok(None)
            }
            file => file.map(Some),
        }
    }

    /// The content as JSON of a type that is described by `expected`, with an article.
    ///
    /// # Errors
    /// [`ModelError::Malformed`].
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        expected: &'static str,
    ) -> Result<T, ModelError> {
        serde_json::from_slice(&self.bytes).map_err(|error| self.malformed(expected, error))
    }

    /// The error of a file that is not `expected`, with an article.
    pub(super) fn malformed(
        &self,
        expected: &'static str,
        reason: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> ModelError {
        ModelError::Malformed {
            path: self.path.clone(),
            expected,
            source: reason.into(),
        }
    }
}
