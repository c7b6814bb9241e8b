//! The metadata of a vector: a JSON object that is returned unchanged, and its members' values.

use std::sync::Arc;

use lakehouse_json as json;
use lakehouse_json::{Json, Object};

mod scalar;
mod values;

pub(crate) use scalar::ordered_bits;
pub use scalar::{Kind, Scalar};
pub(crate) use values::Values;

/// A JSON object, kept as its own text without white space outside strings. Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Metadata(Arc<str>);

/// The text is not valid metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("metadata must be a JSON object of at most {} levels", json::MAX_DEPTH)]
pub struct NotAnObject;

impl Metadata {
    /// `{}`.
    pub fn empty() -> Self {
        Self(Arc::from("{}"))
    }

    /// Metadata from a parsed object.
    ///
    /// # Errors
    /// [`NotAnObject`] for any other value.
    pub fn from_json(json: &Json<'_>) -> Result<Self, NotAnObject> {
        match json.as_object() {
            Some(_) => Ok(Self(Arc::from(json.carried_over()))),
            None => Err(NotAnObject),
        }
    }

    /// Parses the text of an object, white space included.
    ///
    /// # Errors
    /// [`NotAnObject`] if the text is not an object.
    pub fn parse(text: &str) -> Result<Self, NotAnObject> {
        let json = json::parse(text, json::MAX_DEPTH).map_err(|_| NotAnObject)?;
        Self::from_json(&json)
    }

    /// Metadata from a text that [`as_str`](Self::as_str) returned and whose checksum has been
    /// verified since. It is not parsed again, so that opening an index need not parse every row.
    pub(crate) fn from_kept(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// The object's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of a field, the last if it is repeated; `None` for arrays and objects.
    pub fn get(&self, field: &str) -> Option<Scalar> {
        self.with_object(|object| object.get(field).and_then(Scalar::from_json))
    }

    /// The name and values of every field, the last of repeated ones.
    pub(crate) fn fields(&self) -> Vec<(Box<str>, Values)> {
        self.with_object(|object| {
            let members: Vec<_> = object.members().collect();
            let counts = |at: usize| !members[at + 1..].iter().any(|m| m.0 == members[at].0);
            let of = |at: usize| {
                let (name, json) = members[at];
                (Box::from(name), Values::from_json(json))
            };
            let counted = (0..members.len()).filter(|at| counts(*at));
            counted.map(of).collect()
        })
    }

    /// The values in a field, if it is there.
    pub(crate) fn values(&self, field: &str) -> Option<Values> {
        self.with_object(|object| object.get(field).map(Values::from_json))
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
