//! What is kept beside a vector: one JSON object, carried over, and how its members are compared.

use std::sync::Arc;

use lakehouse_json as json;
use lakehouse_json::{Json, Object};

mod scalar;

pub use scalar::Scalar;
pub(crate) use scalar::ordered_bits;

/// A JSON object as the contract carries it over: its own text without white space outside
/// strings. Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Metadata(Arc<str>);

/// A text that is no metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("metadata must be a JSON object of at most {} levels", json::MAX_DEPTH)]
pub struct NotAnObject;

impl Metadata {
    /// `{}`.
    pub fn empty() -> Self {
        Self(Arc::from("{}"))
    }

    /// An object that was read already.
    ///
    /// # Errors
    /// [`NotAnObject`] for any other value.
    pub fn from_json(json: &Json<'_>) -> Result<Self, NotAnObject> {
        match json.as_object() {
            Some(_) => Ok(Self(Arc::from(json.carried_over()))),
            None => Err(NotAnObject),
        }
    }

    /// The text of an object, white space included.
    ///
    /// # Errors
    /// [`NotAnObject`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NotAnObject> {
        let json = json::parse(text, json::MAX_DEPTH).map_err(|_| NotAnObject)?;
        Self::from_json(&json)
    }

    /// A text that [`as_str`](Self::as_str) gave before and whose checksum has been held against
    /// it since: it is not read again, so that opening an index need not read every row's.
    pub(crate) fn from_kept(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the member called `field`, of several the last, unless it is an array or an
    /// object.
    pub fn get(&self, field: &str) -> Option<Scalar> {
        self.with_object(|object| object.get(field).and_then(Scalar::from_json))
    }

    /// Every member's name and value, of repeated ones the last only, without arrays and objects.
    pub fn scalars(&self) -> Vec<(Box<str>, Scalar)> {
        self.with_object(|object| {
            let members: Vec<_> = object.members().collect();
            let counts = |at: usize| !members[at + 1..].iter().any(|m| m.0 == members[at].0);
            let of = |at: usize| {
                let (name, json) = members[at];
                Some((Box::from(name), Scalar::from_json(json)?))
            };
            (0..members.len())
                .filter(|at| counts(*at))
                .filter_map(of)
                .collect()
        })
    }

    pub(crate) fn with_object<T>(&self, read: impl FnOnce(&Object<'_>) -> T) -> T {
        let json = json::parse(&self.0, usize::MAX);
        let json = json.expect("metadata is made of JSON objects only");
        read(
            json.as_object()
                .expect("metadata is made of JSON objects only"),
        )
    }
}

impl Default for Metadata {
    fn default() -> Self {
        Self::empty()
    }
}
