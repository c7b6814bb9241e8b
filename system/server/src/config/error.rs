//! Mistakes in a configuration, each with its key, its value, its source and what is allowed.

use std::path::PathBuf;

use figment::{
    Figment, Metadata, Source,
    error::Kind,
    value::{Num, Value},
};

use super::{
    source::{DEFAULT_FILE, ENVIRONMENT, FLAGS},
    value::SECRET,
};

/// How similar a key must be to be suggested for another, from 0 to 1.
const SIMILAR: f64 = 0.8;

/// Why a configuration is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The named file, or the default one that exists, cannot be read.
    #[error("cannot read config file `{file}`: {reason}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The message of the system or the TOML reader.
        reason: String,
    },
    /// A key that does not exist.
    #[error(
        "unknown key `{key}` (from {origin}); {}expected one of {}",
        suggestion(similar.as_deref()),
        quoted(expected)
    )]
    UnknownKey {
        /// The key with its tables.
        key: String,
        /// A known key that is similar.
        similar: Option<String>,
        /// The keys of that table.
        expected: Vec<&'static str>,
        /// Where it was set.
        origin: String,
    },
    /// A value that the key does not accept.
    #[error("key `{key}` is {value} (from {origin}); it must be {must_be}")]
    WrongValue {
        /// The key with its tables.
        key: String,
        /// The value, unless it is a secret.
        value: String,
        /// What is allowed.
        must_be: String,
        /// Where it was set.
        origin: String,
    },
}

/// A rule that involves several keys, and is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleViolation {
    /// The key to change, with its tables.
    pub key: &'static str,
    /// What is allowed there.
    pub must_be: &'static str,
}

impl ConfigError {
    /// The error that `figment` met when it read the configuration.
    pub(super) fn from_figment(figment: &Figment, error: figment::Error) -> Self {
        let path = error.path.join(".");
        match error.kind {
            Kind::UnknownField(field, expected) => {
                // The path of an unknown field ends at its table or at the field itself.
                let key = if path == field || path.ends_with(&format!(".{field}")) {
                    path
                } else if path.is_empty() {
                    field.clone()
                } else {
                    format!("{path}.{field}")
                };
                Self::UnknownKey {
                    similar: most_similar(&field, expected).map(str::to_owned),
                    expected: expected.to_vec(),
                    origin: origin(error.metadata.as_ref(), &key),
                    key,
                }
            }
            kind if path.is_empty() => {
                let file = match error.metadata.and_then(|metadata| metadata.source) {
                    Some(Source::File(file)) => file,
                    _ => DEFAULT_FILE.into(),
                };
                Self::Unreadable {
                    file,
                    reason: kind.to_string(),
                }
            }
            // Only single values report a message; any other mistake is in place of a table.
            Kind::Message(must_be) => Self::wrong_value(figment, path, must_be),
            _ => Self::wrong_value(figment, path, "a table".to_owned()),
        }
    }

    /// The error of a rule that involves several keys.
    pub(super) fn from_violation(figment: &Figment, violation: RuleViolation) -> Self {
        let RuleViolation { key, must_be } = violation;
        Self::wrong_value(figment, key.to_owned(), must_be.to_owned())
    }

    fn wrong_value(figment: &Figment, key: String, must_be: String) -> Self {
        let value = match figment.find_value(&key) {
            Ok(_) if must_be == SECRET => "a secret that is not shown".to_owned(),
            Ok(value) => shown(&value),
            Err(_) => "absent".to_owned(),
        };
        Self::WrongValue {
            origin: origin(figment.find_metadata(&key), &key),
            key,
            value,
            must_be,
        }
    }
}

fn suggestion(similar: Option<&str>) -> String {
    similar.map_or_else(String::new, |key| format!("did you mean `{key}`? "))
}

fn quoted(keys: &[&str]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}

fn most_similar(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let known = known
        .iter()
        .map(|known| (strsim::jaro_winkler(key, known), *known));
    let best = known.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(similarity, _)| *similarity >= SIMILAR)
        .map(|(_, known)| known)
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("`{text}`"),
        Value::Bool(_, flag) => format!("`{flag}`"),
        Value::Num(_, number) => match number {
            Num::F32(number) => format!("`{number}`"),
            Num::F64(number) => format!("`{number}`"),
            _ => match (number.to_i128(), number.to_u128()) {
                (Some(number), _) => format!("`{number}`"),
                (None, Some(number)) => format!("`{number}`"),
                (None, None) => "a number".to_owned(),
            },
        },
        Value::Dict(..) => "a table".to_owned(),
        Value::Array(..) => "a list".to_owned(),
        Value::Char(_, c) => format!("`{c}`"),
        Value::Empty(..) => "empty".to_owned(),
    }
}

fn origin(metadata: Option<&Metadata>, key: &str) -> String {
    let Some(metadata) = metadata else {
        return "the defaults".to_owned();
    };
    match &metadata.source {
        Some(Source::File(file)) => format!("file `{}`", file.display()),
        _ if metadata.name.contains("environment") => {
            let name = key.to_ascii_uppercase().replace('.', "__");
            format!("environment variable `{ENVIRONMENT}{name}`")
        }
        _ if metadata.name == FLAGS => "the command line".to_owned(),
        _ => "the defaults".to_owned(),
    }
}
