//! Objects that are local files.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use object_store::local::LocalFileSystem;

use super::{Objects, blocking};
use crate::{Key, ObjectInfo, PutMode, Store, StoreError};

/// Objects as files below a folder, each at its key. Files and folders are forced to the disk
/// before a write returns.
#[derive(Debug)]
pub struct LocalStore {
    root: PathBuf,
    objects: Objects<LocalFileSystem>,
}

impl LocalStore {
    /// The store below `root`, which is made if it is not there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        let subject = root.to_string_lossy();
        make_folder(root).map_err(|e| StoreError::from_io("make the store", &subject, e))?;
        let root = fs::canonicalize(root);
        let root = root.map_err(|e| StoreError::from_io("open the store", &subject, e))?;
        let files = LocalFileSystem::new_with_prefix(&root);
        let files = files.map_err(|e| StoreError::Backend {
            action: "open the store",
            subject: subject.into_owned(),
            source: Box::new(e),
        })?;
        Ok(Self {
            root,
            objects: Objects(files.with_fsync(true)),
        })
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }
}

#[async_trait]
impl Store for LocalStore {
    async fn put(&self, key: &Key, bytes: Bytes, mode: PutMode) -> Result<(), StoreError> {
        self.objects.put(key, bytes, mode).await
    }

    async fn put_file(&self, key: &Key, file: &Path) -> Result<(), StoreError> {
        let (from, to) = (file.to_owned(), self.path(key));
        let moved = blocking(move || move_file(&from, &to)).await;
        moved.map_err(|e| StoreError::from_io("write", key.as_str(), e))
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
        // `object_store` does not sync the folder here, and a drop that comes back after a crash
        // is no drop.
        let path = self.path(key);
        let synced = blocking(move || match path.parent() {
            Some(folder) => sync_if_there(folder),
            None => Ok(()),
        });
        synced
            .await
            .map_err(|e| StoreError::from_io("delete", key.as_str(), e))
    }

    async fn local(&self, key: &Key) -> Result<PathBuf, StoreError> {
        self.head(key).await?;
        Ok(self.path(key))
    }
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_all()?;
    let folder = to.parent().unwrap_or(to);
    make_folder(folder)?;
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_file(from, to)?,
        moved => moved?,
    }
    File::open(folder)?.sync_all()
}

/// Copies a file to another file system and removes it.
fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    // What ends in `#` and digits is passed over by `list`, and no key does.
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(format!("#{}", std::process::id()));
    let copied = fs::copy(from, &unfinished)
        .and_then(|_| File::open(&unfinished)?.sync_all())
        .and_then(|()| fs::rename(&unfinished, to));
    if copied.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&unfinished);
    }
    copied.and_then(|()| fs::remove_file(from))
}

/// Makes a folder and those above it, each forced to the disk with the entry that leads to it.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(folder);
    make_folder(above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        made => made?,
    }
    let above = if above.as_os_str().is_empty() {
        Path::new(".")
    } else {
        above
    };
    File::open(above)?.sync_all()
}

fn sync_if_there(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        folder => folder?.sync_all(),
    }
}
