//! Reading an object's fields with the contract's errors (`README.md`, "Reading a request body",
//! steps 6 and 7).

use std::borrow::Cow;

use super::{Json, Object};
use lakehouse_base::ErrorCode;

/// An unacceptable field. Names include the prefix of their object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// An unknown member.
    #[error("unknown field `{name}`; expected one of {}", in_backticks(expected))]
    Unknown {
        /// The unescaped name.
        name: String,
        /// The known names, in the contract's order, without a prefix.
        expected: Vec<&'static str>,
    },
    /// An absent required field.
    #[error("missing field `{name}`")]
    Missing {
        /// The name.
        name: String,
    },
    /// A field of the wrong type, or out of range.
    #[error("field `{name}` must be {must_be}")]
    Wrong {
        /// The name.
        name: String,
        /// The requirement, in the contract's words.
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
/// Read them in the order of the contract's table, so that the first unacceptable one is reported.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'j, 'a> {
    object: &'j Object<'a>,
    prefix: &'static str,
}

impl<'j, 'a> Fields<'j, 'a> {
    /// The fields of an object.
    pub fn new(object: &'j Object<'a>) -> Self {
        Self { object, prefix: "" }
    }

    /// The same fields with a prefix for their names in errors, such as `context.`.
    pub fn with_prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Checks that the object has only `known` members; the error lists them in this order.
    ///
    /// # Errors
    /// [`FieldError::Unknown`] for the first unknown member of the text.
    pub fn only(self, known: &[&'static str]) -> Result<Self, FieldError> {
        match self.first_unknown(known) {
            None => Ok(self),
            Some(name) => Err(FieldError::Unknown {
                name: self.full_name(name),
                expected: known.to_vec(),
            }),
        }
    }

    /// The first member of the text that is not `known`, without the prefix.
    pub fn first_unknown(&self, known: &[&str]) -> Option<&'j str> {
        self.object
            .members()
            .map(|(name, _)| name)
            .find(|name| !known.contains(name))
    }

    /// A field that must be present. `read` returns `None` for an unacceptable value; it also receives
    /// `null`.
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

    /// A field that may be absent or `null`.
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

    /// The error for an unacceptable value.
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
    fn the_first_unacceptable_field_is_reported() {
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
