//! Bulk loading. One-by-one insertion searches a large tree for each value and leaves its nodes half
//! empty.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::field::Field;
use super::postings::{Postings, Shared};
use super::text_key::{TextKey, TextKeys};
use crate::metadata::{Scalar, Values, ordered_bits};

/// The number of values up to which lookups cost less than sorting. Small in tests, whose fields are
/// small.
const MAX_SMALL: usize = if cfg!(test) { 4 } else { 1024 };

/// A field under construction.
#[derive(Debug, Default)]
pub(super) struct Loading {
    /// Nulls and booleans, and the values that were added while they were few.
    field: Field,
    numbers: Vec<(u64, u32)>,
    texts: Vec<(TextKey, u32)>,
}

impl Loading {
    pub(super) fn add(&mut self, keys: &TextKeys, values: &Values, slot: u32) {
        for value in self.field.indexed(values, slot) {
            self.add_scalar(keys, value, slot);
        }
    }

    fn add_scalar(&mut self, keys: &TextKeys, value: &Scalar, slot: u32) {
        let Field {
            numbers,
            texts,
            shared,
            ..
        } = &mut self.field;
        match value {
            Scalar::Number(number) => {
                let bits = ordered_bits(*number);
                self.numbers
                    .extend(add_if_small(numbers, shared, bits, slot));
            }
            Scalar::Text(text) => {
                let key = keys.key(text);
                self.texts.extend(add_if_small(texts, shared, key, slot));
            }
            Scalar::Null | Scalar::Bool(_) => self.field.insert_scalar(keys, value, slot),
        }
    }

    pub(super) fn finish(self) -> Field {
        let mut field = self.field;
        let numbers = &mut grouped(self.numbers, &mut field.shared);
        field.numbers.append(numbers);
        field
            .texts
            .append(&mut grouped(self.texts, &mut field.shared));
        field
    }
}

/// Adds the slot to an existing value, or to a new one while there are few; otherwise returns both.
fn add_if_small<K: Ord>(
    values: &mut BTreeMap<K, Postings>,
    shared: &mut Shared,
    key: K,
    slot: u32,
) -> Option<(K, u32)> {
    let is_small = values.len() < MAX_SMALL;
    match values.entry(key) {
        Entry::Occupied(mut postings) => shared.add(postings.get_mut(), slot),
        Entry::Vacant(vacant) if is_small => {
            vacant.insert(Postings::new(slot));
        }
        Entry::Vacant(vacant) => return Some((vacant.into_key(), slot)),
    }
    None
}

fn grouped<K: Ord>(mut pairs: Vec<(K, u32)>, shared: &mut Shared) -> BTreeMap<K, Postings> {
    pairs.sort_unstable();
    let mut groups: Vec<(K, Postings)> = Vec::new();
    for (key, slot) in pairs {
        match groups.last_mut() {
            Some((last, postings)) if *last == key => shared.add(postings, slot),
            _ => groups.push((key, Postings::new(slot))),
        }
    }
    groups.into_iter().collect()
}
