//! What a store does.

use std::fmt::Debug;
use std::ops::Range;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Key, StoreError};

/// Objects by key. What a call has written is durable when it returns, and no call sees a part of
/// another's object.
#[async_trait]
pub trait Store: Debug + Send + Sync {
    /// Writes an object.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] with [`PutMode::Create`]: of several that create one key at
    /// the same time exactly one does.
    async fn put(&self, key: &Key, bytes: Bytes, mode: PutMode) -> Result<(), StoreError>;

    /// Makes a finished file the object, in place of the one that was there. The file is moved:
    /// it is gone when this returns without an error.
    async fn put_file(&self, key: &Key, file: &Path) -> Result<(), StoreError>;

    /// An object's bytes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn get(&self, key: &Key) -> Result<Bytes, StoreError>;

    /// A part of an object.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::OutOfRange`].
    async fn get_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError>;

    /// What is known of an object without its bytes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn head(&self, key: &Key) -> Result<ObjectInfo, StoreError>;

    /// All objects in a folder and its folders, or in the whole store, by key. `a` is no folder
    /// of `ab/c`.
    async fn list(&self, folder: Option<&Key>) -> Result<Vec<ObjectInfo>, StoreError>;

    /// Removes an object; one that is not there is no error.
    async fn delete(&self, key: &Key) -> Result<(), StoreError>;

    /// A file with an object's bytes, to be read or mapped and not to be written: the object's
    /// own on local files, a copy that is fetched now otherwise. What the object becomes
    /// afterwards changes nothing for those who have the file open.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn local(&self, key: &Key) -> Result<PathBuf, StoreError>;
}

/// Whether an object may replace another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutMode {
    /// In place of the one that is there, if one is.
    Overwrite,
    /// Only when there is none: a compare-and-swap with nothing.
    Create,
}

/// What is known of an object without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Its key.
    pub key: Key,
    /// Its size in bytes.
    pub size: u64,
}
