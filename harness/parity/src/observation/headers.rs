//! Headers and trailers: every name has a list of values, and every value is bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The values of headers or trailers by lower-case name, in the order in which they came.
pub type Headers = BTreeMap<String, Vec<Vec<u8>>>;

/// A value as text. One that is not UTF-8 has escapes such as `\xe9`.
#[must_use]
pub fn value_text(value: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(value.escape_ascii().to_string()),
    }
}
