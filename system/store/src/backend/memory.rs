//! Objects in memory.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use object_store::memory::InMemory;

use super::{Objects, blocking};
use crate::{Key, ObjectInfo, PutMode, Store, StoreError};

/// Objects that end with the process.
#[derive(Debug)]
pub struct MemoryStore {
    objects: Objects<InMemory>,
    cache: PathBuf,
}

impl MemoryStore {
    /// An empty store; `cache` is the folder for the copies of [`Store::local`].
    pub fn new(cache: &Path) -> Self {
        Self {
            objects: Objects(InMemory::new()),
            cache: cache.to_owned(),
        }
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn put(&self, key: &Key, bytes: Bytes, mode: PutMode) -> Result<(), StoreError> {
        self.objects.put(key, bytes, mode).await
    }

    async fn put_file(&self, key: &Key, file: &Path) -> Result<(), StoreError> {
        let in_error = |e| StoreError::from_io("write", key.as_str(), e);
        let path = file.to_owned();
        let bytes = blocking(move || fs::read(path)).await.map_err(in_error)?;
        self.put(key, bytes.into(), PutMode::Overwrite).await?;
        let path = file.to_owned();
        blocking(move || fs::remove_file(path))
            .await
            .map_err(in_error)
    }

    async fn get(&self, key: &Key) -> Result<Bytes, StoreError> {
        self.objects.get(key).await
    }

    async fn get_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError> {
        self.objects.get_range(key, range).await
    }

    async fn head(&self, key: &Key) -> Result<ObjectInfo, StoreError> {
        self.objects.head(key).await
    }

    async fn list(&self, folder: Option<&Key>) -> Result<Vec<ObjectInfo>, StoreError> {
        self.objects.list(folder).await
    }

    async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        self.objects.delete(key).await?;
        let copy = self.cache.join(key.as_str());
        match blocking(move || fs::remove_file(copy)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::from_io("delete", key.as_str(), error))
            }
            _ => Ok(()),
        }
    }

    async fn local(&self, key: &Key) -> Result<PathBuf, StoreError> {
        let bytes = self.get(key).await?;
        let path = self.cache.join(key.as_str());
        let copied = blocking({
            let path = path.clone();
            move || write_copy(&path, &bytes)
        });
        match copied.await {
            Ok(()) => Ok(path),
            Err(error) => Err(StoreError::from_io("copy", key.as_str(), error)),
        }
    }
}

/// Writes a copy beside and renames it, so that who has the earlier one open keeps it.
fn write_copy(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let number = COPIES.fetch_add(1, Ordering::Relaxed);
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!("#{}-{number}", std::process::id()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&unfinished);
    }
    written
}
