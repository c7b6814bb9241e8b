//! The keys that every store accepts.

use object_store::path::Path;

/// File systems limit a name to 255 bytes; a staged file's suffix needs some of them.
const MAX_SEGMENT_BYTES: usize = 240;
const MAX_BYTES: usize = 1024;

/// A key that no store accepts.
///
/// `object_store` rules out empty segments, `.`, `..` and ASCII control characters. A key must also
/// fit a file's name on any machine: 1 to 1024 bytes, at most 240 bytes per segment, without other
/// control characters, `\`, `:`, `|` and `#`. In local files, moreover, a key cannot be the
/// beginning of another (`a` and `a/b`), because one of them would have to be a folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("key `{key}` is not valid: {fault}")]
pub struct InvalidKey {
    /// The rejected key.
    pub key: String,
    /// What is wrong with it.
    pub fault: &'static str,
}

/// Checks a key.
pub(crate) fn check(key: &Path) -> Result<(), InvalidKey> {
    match fault(key.as_ref()) {
        None => Ok(()),
        Some(fault) => Err(InvalidKey {
            key: key.to_string(),
            fault,
        }),
    }
}

/// The first thing wrong with a key or a file's path below a store.
pub(crate) fn fault(key: &str) -> Option<&'static str> {
    // Staged files end in `#` and digits; `C:` and `C|` are drives on Windows.
    let is_forbidden = |c: char| c.is_control() || matches!(c, '\\' | ':' | '|' | '#');
    if key.is_empty() {
        Some("it is empty")
    } else if key.len() > MAX_BYTES {
        Some("it has more than 1024 bytes")
    } else if key.contains(is_forbidden) {
        Some("it has a control character, a `\\`, a `:`, a `|` or a `#`")
    } else if key.split('/').any(|s| s.len() > MAX_SEGMENT_BYTES) {
        Some("it has a segment of more than 240 bytes")
    } else {
        None
    }
}

impl From<InvalidKey> for object_store::Error {
    fn from(error: InvalidKey) -> Self {
        Self::Generic {
            store: "lakehouse",
            source: Box::new(error),
        }
    }
}
