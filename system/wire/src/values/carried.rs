//! JSON that is carried over, and `null`.

use std::borrow::Cow;

use lakehouse_json::Json;
use utoipa::openapi::{RefOr, Schema, Type, schema::SchemaType};

use crate::{
    Components, Describe, Read, Write,
    describe::{or_null, simple},
};

/// Any value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnyJson<'a>(pub &'a Json<'a>);

impl<'a> Read<'a> for AnyJson<'a> {
    fn must_be() -> Cow<'static, str> {
        "any value".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        Some(Self(json))
    }
}

impl Write for AnyJson<'_> {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0.carried_over());
    }

    fn size_hint(&self) -> usize {
        self.0.source().len()
    }
}

impl Describe for AnyJson<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(SchemaType::AnyValue)
            .into()
    }
}

/// An object with any members.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JsonObject<'a>(pub &'a Json<'a>);

impl<'a> Read<'a> for JsonObject<'a> {
    const PLURAL: &'static str = "objects";

    fn must_be() -> Cow<'static, str> {
        "an object".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_object().map(|_| Self(json))
    }
}

impl Write for JsonObject<'_> {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0.carried_over());
    }

    fn size_hint(&self) -> usize {
        self.0.source().len()
    }
}

impl Describe for JsonObject<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Object).into()
    }
}

/// The text of an object with any members, without white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried<'a>(pub Cow<'a, str>);

impl<'a> Read<'a> for Carried<'a> {
    const PLURAL: &'static str = "objects";

    fn must_be() -> Cow<'static, str> {
        "an object".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let text = json.as_object().map(|_| json.carried_over())?;
        Some(Self(text.into()))
    }
}

impl Write for Carried<'_> {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }

    fn size_hint(&self) -> usize {
        self.0.len()
    }
}

impl Describe for Carried<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::Object).into()
    }
}

/// A value or `null`, as opposed to an absent member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nullable<T>(pub Option<T>);

impl<'a, T: Read<'a>> Read<'a> for Nullable<T> {
    fn must_be() -> Cow<'static, str> {
        format!("{} or null", T::must_be()).into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        if json.is_null() {
            return Some(Self(None));
        }
        T::read(json).map(|value| Self(Some(value)))
    }
}

impl<T: Write> Write for Nullable<T> {
    fn write(&self, out: &mut String) {
        match &self.0 {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }

    fn size_hint(&self) -> usize {
        self.0.as_ref().map_or(4, Write::size_hint)
    }
}

impl<T: Describe> Describe for Nullable<T> {
    fn describe(components: &mut Components) -> RefOr<Schema> {
        or_null(T::describe(components))
    }
}
