//! The values in a field.

use lakehouse_json::{Json, Value};

use super::{Kind, Scalar};

/// The largest number of an array's values that are indexed. An embedding in the metadata would take more
/// memory there than the item's own vector. Small in tests, whose arrays are small.
const MAX_INDEXED: usize = if cfg!(test) { 2 } else { 64 };

/// The values in a field of one item: itself, or the elements of an array.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    /// The field is not an array.
    One(Scalar),
    /// The field is an array.
    Each {
        /// Its distinct elements, in order, without arrays and objects.
        scalars: Vec<Scalar>,
        /// Whether it has elements that are arrays or objects.
        has_nested: bool,
    },
    /// The field is an object, which has no values.
    Object,
}

impl Values {
    /// The values of a member.
    pub(crate) fn from_json(json: &Json<'_>) -> Self {
        match json.value() {
            Value::Array(elements) => {
                let mut scalars: Vec<_> = elements.iter().filter_map(Scalar::from_json).collect();
                let has_nested = scalars.len() < elements.len();
                scalars.sort_unstable();
                scalars.dedup();
                Self::Each {
                    scalars,
                    has_nested,
                }
            }
            _ => Scalar::from_json(json).map_or(Self::Object, Self::One),
        }
    }

    /// The values that filters compare.
    pub(crate) fn scalars(&self) -> &[Scalar] {
        match self {
            Self::One(scalar) => std::slice::from_ref(scalar),
            Self::Each { scalars, .. } => scalars,
            Self::Object => &[],
        }
    }

    /// The values, unless they are too many to be indexed.
    pub(crate) fn indexed(&self) -> Option<&[Scalar]> {
        let scalars = self.scalars();
        (scalars.len() <= MAX_INDEXED).then_some(scalars)
    }

    /// Whether there is nothing but values of this type, and the field is no object. True for an empty
    /// array.
    pub(crate) fn are_only(&self, kind: Kind) -> bool {
        let is_whole = match self {
            Self::One(_) => true,
            Self::Each { has_nested, .. } => !has_nested,
            Self::Object => false,
        };
        is_whole && self.scalars().iter().all(|one| one.kind() == Some(kind))
    }
}
