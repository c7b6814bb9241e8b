//! Listing files as objects, in the order of their keys.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::vec;

use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path as Key;
use object_store::{ListResult, ObjectMeta, Result};

use super::{LocalStore, e_tag, failed, is_absence};
use crate::key::fault;

/// The number of objects that one blocking task lists.
const BATCH: usize = 1000;

/// The objects below a prefix whose keys come after `offset`.
pub(super) fn objects(
    store: &LocalStore,
    prefix: Option<&Key>,
    offset: Option<&Key>,
) -> BoxStream<'static, Result<ObjectMeta>> {
    let store = store.clone();
    let prefix = prefix.map_or("", Key::as_ref).to_owned();
    let offset = offset.map_or("", Key::as_ref).to_owned();
    let walk = Walk::new(store.0.root.clone(), prefix, offset);
    stream::try_unfold(Some(walk), move |walk| {
        let store = store.clone();
        async move {
            let Some(mut walk) = walk else {
                return Ok(None);
            };
            let batch = move |_: &super::Inner| {
                let batch: Vec<_> = walk.by_ref().take(BATCH).collect();
                let walk = (batch.len() == BATCH).then_some(walk);
                Ok(Some((stream::iter(batch), walk)))
            };
            store.blocking(batch).await
        }
    })
    .try_flatten()
    .boxed()
}

/// The objects directly below a prefix, and the prefixes that have objects below them.
pub(super) fn level(root: &Path, prefix: &Key) -> Result<ListResult> {
    let mut level = ListResult {
        common_prefixes: Vec::new(),
        objects: Vec::new(),
    };
    for entry in entries(root, prefix.as_ref())? {
        if !entry.is_folder {
            level.objects.extend(object(root, &entry.key)?);
            continue;
        }
        let mut below = Walk::new(root.to_owned(), entry.key.clone(), String::new());
        if below.next().transpose()?.is_some() {
            level.common_prefixes.push(Key::parse(entry.key)?);
        }
    }
    Ok(level)
}

/// A walk over the files below a prefix.
struct Walk {
    root: PathBuf,
    offset: String,
    /// The folder that is read next.
    folder: Option<String>,
    /// The rest of each folder on the way to the current one.
    rest: Vec<vec::IntoIter<Entry>>,
}

impl Walk {
    fn new(root: PathBuf, prefix: String, offset: String) -> Self {
        Self {
            root,
            offset,
            folder: Some(prefix),
            rest: Vec::new(),
        }
    }

    /// Whether every key below this folder comes before the offset.
    fn is_before_offset(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        prefix < self.offset && !self.offset.starts_with(&prefix)
    }
}

impl Iterator for Walk {
    type Item = Result<ObjectMeta>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(folder) = self.folder.take() {
                match entries(&self.root, &folder) {
                    Ok(entries) => self.rest.push(entries.into_iter()),
                    Err(error) => return Some(Err(error)),
                }
            }
            let Some(entry) = self.rest.last_mut()?.next() else {
                self.rest.pop();
                continue;
            };
            if entry.is_folder {
                if !self.is_before_offset(&entry.key) {
                    self.folder = Some(entry.key);
                }
            } else if entry.key > self.offset {
                match object(&self.root, &entry.key) {
                    Ok(None) => {}
                    found => return found.transpose(),
                }
            }
        }
    }
}

struct Entry {
    key: String,
    is_folder: bool,
}

/// The entries of a folder in the order of their keys; none when it is not a folder. Leaves out
/// files whose path is not a key, such as staged ones.
fn entries(root: &Path, folder: &str) -> Result<Vec<Entry>> {
    let path = root.join(folder);
    let read = || -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                continue;
            };
            let key = match folder {
                "" => name.to_owned(),
                _ => format!("{folder}/{name}"),
            };
            if fault(&key).is_some() {
                continue;
            }
            let mut file_type = entry.file_type()?;
            if file_type.is_symlink() {
                match fs::metadata(entry.path()) {
                    Ok(target) => file_type = target.file_type(),
                    Err(_) => continue,
                }
            }
            let is_folder = file_type.is_dir();
            entries.push(Entry { key, is_folder });
        }
        Ok(entries)
    };
    let mut entries = match read() {
        Err(error) if is_absence(&error) => Vec::new(),
        read => read.map_err(|e| failed(&path, e))?,
    };
    // The keys below the folder `a` start with `a/`, so `a.b` comes before them.
    entries.sort_by(|a, b| sort_key(a).cmp(sort_key(b)));
    Ok(entries)
}

fn sort_key(entry: &Entry) -> impl Iterator<Item = u8> {
    let slash = entry.is_folder.then_some(b'/');
    entry.key.bytes().chain(slash)
}

/// The object of a file; none when it was removed in the meantime, or is not a file.
fn object(root: &Path, key: &str) -> Result<Option<ObjectMeta>> {
    let path = root.join(key);
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(meta(&metadata, Key::parse(key)?, &path)?)),
        Ok(_) => Ok(None),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(failed(&path, error)),
    }
}

fn meta(metadata: &Metadata, location: Key, path: &Path) -> Result<ObjectMeta> {
    let modified = metadata.modified().map_err(|e| failed(path, e))?;
    Ok(ObjectMeta {
        location,
        last_modified: modified.into(),
        size: metadata.len(),
        e_tag: Some(e_tag(metadata)),
        version: None,
    })
}
