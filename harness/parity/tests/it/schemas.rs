//! The JSON Schemas of a root's files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use lakehouse_parity::schemas::{self, Kind};
use serde_json::{Value, json};
use walkdir::WalkDir;

use crate::support::TestRoot;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The roots of this repository.
fn roots() -> Vec<PathBuf> {
    let mut roots = vec![repository(), repository().join("harness/parity/tests/liar")];
    for entry in fs::read_dir(repository().join("harness/examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.join("fixtures/harness.toml").is_file() {
            roots.push(path);
        }
    }
    roots
}

/// Rewrites what is out of date, except in CI.
#[test]
fn committed_schemas_are_current() {
    let is_ci = std::env::var_os("CI").is_some()
        || std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "no");
    let mut stale = Vec::new();
    for (name, text) in schemas::files() {
        let path = repository().join(&name);
        if fs::read_to_string(&path).is_ok_and(|committed| committed == text) {
            continue;
        }
        if !is_ci {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        stale.push(name);
    }
    assert!(
        stale.is_empty(),
        "out of date: {stale:?}; run `cargo xtask parity schemas`, and commit them"
    );
}

#[test]
fn every_file_fits_its_schema_and_none_has_another_key() {
    let validators: Vec<(&Kind, Validator)> = schemas::ALL
        .iter()
        .map(|kind| (kind, jsonschema::validator_for(&kind.schema()).unwrap()))
        .collect();
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for root in roots() {
        for name in toml_files(&root) {
            let kind = validators
                .iter()
                .find(|(kind, _)| kind.files.iter().any(|glob| matches(glob, &name)));
            let Some((kind, validator)) = kind else {
                // Other programs read these.
                let others = ["fixtures/corpus/", "fixtures/lexicon/"];
                let is_of_another = others.iter().any(|folder| name.starts_with(folder));
                assert!(is_of_another, "`{name}` has no schema");
                continue;
            };
            let text = fs::read_to_string(root.join(&name)).unwrap();
            let document = as_json(toml::from_str(&text).unwrap());
            let errors: Vec<_> = validator
                .iter_errors(&document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
            for wrong in with_an_unknown_key(&document) {
                assert!(!validator.is_valid(&wrong), "{name}: {wrong:#}");
            }
            *files.entry(kind.name).or_default() += 1;
        }
    }
    assert_eq!(files.len(), schemas::ALL.len(), "{files:?}");
}

/// Editors show the description of a key.
#[test]
fn every_key_is_described() {
    for kind in schemas::ALL {
        let mut open = vec![kind.schema()];
        while let Some(value) = open.pop() {
            let keys = value["properties"].as_object().into_iter().flatten();
            for (key, schema) in keys.filter(|(_, schema)| schema.is_object()) {
                let is_described = schema["description"].is_string();
                assert!(is_described, "`{key}` in {} has no doc", kind.name);
            }
            match value {
                Value::Object(members) => open.extend(members.into_iter().map(|(_, value)| value)),
                Value::Array(elements) => open.extend(elements),
                _ => {}
            }
        }
    }
}

#[test]
fn a_root_gets_schemas_and_keeps_its_own_taplo_configuration() {
    let root = TestRoot::new();
    let ran = root.run(&["schemas"]);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    for (name, text) in schemas::files() {
        assert_eq!(root.read(&name), text);
        assert!(ran.text.contains(&name), "{}", ran.text);
    }
    root.run(&["schemas"]);
    root.write(".taplo.toml", "[formatting]\n");
    root.run(&["schemas"]).refuses(&["was not generated"]);
    assert_eq!(root.read(".taplo.toml"), "[formatting]\n");
}

/// The TOML files below `fixtures`, relative to the root.
fn toml_files(root: &Path) -> Vec<String> {
    let entries = WalkDir::new(root.join("fixtures")).into_iter();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| {
            path.strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn matches(glob: &str, name: &str) -> bool {
    let (globs, names) = (glob.split('/'), name.split('/'));
    globs.clone().count() == names.clone().count()
        && globs
            .zip(names)
            .all(|(glob, name)| match glob.strip_prefix('*') {
                Some(end) => name.ends_with(end),
                None => glob == name,
            })
}

/// A TOML value as editors validate it: dates are strings.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(elements) => elements.into_iter().map(as_json).collect(),
        toml::Value::Table(members) => members
            .into_iter()
            .map(|(key, value)| (key, as_json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

/// Copies of the document, one for each of its tables, with a key there that no table has.
fn with_an_unknown_key(document: &Value) -> Vec<Value> {
    let mut copies = Vec::new();
    let mut places = vec![String::new()];
    while let Some(place) = places.pop() {
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match document.pointer(&place).unwrap() {
            Value::Object(members) => {
                places.extend(
                    members
                        .keys()
                        .map(|key| format!("{place}/{}", escaped(key))),
                );
                let mut copy = document.clone();
                copy.pointer_mut(&place).unwrap()["no_such_key"] = json!(1);
                copies.push(copy);
            }
            Value::Array(elements) => {
                places.extend((0..elements.len()).map(|index| format!("{place}/{index}")));
            }
            _ => {}
        }
    }
    copies
}
