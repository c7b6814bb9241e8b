//! From a datum to the workers that have it.

use std::borrow::Cow;
use std::collections::HashMap;

/// Positions in the roster, ascending, by a text of which the ASCII letters are lowered.
#[derive(Debug, Default)]
pub(super) struct Index {
    positions: HashMap<Box<str>, Vec<usize>>,
}

impl Index {
    pub(super) fn add(&mut self, datum: &str, position: usize) {
        let key = lowered(datum).into_owned().into_boxed_str();
        self.positions.entry(key).or_default().push(position);
    }

    pub(super) fn positions(&self, datum: &str) -> &[usize] {
        self.positions
            .get(&*lowered(datum))
            .map_or(&[], Vec::as_slice)
    }
}

fn lowered(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}
