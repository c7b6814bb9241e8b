//! What is wrong with a configuration, told so that it can be put right.

use std::path::PathBuf;

use figment::{
    Figment, Metadata, Source,
    error::Kind,
    value::{Num, Value},
};

/// Why a configuration is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A file that was asked for, or that is there, cannot be read.
    #[error("config file `{file}` cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system or the TOML reader says.
        reason: String,
    },
    /// A key that does not exist.
    #[error("unknown key `{key}` (from {origin}); expected one of {expected}")]
    UnknownKey {
        /// The key with its tables.
        key: String,
        /// The keys of that table, in backticks.
        expected: String,
        /// Where it was set.
        origin: String,
    },
    /// A value that the key does not take.
    #[error("key `{key}` is {value} (from {origin}); it must be {must_be}")]
    WrongValue {
        /// The key with its tables.
        key: String,
        /// The value, unless it is a secret.
        value: String,
        /// What is allowed.
        must_be: &'static str,
        /// Where it was set.
        origin: String,
    },
}

impl ConfigError {
    /// The error that `figment` met when it read the configuration.
    pub(super) fn from_figment(figment: &Figment, error: figment::Error) -> Self {
        let path = error.path.join(".");
        match error.kind {
            Kind::UnknownField(field, expected) => {
                // The path of an unknown field ends at its table or at the field, as the reader
                // noticed it.
                let key = if path == field || path.ends_with(&format!(".{field}")) {
                    path
                } else if path.is_empty() {
                    field
                } else {
                    format!("{path}.{field}")
                };
                let expected: Vec<_> = expected.iter().map(|name| format!("`{name}`")).collect();
                let origin = origin(error.metadata.as_ref(), &key);
                Self::UnknownKey {
                    key,
                    expected: expected.join(", "),
                    origin,
                }
            }
            kind if path.is_empty() => {
                let file = match error.metadata.and_then(|metadata| metadata.source) {
                    Some(Source::File(file)) => file,
                    _ => super::load::DEFAULT_FILE.into(),
                };
                Self::Unreadable {
                    file,
                    reason: kind.to_string(),
                }
            }
            _ => Self::wrong_value(figment, &path),
        }
    }

    /// The error of a key whose value is not allowed.
    pub(super) fn wrong_value(figment: &Figment, key: &str) -> Self {
        let value = match figment.find_value(key) {
            Ok(_) if key.ends_with("api_key") => "a secret that is not shown".to_owned(),
            Ok(value) => shown(&value),
            Err(_) => "absent".to_owned(),
        };
        let origin = origin(figment.find_metadata(key), key);
        Self::WrongValue {
            key: key.to_owned(),
            value,
            must_be: must_be(key),
            origin,
        }
    }
}

/// What a key takes.
fn must_be(key: &str) -> &'static str {
    match key {
        "gateway.bind" => {
            "a loopback address and a port such as `127.0.0.1:3110`; anything else needs `[auth]`, \
             which this version does not have"
        }
        "embed.provider" => "one of `hash`, `ollama`, `openai`",
        "embed.model" => "a text that is not empty, and `hash-768` for the provider `hash`",
        "embed.cache_bytes" | "matrix.cache_bytes" => {
            "a whole number of bytes from 0 to 1099511627776"
        }
        "embed.ollama.url" | "embed.openai.url" | "chat.ollama.url" => {
            "an address such as `http://127.0.0.1:11434`; https is not built in"
        }
        "store.url" => "an address such as `file:///var/lib/lakehouse/store`, or `memory://`",
        "vectors.graph" => "one of `flat`, `hnsw_rs`",
        "matrix.judge" => {
            "one of `rules`, `chat`; `chat` needs `matrix.chat_model` and the provider's table \
             such as `[chat.ollama]`"
        }
        "matrix.role_reader" => {
            "one of `none`, `chat`; `chat` needs `matrix.chat_model` and the provider's table \
             such as `[chat.ollama]`"
        }
        "matrix.chat_provider" => "one of `ollama`",
        "matrix.playbook_distance" => "a number from 0 to 2",
        "matrix.playbook_half_life_days" => "a number of days above 0, at most 36500",
        "embed.ollama.timeout_ms"
        | "embed.openai.timeout_ms"
        | "chat.ollama.timeout_ms"
        | "limits.request_timeout_ms"
        | "vectors.save_interval_ms" => "a whole number of milliseconds from 1 to 86400000",
        "limits.body_bytes" => "a whole number of bytes from 1 to 1073741824",
        "limits.concurrency" => "a whole number from 1 to 1000000",
        "log.format" => "one of `text`, `json`",
        "log.filter" => "a filter such as `info` or `lakehouse_server=debug,warn`",
        "gateway" | "data" | "embed" | "embed.ollama" | "embed.openai" | "store" | "vectors"
        | "matrix" | "chat" | "chat.ollama" | "validate" | "limits" | "log" => "a table",
        _ => "a text that is not empty (quote what looks like a number)",
    }
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
            format!("environment variable `LAKEHOUSE_{name}`")
        }
        _ if metadata.name == super::load::FLAGS => "the command line".to_owned(),
        _ => "the defaults".to_owned(),
    }
}
