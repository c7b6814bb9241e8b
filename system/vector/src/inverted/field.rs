//! The values of one field.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::is_empty;
use super::kinds::Kinds;
use super::postings::{Collected, Postings, Shared};
use super::text_key::{TextKey, TextKeys};
use crate::filter::Bounds;
use crate::metadata::{Scalar, Values, ordered_bits};

/// The slots of each value of a field.
#[derive(Debug, Default)]
pub(super) struct Field {
    nulls: Option<Postings>,
    bools: [Option<Postings>; 2],
    pub(super) numbers: BTreeMap<u64, Postings>,
    pub(super) texts: BTreeMap<TextKey, Postings>,
    pub(super) shared: Shared,
    pub(super) kinds: Kinds,
    /// The slots whose values are not here, because they are too many.
    pub(super) unindexed: RoaringBitmap,
}

/// Loads the string with a key from the metadata of a slot.
pub(super) type TextOf<'t> = &'t dyn Fn(u32, &TextKey) -> Option<Box<str>>;

impl Field {
    pub(super) fn insert(&mut self, keys: &TextKeys, values: &Values, slot: u32) {
        for value in self.indexed(values, slot) {
            self.insert_scalar(keys, value, slot);
        }
    }

    /// Adds the next slot, except for the returned values.
    pub(super) fn indexed<'v>(&mut self, values: &'v Values, slot: u32) -> &'v [Scalar] {
        self.kinds.insert(values, slot);
        values.indexed().unwrap_or_else(|| {
            self.unindexed.insert(slot);
            &[]
        })
    }

    pub(super) fn insert_scalar(&mut self, keys: &TextKeys, value: &Scalar, slot: u32) {
        let shared = &mut self.shared;
        match value {
            Scalar::Null => add(&mut self.nulls, shared, slot),
            Scalar::Bool(value) => add(&mut self.bools[usize::from(*value)], shared, slot),
            Scalar::Number(number) => {
                add_entry(self.numbers.entry(ordered_bits(*number)), shared, slot);
            }
            Scalar::Text(text) => add_entry(self.texts.entry(keys.key(text)), shared, slot),
        }
    }

    /// The slots with one of the values, out of `slots`.
    pub(super) fn any_of(&self, keys: &TextKeys, values: &[Scalar], slots: u32) -> RoaringBitmap {
        let mut found = values.iter().filter_map(|value| self.postings(keys, value));
        let Some(first) = found.next() else {
            return RoaringBitmap::new();
        };
        let Some(second) = found.next() else {
            return self.shared.bitmap(first);
        };
        self.collect([first, second].into_iter().chain(found), slots)
    }

    /// The slots with a value within the bounds, out of `slots`; `text` loads strings that are not kept
    /// whole.
    pub(super) fn range(
        &self,
        keys: &TextKeys,
        bounds: &Bounds,
        slots: u32,
        text: TextOf<'_>,
    ) -> RoaringBitmap {
        match bounds {
            Bounds::Numbers(lower, upper) => {
                let bits = |bound: &Bound<f64>| bound.as_ref().map(|number| ordered_bits(*number));
                let (lower, upper) = (bits(lower), bits(upper));
                if is_empty(&lower, &upper) {
                    return RoaringBitmap::new();
                }
                let within = self.numbers.range((lower, upper));
                self.collect(within.map(|(_, postings)| *postings), slots)
            }
            Bounds::Texts(lower, upper) => {
                let from_to = (keys.lower(lower), keys.upper(upper));
                if is_empty(&from_to.0, &from_to.1) {
                    return RoaringBitmap::new();
                }
                let mut collected = Collected::new(slots);
                for (key, postings) in self.texts.range(from_to) {
                    if !key.is_unsure(lower) && !key.is_unsure(upper) {
                        collected.add_all(&self.shared, *postings);
                        continue;
                    }
                    // All slots of a key have the same string.
                    let whole = self.shared.find(*postings, |slot| Some(text(slot, key)));
                    let whole = whole.flatten().map(Scalar::Text);
                    if whole.is_some_and(|whole| bounds.contain(&whole)) {
                        collected.add_all(&self.shared, *postings);
                    }
                }
                collected.into_bitmap()
            }
        }
    }

    /// The slots with a string that passes, out of `slots`; `text` loads strings that are not kept whole,
    /// or returns `None` for those that do not pass.
    pub(super) fn matching(
        &self,
        slots: u32,
        passes: impl Fn(&str) -> bool,
        text: TextOf<'_>,
    ) -> RoaringBitmap {
        let mut collected = Collected::new(slots);
        for (key, postings) in &self.texts {
            let is_match = match key.whole() {
                Some(whole) => passes(whole),
                // All slots of a key have the same string.
                None => {
                    let whole = self.shared.find(*postings, |slot| Some(text(slot, key)));
                    whole.flatten().is_some_and(|whole| passes(&whole))
                }
            };
            if is_match {
                collected.add_all(&self.shared, *postings);
            }
        }
        collected.into_bitmap()
    }

    /// Whether a live slot has the string.
    pub(super) fn has_text(
        &self,
        keys: &TextKeys,
        text: &str,
        is_live: &dyn Fn(u32) -> bool,
    ) -> bool {
        let postings = self.texts.get(&keys.key(text));
        postings.is_some_and(|postings| self.is_live(*postings, is_live))
    }

    /// The strings of live slots that are kept whole and pass.
    pub(super) fn whole_texts(
        &self,
        passes: impl Fn(&str) -> bool,
        is_live: &dyn Fn(u32) -> bool,
    ) -> impl Iterator<Item = Box<str>> {
        self.texts.iter().filter_map(move |(key, postings)| {
            let text = key.whole().filter(|text| passes(text))?;
            self.is_live(*postings, is_live).then(|| text.into())
        })
    }

    fn is_live(&self, postings: Postings, is_live: &dyn Fn(u32) -> bool) -> bool {
        let live = |slot| is_live(slot).then_some(());
        self.shared.find(postings, live).is_some()
    }

    /// The distinct strings of live slots, except those in arrays; `text` loads that of a slot.
    pub(super) fn texts(
        &self,
        is_live: impl Fn(u32) -> bool,
        text: impl Fn(u32) -> Option<Arc<str>>,
    ) -> impl Iterator<Item = Arc<str>> {
        self.texts.iter().filter_map(move |(key, postings)| {
            let live = |slot| {
                let counts = is_live(slot) && !self.kinds.arrays.contains(slot);
                counts.then_some(slot)
            };
            let slot = self.shared.find(*postings, live)?;
            key.whole().map(Arc::from).or_else(|| text(slot))
        })
    }

    /// The distinct strings of live slots; `text` loads those that are not kept whole.
    pub(super) fn elements(
        &self,
        is_live: impl Fn(u32) -> bool,
        text: TextOf<'_>,
    ) -> impl Iterator<Item = Arc<str>> {
        self.texts.iter().filter_map(move |(key, postings)| {
            let live = |slot| is_live(slot).then_some(slot);
            let slot = self.shared.find(*postings, live)?;
            let whole = key.whole().map(Arc::from);
            whole.or_else(|| text(slot, key).map(Arc::from))
        })
    }

    /// The distinct strings of live slots, except those in arrays, and for each slot the place of its
    /// string, counted from 1, or 0.
    pub(super) fn texts_by_slot(
        &self,
        slots: u32,
        is_live: impl Fn(u32) -> bool,
        text: impl Fn(u32) -> Option<Arc<str>>,
    ) -> (Vec<Arc<str>>, Vec<u32>) {
        let mut texts = Vec::new();
        let mut of_slot = vec![0; slots as usize];
        for (key, postings) in &self.texts {
            let place = texts.len() as u32 + 1;
            let mut first = None;
            self.shared.find(*postings, |slot| -> Option<()> {
                if is_live(slot) && !self.kinds.arrays.contains(slot) {
                    of_slot[slot as usize] = place;
                    first.get_or_insert(slot);
                }
                None
            });
            if let Some(slot) = first {
                let whole = key.whole().map(Arc::from).or_else(|| text(slot));
                texts.push(whole.unwrap_or_else(|| Arc::from("")));
            }
        }
        (texts, of_slot)
    }

    fn postings(&self, keys: &TextKeys, value: &Scalar) -> Option<Postings> {
        match value {
            Scalar::Null => self.nulls,
            Scalar::Bool(value) => self.bools[usize::from(*value)],
            Scalar::Number(number) => self.numbers.get(&ordered_bits(*number)).copied(),
            Scalar::Text(text) => self.texts.get(&keys.key(text)).copied(),
        }
    }

    fn collect(&self, found: impl Iterator<Item = Postings>, slots: u32) -> RoaringBitmap {
        let mut collected = Collected::new(slots);
        for postings in found {
            collected.add_all(&self.shared, postings);
        }
        collected.into_bitmap()
    }
}

fn add(postings: &mut Option<Postings>, shared: &mut Shared, slot: u32) {
    match postings {
        Some(postings) => shared.add(postings, slot),
        None => *postings = Some(Postings::new(slot)),
    }
}

fn add_entry<K: Ord>(entry: Entry<'_, K, Postings>, shared: &mut Shared, slot: u32) {
    match entry {
        Entry::Occupied(mut postings) => shared.add(postings.get_mut(), slot),
        Entry::Vacant(vacant) => {
            vacant.insert(Postings::new(slot));
        }
    }
}
