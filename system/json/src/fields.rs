//! Reading an object's fields with the contract's errors (`README.md`, "Reading a request body",
//! steps 6 and 7).

use std::borrow::Cow;

use super::{Json, Object};
use lakehouse_base::ErrorCode;

/// A field that is not as it must be. Names have the prefix of their object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// A member that is not known.
    #[error("unknown field `{name}`; expected one of {}", in_backticks(expected))]
    Unknown {
        /// Its name after unescaping.
        name: String,
        /// The known ones, in the contract's order, without a prefix.
        expected: Vec<&'static str>,
    },
    /// A required field that is absent.
    #[error("missing field `{name}`")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A field of the wrong type, or out of range.
    #[error("field `{name}` must be {must_be}")]
    Wrong {
        /// Its name.
        name: String,
        /// What it must be, in the contract's words.
        must_be: Cow<'static, str>,
    },
}

impl FieldError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}

/// The fields of one object.
///
/// Ask for them in the order of the contract's table: the first that is wrong is the error.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'j, 'a> {
    object: &'j Object<'a>,
    prefix: &'static str,
}

impl<'j, 'a> Fields<'j, 'a> {
    /// The fields of an object, whichever it has.
    pub fn new(object: &'j Object<'a>) -> Self {
        Self { object, prefix: "" }
    }

    /// The same fields, called by `prefix` and their name in errors: `context.`.
    pub fn with_prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Checks that the object has no member but the `known` ones, which are named in the order
    /// given.
    ///
    /// # Errors
    /// [`FieldError::Unknown`], the first in the text's order.
    pub fn only(self, known: &[&'static str]) -> Result<Self, FieldError> {
        match self.first_unknown(known) {
            None => Ok(self),
            Some(name) => Err(FieldError::Unknown {
                name: self.full_name(name),
                expected: known.to_vec(),
            }),
        }
    }

    /// The first member that is not one of the `known`, without the prefix.
    pub fn first_unknown(&self, known: &[&str]) -> Option<&'j str> {
        self.object
            .members()
            .map(|(name, _)| name)
            .find(|name| !known.contains(name))
    }

    /// A field that must be there. `read` gives nothing when the value is not what it must be;
    /// `null` is put to it like any other value.
    ///
    /// # Errors
    /// [`FieldError::Missing`], [`FieldError::Wrong`].
    pub fn required<T>(
        &self,
        name: &str,
        must_be: &'static str,
        read: impl FnOnce(&'j Json<'a>) -> Option<T>,
    ) -> Result<T, FieldError> {
        let value = self.object.get(name).ok_or_else(|| FieldError::Missing {
            name: self.full_name(name),
        })?;
        read(value).ok_or_else(|| self.wrong(name, must_be))
    }

    /// A field that may be absent, which `null` is too.
    ///
    /// # Errors
    /// [`FieldError::Wrong`].
    pub fn optional<T>(
        &self,
        name: &str,
        must_be: &'static str,
        read: impl FnOnce(&'j Json<'a>) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        match self.object.get_some(name) {
            None => Ok(None),
            Some(value) => read(value)
                .map(Some)
                .ok_or_else(|| self.wrong(name, must_be)),
        }
    }

    /// The error of a field whose value is not what it must be.
    pub fn wrong(&self, name: &str, must_be: &'static str) -> FieldError {
        FieldError::Wrong {
            name: self.full_name(name),
            must_be: must_be.into(),
        }
    }

    fn full_name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

fn in_backticks(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn read(text: &str) -> Result<(String, Option<i64>), FieldError> {
        let json = parse(text, 128).unwrap();
        let fields = Fields::new(json.as_object().unwrap()).with_prefix("context.");
        let fields = fields.only(&["a", "b"])?;
        let a = fields.required("a", "a string", |v| v.as_str().map(str::to_owned))?;
        let b = fields.optional("b", "an integer", |v| v.as_integer())?;
        Ok((a, b))
    }

    #[test]
    fn the_first_that_is_wrong_is_the_error() {
        let cases = [
            (r#"{"a":"x"}"#, Ok(("x", None))),
            (r#"{"a":"x","b":null}"#, Ok(("x", None))),
            (r#"{"b":"x","a":1,"b":2,"a":"y"}"#, Ok(("y", Some(2)))),
            (
                r#"{"b":1,"\u0041":1,"c":2}"#,
                Err("unknown field `context.A`; expected one of `a`, `b`"),
            ),
            (r#"{"b":"x"}"#, Err("missing field `context.a`")),
            (
                r#"{"b":"x","a":null}"#,
                Err("field `context.a` must be a string"),
            ),
            (
                r#"{"b":1.5,"a":"x"}"#,
                Err("field `context.b` must be an integer"),
            ),
        ];
        for (text, want) in cases {
            let want = want.map(|(a, b)| (a.to_owned(), b)).map_err(str::to_owned);
            assert_eq!(read(text).map_err(|e| e.to_string()), want, "{text}");
        }
    }
}
