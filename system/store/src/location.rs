//! Locations of stores.

use std::path::PathBuf;

use crate::StoreError;

/// A parsed location.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A folder.
    Folder(PathBuf),
    /// The memory of the process.
    Memory,
}

impl Location {
    /// Parses `file:///…`, a path, or `memory://`.
    pub(crate) fn parse(location: &str) -> Result<Self, StoreError> {
        let parsed = match location.split_once("://") {
            None if location.is_empty() => Err("it is empty".to_owned()),
            None => Ok(Self::Folder(location.into())),
            Some(("file", path)) => file_path(path).map(Self::Folder),
            Some(("memory", "")) => Ok(Self::Memory),
            Some(("memory", _)) => Err("a store in memory has no name".to_owned()),
            Some((scheme, _)) => Err(format!("there is no store of the kind `{scheme}`")),
        };
        parsed.map_err(|fault| StoreError::InvalidLocation {
            location: location.to_owned(),
            fault,
        })
    }
}

/// The percent-decoded path of a `file` URL, given what follows `file://`.
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
