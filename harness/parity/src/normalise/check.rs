//! The checks that a value must pass to be hidden.

use schemars::{Schema, SchemaGenerator, json_schema};

use crate::json::{Decimal, Document, Value};

/// The check that a value must pass to be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// An RFC 3339 timestamp with an offset.
    Timestamp,
    /// 32 lower-case hexadecimal digits.
    Hex32,
    /// A number that is not negative.
    Number,
    /// An integer that is not negative.
    Integer,
    /// A string that is not empty.
    Text,
    /// A UUID in its usual form.
    Uuid,
    /// An HTTP URL.
    Url,
    /// A commit: 7 to 40 lower-case hexadecimal digits, optionally with `-dirty`.
    Commit,
    /// 64 lower-case hexadecimal digits.
    Sha256,
}

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("timestamp", Check::Timestamp),
    ("hex32", Check::Hex32),
    ("number>=0", Check::Number),
    ("integer>=0", Check::Integer),
    ("text", Check::Text),
    ("uuid", Check::Uuid),
    ("url", Check::Url),
    ("commit", Check::Commit),
    ("sha256", Check::Sha256),
];

impl Check {
    /// Reads a check's name.
    #[must_use]
    pub fn read(name: &str) -> Option<Check> {
        let found = CHECKS.iter().find(|(known, _)| *known == name);
        found.map(|(_, check)| *check)
    }

    /// All names, for messages.
    #[must_use]
    pub fn list() -> String {
        let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
        lakehouse_rig::error::quoted(&names)
    }

    /// The JSON Schema of a check's name.
    pub fn schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
        json_schema!({ "type": "string", "enum": names })
    }

    /// The check's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = CHECKS.iter().find(|(_, check)| *check == self);
        found.map_or("", |(name, _)| name)
    }

    /// The values that pass, for messages: `a timestamp`.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Check::Timestamp => "a timestamp",
            Check::Hex32 => "32 lower-case hexadecimal digits",
            Check::Number => "a number of at least 0",
            Check::Integer => "an integer of at least 0",
            Check::Text => "a text that is not empty",
            Check::Uuid => "a UUID",
            Check::Url => "a URL",
            Check::Commit => "a commit",
            Check::Sha256 => "64 lower-case hexadecimal digits",
        }
    }

    fn holds_for_text(self, text: &str) -> bool {
        let hex = |text: &str| {
            text.bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        match self {
            Check::Timestamp => text.parse::<jiff::Timestamp>().is_ok(),
            Check::Hex32 => text.len() == 32 && hex(text),
            Check::Sha256 => text.len() == 64 && hex(text),
            Check::Commit => {
                let commit = text.strip_suffix("-dirty").unwrap_or(text);
                (7..=40).contains(&commit.len()) && hex(commit)
            }
            Check::Text => !text.is_empty(),
            Check::Uuid => {
                let groups: Vec<&str> = text.split('-').collect();
                groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
                    && groups
                        .iter()
                        .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
            }
            Check::Url => {
                let rest = text
                    .strip_prefix("http://")
                    .or_else(|| text.strip_prefix("https://"));
                rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
            }
            Check::Number | Check::Integer => false,
        }
    }

    fn holds_for_number(self, lexeme: &str) -> bool {
        let number = Decimal::read(lexeme);
        match self {
            Check::Number => number.is_not_negative(),
            Check::Integer => number.is_not_negative() && number.is_integer(),
            _ => false,
        }
    }

    pub(super) fn holds(self, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                std::str::from_utf8(&text.decoded).is_ok_and(|text| self.holds_for_text(text))
            }
            Value::Number(lexeme) => self.holds_for_number(lexeme),
            _ => false,
        }
    }

    pub(super) fn holds_for_header(self, text: &str) -> bool {
        let is_number = matches!(
            crate::json::parse(text.as_bytes()).map(|d| d.value(Document::ROOT).clone()),
            Ok(Value::Number(_))
        );
        self.holds_for_text(text) || (is_number && self.holds_for_number(text))
    }
}
