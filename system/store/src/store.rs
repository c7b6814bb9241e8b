//! A store, and the local files that its objects come from or are read as.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::StreamExt;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::key::check;
use crate::location::Location;
use crate::{Backoff, CheckedKeys, LocalStore, Retrying, StoreError};

/// The size of the parts in which a file is uploaded.
const PART_BYTES: u64 = 8 << 20;

/// A store that is open.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    files: Files,
}

#[derive(Debug, Clone)]
enum Files {
    /// The objects are local files.
    Objects(LocalStore),
    /// Local files are copies of objects, in this folder.
    Copies(PathBuf),
}

/// Opens the store at `location`: `file:///…` or a path, which is created if it does not exist, or
/// `memory://`. Keys are checked, and calls retried.
///
/// `cache` is the folder of [`Store::local_file`]'s copies; it is created with the first copy.
///
/// # Errors
/// [`StoreError::InvalidLocation`], or the file system's error.
pub fn open(location: &str, cache: &Path) -> Result<Store, StoreError> {
    Ok(match Location::parse(location)? {
        Location::Folder(root) => {
            let local = LocalStore::open(&root)?;
            Store {
                objects: wrapped(local.clone()),
                files: Files::Objects(local),
            }
        }
        Location::Memory => Store {
            objects: wrapped(InMemory::new()),
            files: Files::Copies(cache.to_owned()),
        },
    })
}

fn wrapped(store: impl ObjectStore) -> Arc<dyn ObjectStore> {
    Arc::new(CheckedKeys(Retrying::new(store, Backoff::default())))
}

impl Store {
    /// The objects.
    pub fn objects(&self) -> &Arc<dyn ObjectStore> {
        &self.objects
    }

    /// Moves a local file into the store, in place of an object that exists. The file is gone on
    /// success. Between local files this is a rename, whatever the size.
    ///
    /// # Errors
    /// The file cannot be read, or the object cannot be written.
    pub async fn put_file(&self, key: &Key, file: &Path) -> Result<(), StoreError> {
        match &self.files {
            Files::Objects(local) => {
                check(key)?;
                let moved = Backoff::default().retry(|| local.move_in(key, file)).await;
                moved.map_err(|e| StoreError::new("write", key, e))
            }
            Files::Copies(_) => {
                self.upload(key, file).await?;
                let removed = fs::remove_file(file).await;
                removed.map_err(|e| StoreError::from_io("write", key.as_ref(), e))
            }
        }
    }

    /// A local file with the object's bytes, to be read or mapped, never written: the object
    /// itself, or a copy that is fetched now. A reader that has the file open keeps these bytes
    /// when the object is replaced or deleted.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the copy cannot be written.
    pub async fn local_file(&self, key: &Key) -> Result<PathBuf, StoreError> {
        match &self.files {
            Files::Objects(local) => {
                let found = self.objects.head(key).await;
                found.map_err(|e| StoreError::new("look at", key, e))?;
                Ok(local.path(key))
            }
            Files::Copies(folder) => {
                let copy = folder.join(key.as_ref());
                self.download(key, &copy).await?;
                Ok(copy)
            }
        }
    }

    /// Deletes an object and its copy. An absent object is not an error.
    ///
    /// # Errors
    /// The object cannot be deleted.
    pub async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        let deleted = self.objects.delete(key).await;
        deleted.map_err(|e| StoreError::new("delete", key, e))?;
        if let Files::Copies(folder) = &self.files {
            match fs::remove_file(folder.join(key.as_ref())).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::from_io("delete", key.as_ref(), error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn upload(&self, key: &Key, file: &Path) -> Result<(), StoreError> {
        let in_error = |e| StoreError::new("write", key, e);
        let unreadable = |e| StoreError::from_io("write", key.as_ref(), e);
        let mut file = fs::File::open(file).await.map_err(unreadable)?;
        let mut upload = self.objects.put_multipart(key).await.map_err(in_error)?;
        let write = async {
            loop {
                let mut part = Vec::new();
                let mut bytes = (&mut file).take(PART_BYTES);
                bytes.read_to_end(&mut part).await.map_err(unreadable)?;
                if part.is_empty() {
                    return upload.complete().await.map(drop).map_err(in_error);
                }
                upload.put_part(part.into()).await.map_err(in_error)?;
            }
        };
        let written = write.await;
        if written.is_err() {
            // The first error is the one to report.
            let _ = upload.abort().await;
        }
        written
    }

    /// Writes a copy under another name and renames it, because an earlier copy may be open.
    async fn download(&self, key: &Key, copy: &Path) -> Result<(), StoreError> {
        static COPIES: AtomicU64 = AtomicU64::new(0);
        let in_error = |e| StoreError::new("read", key, e);
        let unwritable = |e| StoreError::from_io("copy", key.as_ref(), e);
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let unfinished = format!("{}#{}-{number}", copy.display(), std::process::id());
        let object = self.objects.get(key).await.map_err(in_error)?;
        let folder = copy.parent().unwrap_or(copy);
        fs::create_dir_all(folder).await.map_err(unwritable)?;
        let write = async {
            let mut file = fs::File::create(&unfinished).await.map_err(unwritable)?;
            let mut chunks = object.into_stream();
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk.map_err(in_error)?;
                file.write_all(&chunk).await.map_err(unwritable)?;
            }
            file.flush().await.map_err(unwritable)?;
            fs::rename(&unfinished, copy).await.map_err(unwritable)
        };
        let written = write.await;
        if written.is_err() {
            // The first error is the one to report.
            let _ = fs::remove_file(&unfinished).await;
        }
        written
    }
}
