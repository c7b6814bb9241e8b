//! Strings as map keys of bounded size.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::ops::Bound;

/// The length up to which a string is stored inline.
const SHORT: usize = 14;
/// The length of the stored prefix.
const PREFIX: usize = 32;

/// A string of any length, ordered bytewise; strings of more than 32 bytes with a common prefix are
/// ordered by their hashes. Two randomly keyed 64-bit hashes represent the cut-off part: strings are
/// considered equal if both match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextKey {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Box<Long>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Long {
    length: u8,
    prefix: [u8; PREFIX],
    /// `None` if the prefix is the whole string.
    rest: Option<[u64; 2]>,
}

/// Creates keys that can be compared with each other.
#[derive(Debug, Default)]
pub(super) struct TextKeys([RandomState; 2]);

impl TextKeys {
    pub(super) fn key(&self, text: &str) -> TextKey {
        let bytes = text.as_bytes();
        let rest = (bytes.len() > PREFIX).then(|| self.0.each_ref().map(|h| h.hash_one(bytes)));
        TextKey::new(bytes, rest)
    }

    /// The lower bound on keys: it includes every string that the bound includes.
    pub(super) fn lower(&self, bound: &Bound<Box<str>>) -> Bound<TextKey> {
        self.bound(bound, [u64::MIN; 2])
    }

    /// The upper bound on keys, likewise.
    pub(super) fn upper(&self, bound: &Bound<Box<str>>) -> Bound<TextKey> {
        self.bound(bound, [u64::MAX; 2])
    }

    fn bound(&self, bound: &Bound<Box<str>>, rest: [u64; 2]) -> Bound<TextKey> {
        match bound.as_ref() {
            Bound::Included(text) | Bound::Excluded(text) if text.len() > PREFIX => {
                Bound::Included(TextKey::new(text.as_bytes(), Some(rest)))
            }
            whole => whole.map(|text| TextKey::new(text.as_bytes(), None)),
        }
    }
}

impl TextKey {
    fn new(text: &[u8], rest: Option<[u64; 2]>) -> Self {
        let kept = &text[..text.len().min(PREFIX)];
        let length = u8::try_from(kept.len()).unwrap_or(u8::MAX);
        if kept.len() <= SHORT {
            let mut bytes = [0; SHORT];
            bytes[..kept.len()].copy_from_slice(kept);
            return Self::Short { length, bytes };
        }
        let mut prefix = [0; PREFIX];
        prefix[..kept.len()].copy_from_slice(kept);
        Self::Long(Box::new(Long {
            length,
            prefix,
            rest,
        }))
    }

    fn parts(&self) -> (&[u8], Option<[u64; 2]>) {
        match self {
            Self::Short { length, bytes } => (&bytes[..usize::from(*length)], None),
            Self::Long(long) => (&long.prefix[..usize::from(long.length)], long.rest),
        }
    }

    /// The string, if it is stored whole.
    pub(super) fn whole(&self) -> Option<&str> {
        match self.parts() {
            (text, None) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    /// Whether strings with this key may lie on either side of a bound.
    pub(super) fn is_unsure(&self, bound: &Bound<Box<str>>) -> bool {
        let (prefix, rest) = self.parts();
        match bound {
            Bound::Included(text) | Bound::Excluded(text) => {
                rest.is_some() && text.len() > PREFIX && text.as_bytes().starts_with(prefix)
            }
            Bound::Unbounded => false,
        }
    }
}

impl Ord for TextKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for TextKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
