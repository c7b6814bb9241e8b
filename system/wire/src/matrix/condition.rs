//! Conditions in SQL (`matrix_search.md`, "SQL-style filters").

use std::borrow::Cow;

use lakehouse_json::Json;
use utoipa::openapi::{RefOr, Schema, Type};

use crate::{Components, Describe, Read, Write, describe::simple};

/// The text of a condition. Parsing it is not a matter of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition<'a>(pub &'a str);

impl Condition<'_> {
    /// The longest condition in bytes. The schema can only count characters, of which there are no
    /// more.
    pub const MAX_BYTES: usize = 4096;
}

impl<'a> Read<'a> for Condition<'a> {
    fn must_be() -> Cow<'static, str> {
        "a string".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_str().map(Self)
    }
}

impl Write for Condition<'_> {
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }

    fn size_hint(&self) -> usize {
        self.0.size_hint()
    }
}

impl Describe for Condition<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::String)
            .min_length(Some(1))
            .max_length(Some(Self::MAX_BYTES))
            .into()
    }
}
