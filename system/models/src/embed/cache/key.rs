//! The keys of cached vectors, owned and borrowed.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use quick_cache::{Equivalent, Weighter};

use super::super::{EmbedRequest, Embedding};

/// The memory of an entry besides its texts and its vector: allocation headers, and slots in the
/// cache's tables.
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

/// A borrowed key, for look-ups that do not copy the text.
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

/// Weighs an entry in bytes: its key, vector and JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct InBytes;

impl Weighter<Key, Embedding> for InBytes {
    fn weight(&self, key: &Key, embedding: &Embedding) -> u64 {
        let texts = key.model.len() + key.prefix.len() + key.text.len();
        (texts + embedding.size_bytes() + ENTRY_OVERHEAD_BYTES) as u64
    }
}
