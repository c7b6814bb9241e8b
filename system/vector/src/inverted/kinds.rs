//! The slots of a field by the types of its values.

use roaring::RoaringBitmap;

use crate::metadata::{Kind, Scalar, Values};

/// The slots by type. A slot is in several sets if it has an array.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    nulls: RoaringBitmap,
    booleans: RoaringBitmap,
    numbers: RoaringBitmap,
    texts: RoaringBitmap,
    /// The field is an array.
    pub(super) arrays: RoaringBitmap,
    /// The field is an object, or an array with elements that are objects or arrays.
    pub(super) nested: RoaringBitmap,
}

impl Kinds {
    /// Adds the next slot.
    pub(super) fn insert(&mut self, values: &Values, slot: u32) {
        for scalar in values.scalars() {
            let slots = match scalar {
                Scalar::Null => &mut self.nulls,
                Scalar::Bool(_) => &mut self.booleans,
                Scalar::Number(_) => &mut self.numbers,
                Scalar::Text(_) => &mut self.texts,
            };
            slots.insert(slot);
        }
        if let Values::Each { .. } = values {
            self.arrays.insert(slot);
        }
        if let Values::Object
        | Values::Each {
            has_nested: true, ..
        } = values
        {
            self.nested.insert(slot);
        }
    }

    /// The slots with a value of the type.
    pub(super) fn of(&self, kind: Kind) -> &RoaringBitmap {
        match kind {
            Kind::Boolean => &self.booleans,
            Kind::Number => &self.numbers,
            Kind::Text => &self.texts,
        }
    }

    /// The slots that have nothing but values of the type: see [`Values::are_only`].
    pub(super) fn only(&self, kind: Kind) -> RoaringBitmap {
        let mut only = self.of(kind) | &self.arrays;
        only -= &self.nulls;
        only -= &self.nested;
        for other in Kind::ALL.into_iter().filter(|other| *other != kind) {
            only -= self.of(other);
        }
        only
    }

    /// The slots whose field is neither absent nor `null`.
    pub(super) fn not_null(&self) -> RoaringBitmap {
        let mut slots = &self.arrays | &self.nested;
        for kind in Kind::ALL {
            slots |= self.of(kind);
        }
        slots
    }

    /// Whether one of these slots has the field, whatever its value.
    pub(super) fn has_any(&self, is_live: &dyn Fn(u32) -> bool) -> bool {
        let kinds = Kind::ALL.map(|kind| self.of(kind));
        let others = [&self.nulls, &self.arrays, &self.nested];
        let mut sets = kinds.into_iter().chain(others);
        sets.any(|slots| slots.iter().any(is_live))
    }
}
