//! An inverted index over metadata: filters look up values instead of scanning rows.
//!
//! Slots are never removed: the index covers all rows of a generation, dead ones included. Its
//! results hold for every version of the generation, and callers filter them by liveness.

use std::collections::HashMap;
use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::filter::Filter;
use crate::metadata::{Metadata, Scalar};

mod field;
mod load;
mod postings;
#[cfg(test)]
mod tests;
mod text_key;

use field::Field;
use load::Loading;
use text_key::TextKeys;

/// Slots by field and value.
#[derive(Debug, Default)]
pub(crate) struct Inverted {
    fields: HashMap<Box<str>, Field>,
    keys: TextKeys,
    /// The number of slots.
    slots: u32,
}

/// Loads the metadata of a slot, for values that are too long to be kept here.
pub(crate) type MetadataOf<'m> = &'m dyn Fn(u32) -> Metadata;

impl Inverted {
    /// An index without slots.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// An index of the given slots, from 0 on, equal to one built by repeated insertion.
    pub(crate) fn load(slots: impl IntoIterator<Item = Vec<(Box<str>, Scalar)>>) -> Self {
        let mut inverted = Self::new();
        let mut loading: HashMap<Box<str>, Loading> = HashMap::new();
        for scalars in slots {
            for (name, scalar) in scalars {
                let field = loading.entry(name).or_default();
                field.add(&inverted.keys, &scalar, inverted.slots);
            }
            inverted.slots += 1;
        }
        let fields = loading
            .into_iter()
            .map(|(name, field)| (name, field.finish()));
        inverted.fields = fields.collect();
        inverted
    }

    /// Adds the next slot, with the result of [`Metadata::scalars`].
    pub(crate) fn insert(&mut self, slot: u32, scalars: Vec<(Box<str>, Scalar)>) {
        debug_assert_eq!(slot, self.slots, "slots are added in order");
        self.slots = slot + 1;
        for (name, scalar) in scalars {
            let field = self.fields.entry(name).or_default();
            field.insert(&self.keys, &scalar, slot);
        }
    }

    /// The slots whose metadata passes the filter.
    pub(crate) fn select(&self, filter: &Filter, metadata: MetadataOf<'_>) -> RoaringBitmap {
        match filter {
            Filter::Eq { field, value } => self.select_in(field, std::slice::from_ref(value)),
            Filter::In { field, values } => self.select_in(field, values),
            Filter::Range { field, bounds } => match self.fields.get(field) {
                None => RoaringBitmap::new(),
                Some(values) => values.range(&self.keys, bounds, self.slots, |slot| {
                    let value = metadata(slot).get(field);
                    value.is_some_and(|value| bounds.contain(&value))
                }),
            },
            Filter::And(filters) => {
                let mut all = self.all();
                for filter in filters {
                    if all.is_empty() {
                        break;
                    }
                    all &= self.select(filter, metadata);
                }
                all
            }
            Filter::Or(filters) => {
                let each = filters.iter().map(|f| self.select(f, metadata));
                each.fold(RoaringBitmap::new(), |any, these| any | these)
            }
            Filter::Not(filter) => self.all() - self.select(filter, metadata),
        }
    }

    /// The distinct strings that live slots have in a field, ordered bytewise.
    pub(crate) fn texts(
        &self,
        field: &str,
        metadata: MetadataOf<'_>,
        is_live: impl Fn(u32) -> bool,
    ) -> Vec<Arc<str>> {
        let Some(values) = self.fields.get(field) else {
            return Vec::new();
        };
        let text = |slot| match metadata(slot).get(field) {
            Some(Scalar::Text(text)) => Some(Arc::from(text)),
            _ => None,
        };
        let mut texts: Vec<Arc<str>> = values.texts(is_live, text).collect();
        // Long strings with a common prefix are ordered by their hashes in the index.
        texts.sort_unstable();
        texts
    }

    fn select_in(&self, field: &str, values: &[Scalar]) -> RoaringBitmap {
        match self.fields.get(field) {
            None => RoaringBitmap::new(),
            Some(field) => field.any_of(&self.keys, values, self.slots),
        }
    }

    fn all(&self) -> RoaringBitmap {
        let mut all = RoaringBitmap::new();
        all.insert_range(0..self.slots);
        all
    }
}

/// Whether the range is empty. `BTreeMap::range` panics on such ranges.
fn is_empty<T: Ord>(lower: &Bound<T>, upper: &Bound<T>) -> bool {
    match (lower, upper) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(lower), Bound::Included(upper)) => lower > upper,
        (
            Bound::Included(lower) | Bound::Excluded(lower),
            Bound::Included(upper) | Bound::Excluded(upper),
        ) => lower >= upper,
    }
}
