//! `[compare]` in `probe.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::error::{Error, quoted, suggestion};
use lakehouse_rig::source::{Source, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value};

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

/// How answers are compared.
#[derive(Deserialize, Default, JsonSchema)]
#[serde(default)]
struct Written {
    /// The comparator of bodies.
    body: Option<Spanned<String>>,
    /// How observed files are compared.
    files: Files,
    /// Whether the order of keys counts.
    key_order: bool,
    /// How numbers are compared.
    numbers: Numbers,
    /// Whether the escaping of strings counts.
    escapes: bool,
    /// The nesting beyond which JSON is compared byte by byte [default: 1000].
    max_depth: Option<Spanned<usize>>,
}

/// How numbers are compared.
#[derive(Deserialize, PartialEq, Default, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Numbers {
    /// By their spelling.
    #[default]
    Lexeme,
    /// By their value.
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

/// The JSON Schema of `[compare]`: the keys of all comparators.
pub fn schema(generator: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = registry::ALL.iter().map(|entry| entry.name).collect();
    let mut schema = Written::json_schema(generator);
    let mut properties = Map::new();
    let own = registry::ALL.iter().filter_map(|entry| entry.schema);
    for mut schema in own.map(|schema| schema(generator)).chain([schema.clone()]) {
        if let Some(Value::Object(keys)) = schema.get_mut("properties") {
            properties.append(keys);
        }
    }
    if let Some(Value::Object(body)) = properties.get_mut("body") {
        body.insert("enum".to_owned(), names.into());
    }
    schema.insert("properties".to_owned(), properties.into());
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use schemars::SchemaGenerator;

    use super::{COMMON, registry, schema};

    #[test]
    fn the_schema_has_the_keys_that_comparators_read() {
        let schema = schema(&mut SchemaGenerator::default());
        let described = schema.get("properties").and_then(|it| it.as_object());
        let described: BTreeSet<&str> = described
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
            .collect();
        let own = registry::ALL.iter().flat_map(|entry| entry.keys);
        let read: BTreeSet<&str> = COMMON.iter().chain(own).copied().collect();
        assert_eq!(described, read);
    }
}
