//! Which items a search may give, by their metadata (`docs/contract/vector_search.md`, "Filters").

use std::hash::{Hash, Hasher};
use std::ops::Bound;

use lakehouse_json::Object;

use crate::metadata::{Metadata, Scalar, ordered_bits};

mod read;

pub use read::FilterError;

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// The member has that value.
    Eq {
        /// Its name.
        field: Box<str>,
        /// The value.
        value: Scalar,
    },
    /// The member has one of these values.
    In {
        /// Its name.
        field: Box<str>,
        /// The values.
        values: Vec<Scalar>,
    },
    /// The member has a value within the bounds.
    Range {
        /// Its name.
        field: Box<str>,
        /// The bounds.
        bounds: Bounds,
    },
    /// All of them; with none, always.
    And(Vec<Filter>),
    /// One of them; with none, never.
    Or(Vec<Filter>),
    /// Not that one.
    Not(Box<Filter>),
}

/// The lower and the upper bound of a range, which are of one type. Values of another type are
/// never within.
#[derive(Debug, Clone, PartialEq)]
pub enum Bounds {
    /// Numbers, compared as doubles.
    Numbers(Bound<f64>, Bound<f64>),
    /// Texts, compared by their bytes.
    Texts(Bound<Box<str>>, Bound<Box<str>>),
}

impl Filter {
    /// Bytes of memory.
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

    /// Whether an item with that metadata passes.
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

/// No bound is NaN, which JSON does not have.
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

    /// Whether a value is within.
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
