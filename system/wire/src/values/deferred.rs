//! Objects whose members are read later.

use std::borrow::Cow;

use lakehouse_json::Json;
use utoipa::openapi::{RefOr, Schema};

use crate::{Components, Describe, Read, ReadError, Write, object::Object};

/// An object among the members of a request. Reading the request only checks that it is an object,
/// because the contract checks the object's members after those of the request.
#[derive(Debug, Clone, PartialEq)]
pub enum Deferred<'a, T> {
    /// From a request; its members have not been read.
    Unread(&'a Json<'a>),
    /// To be written.
    Value(T),
}

impl<'a, T: Object<'a>> Deferred<'a, T> {
    /// Reads the object's members; errors show their names after `prefix`.
    ///
    /// # Errors
    /// The first unknown or invalid member.
    pub fn read_members(self, prefix: &'static str) -> Result<T, ReadError> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Unread(json) => {
                T::read_object(json.as_object().ok_or(ReadError::NotAnObject)?, prefix)
            }
        }
    }
}

impl<'a, T> Read<'a> for Deferred<'a, T> {
    const PLURAL: &'static str = "objects";

    fn must_be() -> Cow<'static, str> {
        "an object".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_object().map(|_| Self::Unread(json))
    }
}

impl<T: Write> Write for Deferred<'_, T> {
    fn write(&self, out: &mut String) {
        match self {
            Self::Unread(json) => out.push_str(&json.carried_over()),
            Self::Value(value) => value.write(out),
        }
    }

    fn size_hint(&self) -> usize {
        match self {
            Self::Unread(json) => json.source().len(),
            Self::Value(value) => value.size_hint(),
        }
    }
}

impl<T: Describe> Describe for Deferred<'_, T> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        T::describe(components)
    }
}
