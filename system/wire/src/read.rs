//! Reading from a JSON tree.

use std::{borrow::Cow, fmt};

use lakehouse_json::{FieldError, Json};

use crate::ReadError;

/// A value that can be read from JSON.
pub trait Read<'a>: Sized {
    /// The value's noun in "an array of …".
    const PLURAL: &'static str = "values";

    /// What the contract says of a member that holds such a value: "an integer from 1 to 10".
    fn must_be() -> Cow<'static, str>;

    /// The value, if the JSON is one.
    fn read(json: &'a Json<'a>) -> Option<Self>;

    /// Reads the value of a member. Only a shape with error texts of its own overrides it.
    ///
    /// # Errors
    /// "field `name` must be …".
    fn read_member(json: &'a Json<'a>, name: MemberName<'_>) -> Result<Self, ReadError> {
        Self::read(json).ok_or_else(|| name.wrong(Self::must_be()))
    }
}

/// A member's name as errors show it, `context.count`.
#[derive(Debug, Clone, Copy)]
pub struct MemberName<'n> {
    /// The path to the object, with its dot; empty for a request itself.
    pub prefix: &'n str,
    /// The name.
    pub name: &'n str,
}

impl MemberName<'_> {
    /// The error of an absent member.
    pub fn missing(self) -> ReadError {
        let name = self.to_string();
        FieldError::Missing { name }.into()
    }

    /// The error of a member whose value is not what it must be.
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
