//! The keys of `[compare]` that a comparator reads.

use lakehouse_rig::error::Error;
use lakehouse_rig::source::{Source, Spanned};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::policy::JsonPolicy;
use crate::json::Query;

/// `[compare]`, from which a comparator reads its own keys.
pub struct Settings<'a> {
    source: &'a Source,
    /// How JSON is compared.
    pub json: JsonPolicy,
}

/// A `probe.toml`, of which only `[compare]` is read.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned + Default")]
struct File<T> {
    #[serde(default)]
    compare: T,
}

/// Reads some keys of `[compare]`.
pub(super) fn read_keys<T: DeserializeOwned + Default>(source: &Source) -> Result<T, Error> {
    Ok(source.parse::<File<T>>()?.compare)
}

impl<'a> Settings<'a> {
    pub(super) fn new(source: &'a Source, json: JsonPolicy) -> Settings<'a> {
        Settings { source, json }
    }

    /// The comparator's own keys.
    pub(super) fn read<T: DeserializeOwned + Default>(&self) -> Result<T, Error> {
        read_keys(self.source)
    }

    /// A JSON path in a key.
    pub(super) fn query(&self, path: &Spanned<String>) -> Result<Query, Error> {
        Query::read(path.get_ref()).map_err(|error| {
            let label = "not a path that can be used";
            self.source
                .error(path.span(), error.to_string(), label, None)
        })
    }

    /// An error about the whole table.
    pub(super) fn error(&self, message: &str, help: &str) -> Error {
        let at = self.source.text.find("[compare]").unwrap_or(0);
        let whole = at..at + "[compare]".len();
        self.source
            .error(whole, message, "this table", Some(help.to_owned()))
    }

    /// An error about one entry of a list of tables.
    pub(super) fn entry_error<T>(&self, entry: &Spanned<T>, message: &str) -> Error {
        let whole = self.source.entry(entry.span());
        self.source.error(whole, message, "this rule", None)
    }
}
