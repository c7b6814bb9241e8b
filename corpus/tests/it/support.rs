//! Written corpora, and their fixtures.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use lakehouse_corpus::{Manifest, Spec, Style};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// A corpus in a temporary folder.
pub(crate) struct Corpus {
    pub(crate) manifest: Manifest,
    folder: TempDir,
}

impl Corpus {
    pub(crate) fn new(workers: u64, seed: u64) -> Self {
        Self::of(&Spec {
            workers,
            seed,
            style: Style::Plain,
        })
    }

    pub(crate) fn of(spec: &Spec) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let manifest =
            lakehouse_corpus::write(spec, folder.path()).expect("the corpus can be written");
        Self { manifest, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder().join(name)).expect("the file exists")
    }

    /// The parsed lines of a non-empty file.
    pub(crate) fn rows<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        let text = String::from_utf8(self.bytes(name)).expect("the file is UTF-8");
        assert!(text.ends_with('\n'), "{name} ends within a line");
        let rows: Vec<T> = text
            .lines()
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"))
            })
            .collect();
        assert!(!rows.is_empty(), "{name} is empty");
        rows
    }

    /// Workers and employees.
    pub(crate) fn documents(&self) -> Vec<Document> {
        let mut documents = self.rows("workers.jsonl");
        documents.extend(self.rows::<Document>("employees.jsonl"));
        documents
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.rows("fill_events.jsonl")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) metadata: BTreeMap<String, serde_json::Value>,
}

impl Document {
    /// A string member of the metadata.
    pub(crate) fn text_of(&self, member: &str) -> &str {
        self.metadata[member].as_str().expect("a string")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) role: String,
    pub(crate) count: u32,
    pub(crate) at: String,
}

#[derive(Deserialize)]
pub(crate) struct Roles {
    pub(crate) role: Vec<Role>,
}

#[derive(Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) industry: String,
    pub(crate) rate: [f64; 2],
    pub(crate) skills: Vec<String>,
    pub(crate) certifications: BTreeMap<String, u32>,
    pub(crate) related: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Cities {
    pub(crate) city: Vec<City>,
}

#[derive(Deserialize)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) area_codes: Vec<u32>,
    pub(crate) leans: Vec<String>,
}

pub(crate) fn roles() -> BTreeMap<String, Role> {
    let file: Roles = fixture("roles.toml");
    let roles = file.role.into_iter();
    roles.map(|role| (role.name.clone(), role)).collect()
}

/// By name and state.
pub(crate) fn cities() -> BTreeMap<(String, String), City> {
    let file: Cities = fixture("cities.toml");
    let cities = file.city.into_iter();
    cities
        .map(|city| ((city.name.clone(), city.state.clone()), city))
        .collect()
}

pub(crate) fn fixture<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures/corpus")
        .join(name);
    toml::from_str(&fs::read_to_string(path).expect("the fixture exists")).expect("TOML")
}
