//! Metadata filters of searches (`docs/contract/vector_search.md`, "Filters").

use std::hash::{Hash, Hasher};
use std::ops::Bound;

use lakehouse_json::Object;

use crate::metadata::{Metadata, Scalar, ordered_bits};

/// A metadata filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// The field equals the value.
    Eq {
        /// The field's name.
        field: Box<str>,
        /// The value.
        value: Scalar,
    },
    /// The field equals one of the values.
    In {
        /// The field's name.
        field: Box<str>,
        /// The values.
        values: Vec<Scalar>,
    },
    /// The field lies within the bounds.
    Range {
        /// The field's name.
        field: Box<str>,
        /// The bounds.
        bounds: Bounds,
    },
    /// All of the filters pass; true if there are none.
    And(Vec<Filter>),
    /// At least one of the filters passes; false if there are none.
    Or(Vec<Filter>),
    /// The filter does not pass.
    Not(Box<Filter>),
}

/// The lower and upper bound of a range, both of the same type. Values of another type are
/// always outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Bounds {
    /// Bounds on numbers, compared as doubles.
    Numbers(Bound<f64>, Bound<f64>),
    /// Bounds on strings, compared bytewise.
    Texts(Bound<Box<str>>, Bound<Box<str>>),
}

impl Filter {
    /// The filter's memory in bytes.
    pub fn bytes(&self) -> usize {
        let within = match self {
            Self::Eq { field, value } => field.len() + value.text_bytes(),
            Self::In { field, values } => {
                let texts = values.iter().map(Scalar::text_bytes);
                field.len() + size_of_val(&**values) + texts.sum::<usize>()
            }
            Self::Range { field, bounds } => field.len() + bounds.text_bytes(),
            Self::And(filters) | Self::Or(filters) => filters.iter().map(Self::bytes).sum(),
            Self::Not(filter) => filter.bytes(),
        };
        size_of::<Self>() + within
    }

    /// Whether an item with that metadata passes the filter.
    pub fn passes(&self, metadata: &Metadata) -> bool {
        metadata.with_object(|object| self.passes_object(object))
    }

    fn passes_object(&self, object: &Object<'_>) -> bool {
        let scalar = |field: &str| object.get(field).and_then(Scalar::from_json);
        match self {
            Self::Eq { field, value } => scalar(field).as_ref() == Some(value),
            Self::In { field, values } => scalar(field).is_some_and(|v| values.contains(&v)),
            Self::Range { field, bounds } => scalar(field).is_some_and(|v| bounds.contain(&v)),
            Self::And(filters) => filters.iter().all(|f| f.passes_object(object)),
            Self::Or(filters) => filters.iter().any(|f| f.passes_object(object)),
            Self::Not(filter) => !filter.passes_object(object),
        }
    }
}

/// Bounds are never NaN, because JSON has no NaN.
impl Eq for Bounds {}

impl Hash for Bounds {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Numbers(lower, upper) => {
                let bits = |bound: &Bound<f64>| bound.map(ordered_bits);
                (bits(lower), bits(upper)).hash(state);
            }
            Self::Texts(lower, upper) => (lower, upper).hash(state),
        }
    }
}

impl Bounds {
    fn text_bytes(&self) -> usize {
        let bytes = |bound: &Bound<Box<str>>| match bound {
            Bound::Included(text) | Bound::Excluded(text) => text.len(),
            Bound::Unbounded => 0,
        };
        match self {
            Self::Numbers(..) => 0,
            Self::Texts(lower, upper) => bytes(lower) + bytes(upper),
        }
    }

    /// Whether a value lies within the bounds.
    pub fn contain(&self, value: &Scalar) -> bool {
        match (self, value) {
            (Self::Numbers(lower, upper), Scalar::Number(number)) => {
                is_above(lower, number) && is_below(upper, number)
            }
            (Self::Texts(lower, upper), Scalar::Text(text)) => {
                is_above(lower, text) && is_below(upper, text)
            }
            _ => false,
        }
    }
}

fn is_above<T: PartialOrd>(lower: &Bound<T>, value: &T) -> bool {
    match lower {
        Bound::Included(bound) => value >= bound,
        Bound::Excluded(bound) => value > bound,
        Bound::Unbounded => true,
    }
}

fn is_below<T: PartialOrd>(upper: &Bound<T>, value: &T) -> bool {
    match upper {
        Bound::Included(bound) => value <= bound,
        Bound::Excluded(bound) => value < bound,
        Bound::Unbounded => true,
    }
}
