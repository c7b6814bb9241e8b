//! Objects as durable local files.
//!
//! An object is a file at its key below the root. It is written to a staged file beside it
//! (`<name>#<number>`), synced, and then renamed or, to create it only if it is absent, linked to
//! its name; then its folder is synced. So no crash leaves a partial object, and a finished call
//! survives every crash. `object_store`'s `LocalFileSystem` of this version does not sync; it only
//! reads here.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{
    CopyMode, CopyOptions, GetOptions, GetRange, GetResult, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    Result,
};
use parking_lot::Mutex;

use crate::StoreError;

mod disk;
mod list;
#[cfg(test)]
mod tests;
mod upload;

use disk::{Disk, FileSystem};
use upload::Upload;

/// The number of deletions that run at the same time.
const DELETIONS: usize = 10;

/// Objects as files below a folder, each at its key. Cloning shares the store.
#[derive(Debug, Clone)]
pub struct LocalStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    reader: LocalFileSystem,
    disk: Box<dyn Disk>,
    /// Folders whose names and whose parents' names are on the disk.
    durable_folders: Mutex<HashSet<PathBuf>>,
}

impl LocalStore {
    /// Opens the store below `root`, which is created if it does not exist.
    ///
    /// # Errors
    /// The file system's error.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        Self::open_on(root, Box::new(FileSystem))
    }

    fn open_on(root: &Path, disk: Box<dyn Disk>) -> Result<Self, StoreError> {
        let subject = root.to_string_lossy();
        let in_error = |e| StoreError::from_io("open the store", &subject, e);
        create_root(&*disk, root).map_err(in_error)?;
        let root = fs::canonicalize(root).map_err(in_error)?;
        let reader =
            LocalFileSystem::new_with_prefix(&root).map_err(|e| in_error(io::Error::other(e)))?;
        Ok(Self(Arc::new(Inner {
            root,
            reader,
            disk,
            durable_folders: Mutex::default(),
        })))
    }

    /// The file of an object.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.0.path(key)
    }

    /// Moves a file into the store, in place of an object that exists.
    pub(crate) async fn move_in(&self, key: &Key, file: &Path) -> Result<()> {
        let file = file.to_owned();
        let key = key.clone();
        self.blocking(move |store| store.move_in(&key, &file)).await
    }

    /// Runs file operations where they do not block the tasks of a runtime, if there is one.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = Arc::clone(&self.0);
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => runtime.spawn_blocking(move || work(&store)).await?,
            Err(_) => work(&store),
        }
    }
}

impl fmt::Display for LocalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalStore({})", self.0.root.display())
    }
}

#[async_trait]
impl ObjectStore for LocalStore {
    async fn put_opts(
        &self,
        key: &Key,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        if matches!(options.mode, PutMode::Update(_)) {
            return Err(self.lacks("updating an object conditionally"));
        }
        if !options.attributes.is_empty() {
            return Err(self.lacks("attributes"));
        }
        let key = key.clone();
        self.blocking(move |store| store.put(&key, &payload, &options.mode))
            .await
    }

    async fn put_multipart_opts(
        &self,
        key: &Key,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        if !options.attributes.is_empty() {
            return Err(self.lacks("attributes"));
        }
        let path = self.path(key);
        let staged = {
            let path = path.clone();
            self.blocking(move |store| store.stage(&path).map_err(|e| failed(&path, e)))
        };
        let upload = Upload::new(self.clone(), staged.await?, path);
        Ok(Box::new(upload))
    }

    async fn get_opts(&self, key: &Key, options: GetOptions) -> Result<GetResult> {
        match self.0.reader.get_opts(key, options).await {
            // A part of the key is a file.
            Err(error) if has_kind(&error, ErrorKind::NotADirectory) => {
                Err(absent(&self.path(key)))
            }
            result => result,
        }
    }

    async fn get_ranges(&self, key: &Key, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let (key, ranges) = (key.clone(), ranges.to_vec());
        self.blocking(move |store| store.read(&key, ranges)).await
    }

