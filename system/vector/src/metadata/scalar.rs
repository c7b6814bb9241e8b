//! A value that filters compare.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use lakehouse_json::{Json, Value};

/// A value other than an array or object.
///
/// Values of one type are ordered as the contract compares them: numbers as doubles (`-0` is
/// `0`), strings by their UTF-8 bytes. Values of different types are never equal; the order between
/// types only serves sorted storage.
#[derive(Debug, Clone)]
pub enum Scalar {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as the nearest double, infinite if it is out of range.
    Number(f64),
    /// A string after unescaping.
    Text(Box<str>),
}

/// The type of a value other than `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
}

impl Kind {
    /// All types, in the contract's order.
    pub(crate) const ALL: [Self; 3] = [Self::Boolean, Self::Number, Self::Text];

    /// The word for one value.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text => "string",
        }
    }
}

impl Scalar {
    /// The type; `None` for `null`.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Null => None,
            Self::Bool(_) => Some(Kind::Boolean),
            Self::Number(_) => Some(Kind::Number),
            Self::Text(_) => Some(Kind::Text),
        }
    }

    /// The value, unless it is an array or an object.
    pub fn from_json(json: &Json<'_>) -> Option<Self> {
        match json.value() {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(number) => Some(Self::Number(number.as_f64())),
            Value::String(text) => Some(Self::Text(Box::from(text.as_ref()))),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The length of the string in bytes.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Null | Self::Bool(_) | Self::Number(_) => 0,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Number(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

/// The bits of a double, ordered as doubles are, with `-0` equal to `0`.
pub(crate) fn ordered_bits(number: f64) -> u64 {
    let bits = (number + 0.0).to_bits();
    let sign = 1 << 63;
    if bits & sign == 0 { bits | sign } else { !bits }
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => ordered_bits(*a).cmp(&ordered_bits(*b)),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
        match self {
            Self::Null => {}
            Self::Bool(value) => value.hash(state),
            Self::Number(number) => ordered_bits(*number).hash(state),
            Self::Text(text) => text.hash(state),
        }
    }
}

impl From<f64> for Scalar {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(Box::from(text))
    }
}
