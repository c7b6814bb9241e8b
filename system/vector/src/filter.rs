//! Which items a search may give, by their metadata (`docs/contract/vector_search.md`, "Filters").

use std::ops::Bound;

use lakehouse_base::json::Object;

use crate::metadata::{Metadata, Scalar};

mod read;

pub use read::FilterError;

/// A filter.
#[derive(Debug, Clone, PartialEq)]
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

impl Bounds {
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
