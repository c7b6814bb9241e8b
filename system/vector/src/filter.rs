//! Metadata filters of searches (`docs/contract/vector_search.md`, "Filters").

use std::hash::{Hash, Hasher};
use std::ops::Bound;

use lakehouse_json::Object;

use crate::metadata::{Kind, Metadata, Scalar, Values, ordered_bits};
use crate::pattern::Pattern;

/// A metadata filter. The values in a field are the field itself, or the elements of an array.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// A value in the field equals this one.
    Eq {
        /// The field's name.
        field: Box<str>,
        /// The value.
        value: Scalar,
    },
    /// A value in the field equals one of these.
    In {
        /// The field's name.
        field: Box<str>,
        /// The values.
        values: Vec<Scalar>,
    },
    /// A value in the field lies within the bounds.
    Range {
        /// The field's name.
        field: Box<str>,
        /// The bounds.
        bounds: Bounds,
    },
    /// A value in the field equals this one, or is a string of which this string is a part.
    Contains {
        /// The field's name.
        field: Box<str>,
        /// The value.
        value: Scalar,
    },
    /// A string in the field matches the pattern.
    Like {
        /// The field's name.
        field: Box<str>,
        /// The pattern.
        pattern: Pattern,
    },
    /// The field is absent or `null`.
    IsNull {
        /// The field's name.
        field: Box<str>,
    },
    /// The field is a value of this type, or an array of nothing else: comparisons with that type have
    /// a result for each of its values.
    OnlyOf {
        /// The field's name.
        field: Box<str>,
        /// The type.
        kind: Kind,
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
            Self::Eq { field, value } | Self::Contains { field, value } => {
                field.len() + value.text_bytes()
            }
            Self::In { field, values } => {
                let texts = values.iter().map(Scalar::text_bytes);
                field.len() + size_of_val(&**values) + texts.sum::<usize>()
            }
            Self::Range { field, bounds } => field.len() + bounds.text_bytes(),
            Self::Like { field, pattern } => field.len() + pattern.bytes(),
            Self::IsNull { field } | Self::OnlyOf { field, .. } => field.len(),
            Self::And(filters) | Self::Or(filters) => filters.iter().map(Self::bytes).sum(),
            Self::Not(filter) => filter.bytes(),
        };
        size_of::<Self>() + within
    }

    /// The field whose values the filter compares, unless it consists of other filters.
    pub(crate) fn compared_field(&self) -> Option<&str> {
        match self {
            Self::Eq { field, .. }
            | Self::In { field, .. }
            | Self::Range { field, .. }
            | Self::Contains { field, .. }
            | Self::Like { field, .. } => Some(field),
            Self::IsNull { .. } | Self::OnlyOf { .. } => None,
            Self::And(_) | Self::Or(_) | Self::Not(_) => None,
        }
    }

    /// Whether strings are searched, which takes much longer than looking up values.
    pub(crate) fn searches_texts(&self) -> bool {
        match self {
            Self::Contains { value, .. } => value.kind() == Some(Kind::Text),
            Self::Like { .. } => true,
            Self::And(filters) | Self::Or(filters) => filters.iter().any(Self::searches_texts),
            Self::Not(filter) => filter.searches_texts(),
            _ => false,
        }
    }

    /// Whether an item with that metadata passes the filter.
    pub fn passes(&self, metadata: &Metadata) -> bool {
        metadata.with_object(|object| self.passes_object(object))
    }

    fn passes_object(&self, object: &Object<'_>) -> bool {
        let values_in = |field: &str| object.get(field).map(Values::from_json);
        let any = |field: &str, passes: &dyn Fn(&Scalar) -> bool| {
            values_in(field).is_some_and(|values| values.scalars().iter().any(passes))
        };
        match self {
            Self::Eq { field, value } => any(field, &|v| v == value),
            Self::In { field, values } => any(field, &|v| values.contains(v)),
            Self::Range { field, bounds } => any(field, &|v| bounds.contain(v)),
            Self::Contains { field, value } => any(field, &|v| contains(v, value)),
            Self::Like { field, pattern } => any(field, &|v| match v {
                Scalar::Text(text) => pattern.matches(text),
                _ => false,
            }),
            Self::IsNull { field } => match values_in(field) {
                None | Some(Values::One(Scalar::Null)) => true,
                Some(_) => false,
            },
            Self::OnlyOf { field, kind } => values_in(field).is_some_and(|v| v.are_only(*kind)),
            Self::And(filters) => filters.iter().all(|f| f.passes_object(object)),
            Self::Or(filters) => filters.iter().any(|f| f.passes_object(object)),
            Self::Not(filter) => !filter.passes_object(object),
        }
    }
}

fn contains(value: &Scalar, part: &Scalar) -> bool {
    match (value, part) {
        (Scalar::Text(text), Scalar::Text(part)) => text.contains(&**part),
        _ => value == part,
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
