//! What a cached vector is kept under, owned and borrowed.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use quick_cache::{Equivalent, Weighter};

use super::super::{EmbedRequest, Embedding};

/// What an entry takes besides its texts and its vector: the allocations' headers and the slots
/// in the cache's own tables.
const ENTRY_OVERHEAD_BYTES: usize = 192;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    provider: &'static str,
    model: Arc<str>,
    prefix: Arc<str>,
    text: Arc<str>,
}

impl Key {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn borrowed(&self) -> KeyRef<'_> {
        KeyRef {
            provider: self.provider,
            model: &self.model,
            prefix: &self.prefix,
            text: &self.text,
        }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.borrowed().hash(state);
    }
}

/// A key that is looked up without copying its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct KeyRef<'a> {
    provider: &'static str,
    model: &'a str,
    prefix: &'a str,
    text: &'a str,
}

impl<'a> KeyRef<'a> {
    pub(super) fn new(provider: &'static str, request: EmbedRequest<'a>, text: &'a str) -> Self {
        Self {
            provider,
            model: request.model,
            prefix: request.prefix,
            text,
        }
    }

    pub(super) fn to_owned(self) -> Key {
        Key {
            provider: self.provider,
            model: self.model.into(),
            prefix: self.prefix.into(),
            text: self.text.into(),
        }
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.borrowed()
    }
}

/// Counts an entry in bytes: key, vector and JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct InBytes;

impl Weighter<Key, Embedding> for InBytes {
    fn weight(&self, key: &Key, embedding: &Embedding) -> u64 {
        let texts = key.model.len() + key.prefix.len() + key.text.len();
        (texts + embedding.size_bytes() + ENTRY_OVERHEAD_BYTES) as u64
    }
}
