//! `[compare]` in `probe.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::error::{Error, quoted, suggestion};
use lakehouse_rig::source::Source;
use serde::Deserialize;
use toml::Spanned;

use super::Comparator;
use super::files::Files;
use super::policy::JsonPolicy;
use super::registry::{self, Entry};
use super::settings::{Settings, read_keys};

/// The keys that all comparators share.
const COMMON: &[&str] = &[
    "body",
    "files",
    "key_order",
    "numbers",
    "escapes",
    "max_depth",
];
/// The largest `max_depth`.
const MAX_MAX_DEPTH: usize = 100_000;

/// How the answers of a surface are compared.
#[derive(Debug, Clone)]
pub struct Compare {
    /// How bodies are compared.
    pub body: Arc<dyn Comparator>,
    /// How JSON is compared, in bodies, files and requests.
    pub json: JsonPolicy,
    /// How observed files are compared.
    pub files: Files,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Written {
    body: Option<Spanned<String>>,
    files: Files,
    key_order: bool,
    numbers: Numbers,
    escapes: bool,
    max_depth: Option<Spanned<usize>>,
}

#[derive(Deserialize, PartialEq, Default)]
#[serde(rename_all = "snake_case")]
enum Numbers {
    #[default]
    Lexeme,
    Value,
}

impl Compare {
    /// Reads `[compare]`.
    ///
    /// # Errors
    ///
    /// Any mistake in it, with its place.
    pub fn read(source: &Source) -> Result<Compare, Error> {
        let written: Written = read_keys(source)?;
        let json = JsonPolicy {
            key_order: written.key_order,
            numbers_by_value: written.numbers == Numbers::Value,
            escapes: written.escapes,
            max_depth: max_depth(source, written.max_depth.as_ref())?,
        };
        let entry = entry(source, written.body.as_ref())?;
        check_keys(source, entry)?;
        Ok(Compare {
            body: (entry.read)(&Settings::new(source, json))?,
            json,
            files: written.files,
        })
    }
}

fn max_depth(source: &Source, written: Option<&Spanned<usize>>) -> Result<usize, Error> {
    let Some(written) = written else {
        return Ok(JsonPolicy::default().max_depth);
    };
    let depth = *written.get_ref();
    if !(1..=MAX_MAX_DEPTH).contains(&depth) {
        return Err(source.error(
            written.span(),
            format!("`max_depth` must be from 1 to {MAX_MAX_DEPTH}"),
            "this depth",
            None,
        ));
    }
    Ok(depth)
}

fn entry(source: &Source, name: Option<&Spanned<String>>) -> Result<&'static Entry, Error> {
    let wanted = name.map_or(registry::DEFAULT, |name| name.get_ref().as_str());
    if let Some(entry) = registry::ALL.iter().find(|entry| entry.name == wanted) {
        return Ok(entry);
    }
    let names: Vec<&str> = registry::ALL.iter().map(|entry| entry.name).collect();
    let place = name.map_or(0..0, Spanned::span);
    Err(source.unknown(place, "comparator", wanted, &names))
}

/// Rejects keys that the comparator does not read.
fn check_keys(source: &Source, entry: &Entry) -> Result<(), Error> {
    let keys: BTreeMap<Spanned<String>, toml::Value> = read_keys(source)?;
    let known: Vec<&str> = COMMON.iter().chain(entry.keys).copied().collect();
    let mut keys = keys.into_keys();
    let Some(unknown) = keys.find(|key| !known.contains(&key.get_ref().as_str())) else {
        return Ok(());
    };
    let name = unknown.get_ref();
    let others = registry::ALL.iter();
    let others: Vec<&str> = others
        .filter(|entry| entry.keys.contains(&name.as_str()))
        .map(|entry| entry.name)
        .collect();
    let (message, help) = if others.is_empty() {
        (
            format!("unknown key `{name}` in `[compare]`"),
            suggestion(name, &known),
        )
    } else {
        (
            format!("`{name}` does not apply to `body = \"{}\"`", entry.name),
            format!("it applies to {}", quoted(&others)),
        )
    };
    Err(source.error(unknown.span(), message, "not read here", Some(help)))
}