    fn delete_stream(
        &self,
        keys: BoxStream<'static, Result<Key>>,
    ) -> BoxStream<'static, Result<Key>> {
        let store = self.clone();
        keys.map(move |key| {
            let store = store.clone();
            async move {
                let key = key?;
                store
                    .blocking(|inner| inner.delete(&key).map(|()| key))
                    .await
            }
        })
        .buffered(DELETIONS)
        .boxed()
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        list::objects(self, prefix, None)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Key>,
        offset: &Key,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        list::objects(self, prefix, Some(offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        let prefix = prefix.cloned().unwrap_or_default();
        self.blocking(move |store| list::level(&store.root, &prefix))
            .await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        let (from, to) = (from.clone(), to.clone());
        self.blocking(move |store| store.copy(&from, &to, options.mode))
            .await
    }
}

impl LocalStore {
    fn lacks(&self, operation: &str) -> object_store::Error {
        object_store::Error::NotImplemented {
            operation: operation.to_owned(),
            implementer: self.to_string(),
        }
    }
}

/// A file that is written before it gets its name.
#[derive(Debug)]
struct Staged {
    path: PathBuf,
    file: File,
}

/// The operations, which block.
impl Inner {
    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_ref())
    }

    fn put(&self, key: &Key, payload: &PutPayload, mode: &PutMode) -> Result<PutResult> {
        let path = self.path(key);
        let staged = self.stage(&path).map_err(|e| failed(&path, e))?;
        let mut offset = 0;
        for bytes in payload {
            if let Err(error) = self.disk.write_at(&staged, bytes, offset) {
                self.discard(&staged);
                return Err(failed(&path, error));
            }
            offset += bytes.len() as u64;
        }
        self.publish(&staged, &path, matches!(mode, PutMode::Create))
    }

    /// Moves a staged file to its name. The object is durable on return.
    fn publish(&self, staged: &Staged, path: &Path, create_only: bool) -> Result<PutResult> {
        let published = self.try_publish(staged, path, create_only);
        match published {
            Ok(metadata) => Ok(PutResult {
                e_tag: Some(e_tag(&metadata)),
                version: None,
            }),
            Err(error) => {
                self.discard(staged);
                Err(named(path, error))
            }
        }
    }

    fn try_publish(&self, staged: &Staged, path: &Path, create_only: bool) -> io::Result<Metadata> {
        self.disk.sync_file(staged)?;
        let metadata = staged.file.metadata()?;
        if create_only {
            self.disk.link(&staged.path, path)?;
            self.discard(staged);
        } else {
            self.disk.rename(&staged.path, path)?;
        }
        self.disk.sync_folder(folder_of(path))?;
        Ok(metadata)
    }

    fn discard(&self, staged: &Staged) {
        // A remaining staged file is never listed.
        let _ = self.disk.remove(&staged.path);
    }

    fn move_in(&self, key: &Key, file: &Path) -> Result<()> {
        let path = self.path(key);
        let move_in = || {
            let source = Staged {
                path: file.to_owned(),
                file: File::open(file)?,
            };
            self.disk.sync_file(&source)?;
            self.ensure_folder(folder_of(&path))?;
            match self.disk.rename(file, &path) {
                Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                    let mut staged = self.stage(&path)?;
                    let copied = io::copy(&mut &source.file, &mut staged.file);
                    let published = copied.and_then(|_| self.try_publish(&staged, &path, false));
                    published.inspect_err(|_| self.discard(&staged))?;
                    self.disk.remove(file)
                }
                moved => moved.and_then(|()| self.disk.sync_folder(folder_of(&path))),
            }
        };
        move_in().map_err(|e| failed(&path, e))
    }

    fn read(&self, key: &Key, ranges: Vec<Range<u64>>) -> Result<Vec<Bytes>> {
        let path = self.path(key);
        let file = match open_file(&path) {
            Ok(Some(file)) => file,
            Ok(None) => return Err(absent(&path)),
            Err(error) => return Err(failed(&path, error)),
        };
        let length = file.metadata().map_err(|e| failed(&path, e))?.len();
        let read = |range| {
            let range = GetRange::Bounded(range).as_range(length);
            let range = range.map_err(|e| failed(&path, io::Error::other(e)))?;
            let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(usize::MAX)];
            let exact = file.read_exact_at(&mut bytes, range.start);
            exact.map(|()| bytes.into()).map_err(|e| failed(&path, e))
        };
        ranges.into_iter().map(read).collect()
    }

    /// Removes an object. Its absence is durable on return, even if another writer removed it.
    fn delete(&self, key: &Key) -> Result<()> {
        let path = self.path(key);
        let delete = || {
            match self.disk.remove(&path) {
                Err(error) if is_absence(&error) || path.is_dir() => {}
                removed => removed?,
            }
            match self.disk.sync_folder(folder_of(&path)) {
                Err(error) if is_absence(&error) => Ok(()),
                synced => synced,
            }
        };
        delete().map_err(|e| failed(&path, e))
    }

    /// Copies an object by giving its file another name: objects are replaced, never changed.
    fn copy(&self, from: &Key, to: &Key, mode: CopyMode) -> Result<()> {
        let (from, to) = (self.path(from), self.path(to));
        match open_file(&from) {
            Ok(Some(_)) => {}
            Ok(None) => return Err(absent(&from)),
            Err(error) => return Err(failed(&from, error)),
        }
        let copy = || {
            self.ensure_folder(folder_of(&to))?;
            match mode {
                CopyMode::Create => self.disk.link(&from, &to)?,
                CopyMode::Overwrite => {
                    let link = |path: &Path| self.disk.link(&from, path);
                    let (staged, ()) = self.with_staged_name(&to, link)?;
                    let renamed = self.disk.rename(&staged, &to);
                    // A rename between two names of one file does nothing.
                    let _ = self.disk.remove(&staged);
                    renamed?;
                }
            }
            self.disk.sync_folder(folder_of(&to))
        };
        copy().map_err(|e| named(&to, e))
    }

    /// Creates a staged file for the object at `path`.
    fn stage(&self, path: &Path) -> io::Result<Staged> {
        self.ensure_folder(folder_of(path))?;
        let create = |path: &Path| self.disk.create_file(path);
        let (path, file) = self.with_staged_name(path, create)?;
        Ok(Staged { path, file })
    }

    /// Calls `create` with names for a staged file until one is free.
    fn with_staged_name<T>(
        &self,
        path: &Path,
        create: impl Fn(&Path) -> io::Result<T>,
    ) -> io::Result<(PathBuf, T)> {
        let mut number = 1_u64;
        loop {
            let mut staged = path.as_os_str().to_owned();
            staged.push(format!("#{number}"));
            let staged = PathBuf::from(staged);
            match create(&staged) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                created => return created.map(|created| (staged, created)),
            }
        }
    }

    /// Creates a folder below the root and those above it, each durably. A folder that exists may
    /// be another writer's whose name is not on the disk yet, so it is synced once, too.
    fn ensure_folder(&self, folder: &Path) -> io::Result<()> {
        if folder == self.root || self.durable_folders.lock().contains(folder) && folder.is_dir() {
            return Ok(());
        }
        let parent = folder_of(folder);
        self.ensure_folder(parent)?;
        create_if_absent(&*self.disk, folder)?;
        self.disk.sync_folder(parent)?;
        self.durable_folders.lock().insert(folder.to_owned());
        Ok(())
    }
}

