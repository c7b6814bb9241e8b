//! The name of an object.

use std::fmt;

use crate::StoreError;

/// The most bytes that file systems permit in a name, less what the name of an unfinished file
/// needs beside.
const MOST_SEGMENT_BYTES: usize = 240;
const MOST_BYTES: usize = 1024;

/// The name of an object: segments with `/` between, in any characters but control characters,
/// `\`, `:`, `|` and `#`, none of the segments empty, `.` or `..`.
///
/// An object's key is no beginning of another's (`a` and `a/b`): on files, one of the two would
/// have to be a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Box<str>);

impl Key {
    /// Checks a key.
    ///
    /// # Errors
    /// [`StoreError::InvalidKey`], with what is wrong.
    pub fn parse(key: impl Into<Box<str>>) -> Result<Self, StoreError> {
        let key = key.into();
        match first_fault(&key) {
            None => Ok(Self(key)),
            Some(fault) => Err(StoreError::InvalidKey {
                key: key.into_string(),
                fault,
            }),
        }
    }

    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn first_fault(key: &str) -> Option<&'static str> {
    // `#` and digits at the end is how `object_store` names unfinished files; it takes a letter
    // and `:` or `|` at the end for a drive of Windows.
    let is_forbidden = |c: char| c.is_control() || matches!(c, '\\' | ':' | '|' | '#');
    let is_relative = |segment| matches!(segment, "." | "..");
    if key.is_empty() {
        Some("it is empty")
    } else if key.len() > MOST_BYTES {
        Some("it has more than 1024 bytes")
    } else if key.contains(is_forbidden) {
        Some("it has a control character, a `\\`, a `:`, a `|` or a `#`")
    } else if key.split('/').any(str::is_empty) {
        Some("it has an empty segment")
    } else if key.split('/').any(is_relative) {
        Some("it has a segment `.` or `..`")
    } else if key.split('/').any(|s| s.len() > MOST_SEGMENT_BYTES) {
        Some("it has a segment of more than 240 bytes")
    } else {
        None
    }
}
