//! Strings.

use std::borrow::Cow;

use lakehouse_base::is_blank;
use lakehouse_json::{Json, push_string};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

use crate::{Components, Describe, Read, Write, describe::simple};

/// A pattern for strings with at least one character that is not white space (`validate.md`,
/// "Terms").
const NOT_BLANK: &str =
    r"[^\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]";

/// Any string.
impl<'a> Read<'a> for &'a str {
    const PLURAL: &'static str = "strings";

    fn must_be() -> Cow<'static, str> {
        "a string".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_str()
    }
}

impl Write for &str {
    fn write(&self, out: &mut String) {
        push_string(out, self);
    }

    fn size_hint(&self) -> usize {
        self.len() + 2
    }
}

impl Describe for &str {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::String).into()
    }
}

/// A string that the service rejects, with its own message, if it is blank: "query_text is empty".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a>(pub &'a str);

impl<'a> Read<'a> for Text<'a> {
    const PLURAL: &'static str = "strings";

    fn must_be() -> Cow<'static, str> {
        "a string".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_str().map(Self)
    }
}

impl Describe for Text<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        not_blank().into()
    }
}

/// A string that is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotBlank<'a>(pub &'a str);

impl<'a> Read<'a> for NotBlank<'a> {
    const PLURAL: &'static str = "strings";

    fn must_be() -> Cow<'static, str> {
        "a string that is not blank".into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        json.as_str().filter(|text| !is_blank(text)).map(Self)
    }
}

impl Describe for NotBlank<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        not_blank().into()
    }
}

fn not_blank() -> ObjectBuilder {
    simple(Type::String)
        .min_length(Some(1))
        .pattern(Some(NOT_BLANK))
}

/// The id of an item or a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id<'a>(pub &'a str);

impl Id<'_> {
    /// The longest id in bytes. The schema counts characters, of which there are at most as many.
    pub const MAX_BYTES: usize = 256;
}

impl<'a> Read<'a> for Id<'a> {
    const PLURAL: &'static str = "ids";

    fn must_be() -> Cow<'static, str> {
        format!("a string of 1 to {} bytes", Self::MAX_BYTES).into()
    }

    fn read(json: &'a Json<'a>) -> Option<Self> {
        let id = json.as_str()?;
        (1..=Self::MAX_BYTES)
            .contains(&id.len())
            .then_some(Self(id))
    }
}

impl Describe for Id<'_> {
    fn describe(_: &mut Components) -> RefOr<Schema> {
        simple(Type::String)
            .min_length(Some(1))
            .max_length(Some(Self::MAX_BYTES))
            .into()
    }
}

macro_rules! written_as_strings {
    ($($Type:ident),+) => {$(
        impl Write for $Type<'_> {
            fn write(&self, out: &mut String) {
                self.0.write(out);
            }

            fn size_hint(&self) -> usize {
                self.0.size_hint()
            }
        }
    )+};
}

written_as_strings!(Text, NotBlank, Id);