/// Creates the root and the folders above it that do not exist, each durably.
fn create_root(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let parent = folder_of(folder);
    create_root(disk, parent)?;
    create_if_absent(disk, folder)?;
    let parent = match parent.as_os_str().is_empty() {
        true => Path::new("."),
        false => parent,
    };
    disk.sync_folder(parent)
}

fn create_if_absent(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    match disk.create_folder(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        created => created,
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

/// Opens a file; none when there is no file, or a folder.
fn open_file(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) if file.metadata()?.is_dir() => Ok(None),
        Ok(file) => Ok(Some(file)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether there is no file because it, or a folder above it, does not exist.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn has_kind(error: &object_store::Error, kind: ErrorKind) -> bool {
    crate::error::find::<io::Error>(error).is_some_and(|error| error.kind() == kind)
}

/// The error of giving an object its name, which may be taken.
fn named(path: &Path, error: io::Error) -> object_store::Error {
    if error.kind() == ErrorKind::AlreadyExists && !path.is_dir() {
        return object_store::Error::AlreadyExists {
            path: path.display().to_string(),
            source: Box::new(error),
        };
    }
    failed(path, error)
}

fn absent(path: &Path) -> object_store::Error {
    object_store::Error::NotFound {
        path: path.display().to_string(),
        source: Box::new(io::Error::from(ErrorKind::NotFound)),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("file `{}`: {source}", path.display())]
struct FileError {
    path: PathBuf,
    source: io::Error,
}

fn failed(path: &Path, source: io::Error) -> object_store::Error {
    object_store::Error::Generic {
        store: "LocalStore",
        source: Box::new(FileError {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The ETag of a file, the same as `LocalFileSystem`'s, which reads.
fn e_tag(metadata: &Metadata) -> String {
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let micros = modified.unwrap_or_default().as_micros();
    format!("{:x}-{micros:x}-{:x}", metadata.ino(), metadata.len())
}
