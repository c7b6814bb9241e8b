//! The store at a URL or path.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{LocalStore, MemoryStore, Retrying, Store, StoreError};

/// Opens the store at `location`: `file:///…` or a path, made if it is not there, or `memory://`.
///
/// `cache` is the folder for copies of objects that are not files of this machine
/// ([`Store::local`]); it is made when the first is needed.
///
/// # Errors
/// [`StoreError::InvalidLocation`], or what the file system says.
pub fn open(location: &str, cache: &Path) -> Result<Arc<dyn Store>, StoreError> {
    let invalid = |fault: String| StoreError::InvalidLocation {
        location: location.to_owned(),
        fault,
    };
    // Another kind of store is another arm here and another file in `backend`.
    match location.split_once("://") {
        None if location.is_empty() => Err(invalid("it is empty".to_owned())),
        None => Ok(Arc::new(Retrying::new(LocalStore::open(Path::new(
            location,
        ))?))),
        Some(("file", path)) => {
            let path = file_path(path).map_err(invalid)?;
            Ok(Arc::new(Retrying::new(LocalStore::open(&path)?)))
        }
        Some(("memory", "")) => Ok(Arc::new(Retrying::new(MemoryStore::new(cache)))),
        Some(("memory", _)) => Err(invalid("a store in memory has no name".to_owned())),
        Some((scheme, _)) => Err(invalid(format!("there is no store of the kind `{scheme}`"))),
    }
}

/// The path of a `file` URL behind `file://`, percent-decoded.
fn file_path(path: &str) -> Result<PathBuf, String> {
    if !path.starts_with('/') {
        return Err("a `file` URL names no host and an absolute path".to_owned());
    }
    let mut decoded = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        if *byte != b'%' {
            decoded.push(*byte);
            continue;
        }
        let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
        decoded.push(byte.ok_or("a `%` is not followed by two hexadecimal digits")?);
        rest = &tail[2..];
    }
    let decoded = String::from_utf8(decoded).map_err(|_| "its path is not UTF-8")?;
    Ok(PathBuf::from(decoded))
}
