//! The tree, in which every node has its source text.

use std::borrow::Cow;

use super::number::Number;
use super::scan::{is_json_space, scan_value};

/// Why a text is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The text is not exactly one value of RFC 8259.
    #[error("not valid JSON")]
    Invalid,
    /// The value nests deeper than the given limit.
    #[error("nests deeper than permitted")]
    TooDeep,
}

/// Parses a text that is one JSON value, optionally surrounded by white space.
///
/// `max_depth` limits the levels of arrays and objects. The tree is built and dropped recursively,
/// so it also limits the use of the stack: keep it to a few hundred.
///
/// # Errors
/// [`ParseError::Invalid`] takes precedence over [`ParseError::TooDeep`]: invalid text has no
/// depth.
pub fn parse(text: &str, max_depth: usize) -> Result<Json<'_>, ParseError> {
    let scanned = scan_value(text, 0).map_err(|_| ParseError::Invalid)?;
    if !text[scanned.end..].bytes().all(is_json_space) {
        return Err(ParseError::Invalid);
    }
    if scanned.depth > max_depth {
        return Err(ParseError::TooDeep);
    }
    Ok(Builder { text, at: 0 }.node())
}

/// A value's source text without the white space outside strings. `source` must be valid JSON.
pub fn carried_over(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut kept_from = 0;
    let mut in_string = false;
    let mut bytes = source.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            _ if !in_string && is_json_space(byte) => {
                out.push_str(&source[kept_from..at]);
                kept_from = at + 1;
            }
            _ => {}
        }
    }
    out.push_str(&source[kept_from..]);
    out
}

/// A JSON value and its source text.
#[derive(Debug, Clone, PartialEq)]
pub struct Json<'a> {
    source: &'a str,
    value: Value<'a>,
}

/// A value by its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number in its original spelling.
    Number(Number<'a>),
    /// An unescaped string, in which U+FFFD replaces lone surrogates.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// An object: its members in the order of the text, including repeated ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Object<'a> {
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Json<'a> {
    /// The source text, without white space around it.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The source text without the white space outside strings.
    pub fn carried_over(&self) -> String {
        carried_over(self.source)
    }

    /// The value by its type.
    pub fn value(&self) -> &Value<'a> {
        &self.value
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Number<'a>> {
        match self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The nearest double, infinite outside their range, if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The integer, if it is one in the contract's sense ([`Number::as_integer`]).
    pub fn as_integer(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_integer)
    }

    /// The unescaped string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Json<'a>]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl<'a> Object<'a> {
    /// The value of the last member with this name.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.members
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value)
    }

    /// Like [`get`](Self::get), but treats `null` as absent.
    pub fn get_some(&self, name: &str) -> Option<&Json<'a>> {
        self.get(name).filter(|value| !value.is_null())
    }

    /// All members in the order of the text, including repeated ones.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.members
            .iter()
            .map(|(name, value)| (name.as_ref(), value))
    }
}

/// Builds the tree of a text that the scanner has accepted, so nothing is checked again.
struct Builder<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Builder<'a> {
    fn node(&mut self) -> Json<'a> {
        self.space();
        let start = self.at;
        let value = match self.peek() {
            b'{' => Value::Object(self.object()),
            b'[' => Value::Array(self.array()),
            b'"' => Value::String(self.string()),
            _ => self.scalar(),
        };
        Json {
            source: &self.text[start..self.at],
            value,
        }
    }

    fn object(&mut self) -> Object<'a> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.ends_with(b'}') {
            let name = self.string();
            self.space();
            self.at += 1;
            members.push((name, self.node()));
        }
        Object { members }
    }

    fn array(&mut self) -> Vec<Json<'a>> {
        let mut elements = Vec::new();
        self.at += 1;
        while !self.ends_with(b']') {
            elements.push(self.node());
        }
        elements
    }

    /// Whether the container ends here. Consumes its end, or the comma before the next element.
    fn ends_with(&mut self, end: u8) -> bool {
        self.space();
        let byte = self.peek();
        if byte == end || byte == b',' {
            self.at += 1;
        }
        if byte == b',' {
            self.space();
        }
        byte == end
    }

    fn scalar(&mut self) -> Value<'a> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | 'a'..='z' | 'E' | '+' | '-' | '.'));
        let lexeme = &rest[..end.unwrap_or(rest.len())];
        self.at += lexeme.len();
        match lexeme {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Number(Number::new(lexeme)),
        }
    }

    fn string(&mut self) -> Cow<'a, str> {
        let start = self.at + 1;
        let mut end = start;
        let mut escaped = false;
        let bytes = self.text.as_bytes();
        while bytes[end] != b'"' {
            let is_escape = bytes[end] == b'\\';
            escaped |= is_escape;
            end += if is_escape { 2 } else { 1 };
        }
        self.at = end + 1;
        let raw = &self.text[start..end];
        if escaped {
            Cow::Owned(unescape(raw))
        } else {
            Cow::Borrowed(raw)
        }
    }

    fn space(&mut self) {
        while self.at < self.text.len() && is_json_space(self.peek()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes()[self.at]
    }
}

/// Unescapes the inside of a string; U+FFFD replaces lone surrogates.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let kind = rest.as_bytes()[at + 1];
        rest = &rest[at + 2..];
        out.push(match kind {
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = hex_unit(rest);
                rest = &rest[4..];
                let low = rest.strip_prefix("\\u").map(hex_unit);
                match (unit, low) {
                    (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
                        rest = &rest[6..];
                        let code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    _ => char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
                }
            }
            other => char::from(other),
        });
    }
    out.push_str(rest);
    out
}

/// The UTF-16 code unit of four hexadecimal digits.
fn hex_unit(digits: &str) -> u32 {
    u32::from_str_radix(&digits[..4], 16).unwrap_or(0xFFFD)
}
