//! Reading from a JSON tree.

use std::{borrow::Cow, fmt};

use lakehouse_json::{FieldError, Json};

use crate::ReadError;

/// A value that can be read from JSON.
pub trait Read<'a>: Sized {
    /// The value's noun in "an array of …".
    const PLURAL: &'static str = "values";

    /// The contract's requirement for a member of this type: "an integer from 1 to 10".
    fn must_be() -> Cow<'static, str>;

    /// The value, if the JSON is valid for this type.
    fn read(json: &'a Json<'a>) -> Option<Self>;

    /// Reads the value of a member. Only types with their own error texts override it.
    ///
    /// # Errors
    /// "field `name` must be …".
    fn read_member(json: &'a Json<'a>, name: MemberName<'_>) -> Result<Self, ReadError> {
        Self::read(json).ok_or_else(|| name.wrong(Self::must_be()))
    }
}

/// The name of a member in errors: `context.count`.
#[derive(Debug, Clone, Copy)]
pub struct MemberName<'n> {
    /// The path to the object, with its dot; empty for a request itself.
    pub prefix: &'n str,
    /// The name.
    pub name: &'n str,
}

impl MemberName<'_> {
    /// The error for an absent member.
    pub fn missing(self) -> ReadError {
        let name = self.to_string();
        FieldError::Missing { name }.into()
    }

    /// The error for an invalid member.
    pub fn wrong(self, must_be: Cow<'static, str>) -> ReadError {
        let name = self.to_string();
        FieldError::Wrong { name, must_be }.into()
    }
}

impl fmt::Display for MemberName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix, self.name)
    }
}
