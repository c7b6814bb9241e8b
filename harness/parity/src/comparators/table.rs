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

    use lakehouse_rig::source::Source;
    use miette::Diagnostic as _;
    use schemars::SchemaGenerator;

    use super::{COMMON, Compare, registry, schema};

    /// Reads a probe with these lines in `[compare]`.
    fn read(lines: &str) -> Result<Compare, lakehouse_rig::error::Error> {
        Compare::read(&Source {
            name: "probe.toml".to_owned(),
            text: format!("about = \"\"\n\n[compare]\n{lines}\n"),
        })
    }

    #[test]
    fn comparators_describe_themselves() {
        let json = "key order does not count, numbers by spelling, escaping does not count";
        let ranking = "[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"d\"";
        for (lines, body, rules) in [
            ("", format!("as JSON; {json}"), &[][..]),
            ("body = \"bytes\"", "byte by byte".to_owned(), &[]),
            (
                "body = \"status\"",
                "not at all, only its status".to_owned(),
                &[],
            ),
            (
                "body = \"vectors\"\nvectors_at = [\"$.v\", \"$.w\"]",
                format!("as JSON with vectors; {json}"),
                &[(
                    "$.v, $.w",
                    "vectors: $.v, $.w, 1 - cos at most 0.000001, norms within 0.0001",
                )],
            ),
            (
                "body = \"metrics\"\ntolerance = 0.01",
                format!("as metrics; {json}"),
                &[("$..*", "numbers: within 0.01 of the larger one")],
            ),
            (
                &*format!("body = \"ranking\"\n{ranking}"),
                format!("as JSON with rankings; {json}"),
                &[(
                    "$.hits",
                    "ranking: $.hits by d, at least 1 of the same id, scores within 0, ties in any order",
                )],
            ),
        ] {
            let compare = read(lines).expect("it is valid");
            assert_eq!(compare.body.to_string(), body);
            let found = compare.body.rules().iter();
            let found: Vec<_> = found
                .map(|rule| {
                    assert!(!rule.reports_as().is_empty(), "{rule}");
                    (rule.path().to_owned(), rule.to_string())
                })
                .collect();
            let rules = rules.iter();
            let rules: Vec<_> = rules
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect();
            assert_eq!(found, rules, "{lines}");
        }
        for (files, expected) in [
            ("bytes", "byte by byte"),
            ("jsonl-tree", "line by line as JSON"),
        ] {
            let compare = read(&format!("files = \"{files}\"")).expect("it is valid");
            assert_eq!(compare.files.to_string(), expected);
        }
    }

    #[test]
    fn a_mistake_in_the_whole_table_is_shown_at_its_head() {
        let error = read("body = \"vectors\"").expect_err("it names no vectors");
        let labels: Vec<_> = error.labels().into_iter().flatten().collect();
        let places = labels.iter().map(|label| (label.offset(), label.len()));
        assert_eq!(places.collect::<Vec<_>>(), [(12, "[compare]".len())]);
    }

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
