//! An inverted index over metadata: filters look up values instead of scanning rows.
//!
//! Slots are never removed: the index covers all rows of a generation, dead ones included. Its
//! results hold for every version of the generation, and callers filter them by liveness.

use std::collections::{HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::filter::Filter;
use crate::metadata::{Kind, Metadata, Scalar, Values};
use crate::notice::{
    Comparison, MAX_FIELDS, MAX_SIMILAR, MAX_TEXT, Notice, is_same_but_for_case, similar,
};

mod field;
mod kinds;
mod load;
mod postings;
#[cfg(test)]
mod tests;
mod text_key;

use field::Field;
use load::Loading;
use text_key::{TextKey, TextKeys};

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
    pub(crate) fn load(slots: impl IntoIterator<Item = Vec<(Box<str>, Values)>>) -> Self {
        let mut inverted = Self::new();
        let mut loading: HashMap<Box<str>, Loading> = HashMap::new();
        for fields in slots {
            for (name, values) in fields {
                let field = loading.entry(name).or_default();
                field.add(&inverted.keys, &values, inverted.slots);
            }
            inverted.slots += 1;
        }
        let fields = loading
            .into_iter()
            .map(|(name, field)| (name, field.finish()));
        inverted.fields = fields.collect();
        inverted
    }

    /// Adds the next slot, with the result of [`Metadata::fields`].
    pub(crate) fn insert(&mut self, slot: u32, fields: Vec<(Box<str>, Values)>) {
        debug_assert_eq!(slot, self.slots, "slots are added in order");
        self.slots = slot + 1;
        for (name, values) in fields {
            let field = self.fields.entry(name).or_default();
            field.insert(&self.keys, &values, slot);
        }
    }

    /// The slots whose metadata passes the filter.
    pub(crate) fn select(&self, filter: &Filter, metadata: MetadataOf<'_>) -> RoaringBitmap {
        let mut selected = self.select_indexed(filter, metadata);
        let field = filter.compared_field();
        if let Some(values) = field.and_then(|field| self.fields.get(field)) {
            let passes = |slot: &u32| filter.passes(&metadata(*slot));
            selected.extend(values.unindexed.iter().filter(passes));
        }
        selected
    }

    /// The slots, out of these, whose metadata passes all of the filters.
    pub(crate) fn select_within(
        &self,
        slots: RoaringBitmap,
        filters: &[Filter],
        metadata: MetadataOf<'_>,
    ) -> RoaringBitmap {
        let mut passing = slots;
        for filter in filters {
            match filter {
                _ if passing.is_empty() => break,
                Filter::And(filters) => {
                    passing = self.select_within(passing, filters, metadata);
                }
                Filter::Not(filter) => passing -= self.select(filter, metadata),
                filter => passing &= self.select(filter, metadata),
            }
        }
        passing
    }

    /// As [`select`](Self::select), without slots whose values in a compared field are not indexed.
    fn select_indexed(&self, filter: &Filter, metadata: MetadataOf<'_>) -> RoaringBitmap {
        match filter {
            Filter::Eq { field, value } => self.select_in(field, std::slice::from_ref(value)),
            Filter::In { field, values } => self.select_in(field, values),
            Filter::Range { field, bounds } => match self.fields.get(field) {
                None => RoaringBitmap::new(),
                Some(values) => values.range(&self.keys, bounds, self.slots, &|slot, key| {
                    self.text(field, &metadata(slot), key)
                }),
            },
            Filter::Contains {
                field,
                value: Scalar::Text(part),
            } => self.select_texts(field, part, metadata, |text| text.contains(&**part)),
            Filter::Contains { field, value } => self.select_in(field, std::slice::from_ref(value)),
            Filter::Like { field, pattern } => {
                let literal = pattern.longest_literal();
                self.select_texts(field, &literal, metadata, |text| pattern.matches(text))
            }
            Filter::IsNull { field } => match self.fields.get(field) {
                None => self.all(),
                Some(values) => self.all() - values.kinds.not_null(),
            },
            Filter::OnlyOf { field, kind } => match self.fields.get(field) {
                None => RoaringBitmap::new(),
                Some(values) => values.kinds.only(*kind),
            },
            Filter::And(filters) => {
                let Some((first, others)) = filters.split_first() else {
                    return self.all();
                };
                let first = self.select(first, metadata);
                self.select_within(first, others, metadata)
            }
            Filter::Or(filters) => {
                let each = filters.iter().map(|f| self.select(f, metadata));
                each.fold(RoaringBitmap::new(), |any, these| any | these)
            }
            Filter::Not(filter) => self.all() - self.select(filter, metadata),
        }
    }

    /// Why a comparison is true for no live slot, if that is because of the field, the type or the case.
    pub(crate) fn notice(
        &self,
        comparison: Comparison<'_>,
        metadata: MetadataOf<'_>,
        is_live: &dyn Fn(u32) -> bool,
    ) -> Option<Notice> {
        let Comparison { field, kind, text } = comparison;
        let known = self.fields.get(field).map(|values| &values.kinds);
        let Some(kinds) = known.filter(|kinds| kinds.has_any(is_live)) else {
            return Some(Notice::UnknownField {
                field: field.into(),
                similar: self.similar_fields(field, is_live),
            });
        };
        let kind = kind?;
        let has = |slots: &RoaringBitmap| slots.iter().any(is_live);
        if has(kinds.of(kind)) {
            return self.notice_of_case(field, text?, metadata, is_live);
        }
        let others: Vec<_> = Kind::ALL
            .into_iter()
            .filter(|kind| has(kinds.of(*kind)))
            .collect();
        let has_objects = has(&kinds.nested);
        (has_objects || !others.is_empty()).then(|| Notice::OtherType {
            field: field.into(),
            kind,
            kinds: others,
            has_objects,
        })
    }

    fn notice_of_case(
        &self,
        field: &str,
        text: &str,
        metadata: MetadataOf<'_>,
        is_live: &dyn Fn(u32) -> bool,
    ) -> Option<Notice> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let values = self.fields.get(field)?;
        if values.has_text(&self.keys, text, is_live) {
            return None;
        }
        let is_similar = |other: &str| is_same_but_for_case(text, other);
        let mut similar: Vec<Box<str>> = values.whole_texts(is_similar, is_live).collect();
        for slot in values.unindexed.iter().filter(|slot| is_live(*slot)) {
            for value in metadata(slot).values(field)?.scalars() {
                match value {
                    Scalar::Text(other) if **other == *text => return None,
                    Scalar::Text(other) if other.len() <= MAX_TEXT && is_similar(other) => {
                        similar.push(other.clone());
                    }
                    _ => {}
                }
            }
        }
        similar.sort_unstable();
        similar.dedup();
        similar.truncate(MAX_SIMILAR);
        (!similar.is_empty()).then(|| Notice::OtherCase {
            field: field.into(),
            text: text.into(),
            similar,
        })
    }

    /// The names of fields of live slots that are similar to this one.
    fn similar_fields(&self, field: &str, is_live: &dyn Fn(u32) -> bool) -> Vec<Box<str>> {
        let live = self
            .fields
            .iter()
            .filter(|(_, values)| values.kinds.has_any(is_live));
        let names: Vec<&str> = live.map(|(name, _)| &**name).take(MAX_FIELDS + 1).collect();
        if names.len() > MAX_FIELDS {
            return Vec::new();
        }
        similar(field, names)
    }

    /// The distinct strings that live slots have in a field, ordered bytewise. Arrays do not count.
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

    /// The distinct strings that live slots have in a field or in its array, in no particular order.
    pub(crate) fn elements(
        &self,
        field: &str,
        metadata: MetadataOf<'_>,
        is_live: impl Fn(u32) -> bool,
    ) -> Vec<Arc<str>> {
        let Some(values) = self.fields.get(field) else {
            return Vec::new();
        };
        let text = |slot, key: &TextKey| self.text(field, &metadata(slot), key);
        let mut texts: Vec<Arc<str>> = values.elements(&is_live, &text).collect();
        let mut known: HashSet<Arc<str>> = HashSet::new();
        for slot in values.unindexed.iter().filter(|slot| is_live(*slot)) {
            if known.is_empty() {
                known.extend(texts.iter().cloned());
            }
            for value in metadata(slot)
                .values(field)
                .iter()
                .flat_map(Values::scalars)
            {
                if let Scalar::Text(text) = value
                    && !known.contains(&**text)
                {
                    let text: Arc<str> = Arc::from(&**text);
                    known.insert(Arc::clone(&text));
                    texts.push(text);
                }
            }
        }
        texts
    }

    /// The distinct pairs of strings of live slots in two fields, with the number of slots; empty for a
    /// field without a string. Arrays do not count, nor do slots with neither.
    pub(crate) fn pairs(
        &self,
        fields: [&str; 2],
        metadata: MetadataOf<'_>,
        is_live: impl Fn(u32) -> bool,
    ) -> Vec<(Arc<str>, Arc<str>, u64)> {
        let [first, second] = fields.map(|field| {
            let values = self.fields.get(field);
            let text = |slot| match metadata(slot).get(field) {
                Some(Scalar::Text(text)) => Some(Arc::from(text)),
                _ => None,
            };
            values.map_or_else(Default::default, |values| {
                values.texts_by_slot(self.slots, &is_live, text)
            })
        });
        let text_of = |(texts, of_slot): &(Vec<Arc<str>>, Vec<u32>), slot: u32| {
            let place = of_slot.get(slot as usize).copied().unwrap_or(0) as usize;
            place
                .checked_sub(1)
                .map_or_else(|| Arc::from(""), |place| Arc::clone(&texts[place]))
        };
        let mut counts: HashMap<(u32, u32), (u32, u64)> = HashMap::new();
        for slot in 0..self.slots {
            let place = |of_slot: &[u32]| of_slot.get(slot as usize).copied().unwrap_or(0);
            let pair = (place(&first.1), place(&second.1));
            if pair != (0, 0) {
                counts.entry(pair).or_insert((slot, 0)).1 += 1;
            }
        }
        let pairs = counts.into_values();
        let pairs =
            pairs.map(|(slot, count)| (text_of(&first, slot), text_of(&second, slot), count));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_unstable();
        pairs
    }

    fn select_in(&self, field: &str, values: &[Scalar]) -> RoaringBitmap {
        match self.fields.get(field) {
            None => RoaringBitmap::new(),
            Some(field) => field.any_of(&self.keys, values, self.slots),
        }
    }

    /// The slots with a string in the field that passes; each such string has `part` as a part.
    fn select_texts(
        &self,
        field: &str,
        part: &str,
        metadata: MetadataOf<'_>,
        passes: impl Fn(&str) -> bool,
    ) -> RoaringBitmap {
        let Some(values) = self.fields.get(field) else {
            return RoaringBitmap::new();
        };
        values.matching(self.slots, passes, &|slot, key| {
            let metadata = metadata(slot);
            // Parsing all metadata would take far longer than this. An escape can hide the part.
            let json = metadata.as_str();
            let may_pass = json.contains(part) || json.contains('\\');
            may_pass.then(|| self.text(field, &metadata, key)).flatten()
        })
    }

    /// The string with this key that a slot's metadata has in a field.
    fn text(&self, field: &str, metadata: &Metadata, key: &TextKey) -> Option<Box<str>> {
        let values = metadata.values(field)?;
        values.scalars().iter().find_map(|value| match value {
            Scalar::Text(text) if self.keys.key(text) == *key => Some(text.clone()),
            _ => None,
        })
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
