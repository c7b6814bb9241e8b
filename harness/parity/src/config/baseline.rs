//! `fixtures/coverage.toml`: the coverage that a full run must reach.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lakehouse_rig::error::{Error, suggestion};
use lakehouse_rig::source::{self, Source};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::Probe;

/// The file, relative to the root.
pub const FILE: &str = "fixtures/coverage.toml";

/// How much of a value is compared, from less to more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// It is hidden by a normaliser or ignored by the comparator, in every answer.
    Hidden,
    /// It is null in every answer.
    Null,
    /// Its value is compared.
    Compared,
}

/// Depths by answer (`POST /v1/embed 2xx`), then by path (`body:$.vectors[*]`).
pub type Places = BTreeMap<String, BTreeMap<String, Depth>>;

/// The file's content.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// By surface.
    pub surfaces: BTreeMap<String, Places>,
    text: String,
}

/// The paths of one kind of answer.
#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Written {
    /// Paths whose values are compared.
    compared: Vec<String>,
    /// Paths that are null in every answer.
    null: Vec<String>,
    /// Paths that are hidden in every answer.
    hidden: Vec<String>,
}

/// By surface, then by answer.
type File = BTreeMap<String, BTreeMap<String, Written>>;

/// The JSON Schema of `coverage.toml`.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<File>()
}

impl Baseline {
    /// Reads the file of the root at `directory`; `None` when it is missing.
    ///
    /// # Errors
    ///
    /// An invalid file, or a surface without a probe.
    pub(super) fn read(
        directory: &Path,
        probes: &BTreeMap<String, Arc<Probe>>,
    ) -> Result<Option<Baseline>, Error> {
        if !directory.join(FILE).is_file() {
            return Ok(None);
        }
        let source = Source::read(directory, FILE)?;
        let written: File = source.parse()?;
        let mut surfaces = BTreeMap::new();
        for (surface, answers) in written {
            if !probes.contains_key(&surface) {
                let known: Vec<&str> = probes.keys().map(String::as_str).collect();
                return Err(Error::usage(
                    format!("unknown surface `{surface}` in `{FILE}`"),
                    suggestion(&surface, &known),
                ));
            }
            surfaces.insert(surface, answers.into_iter().map(places).collect());
        }
        Ok(Some(Baseline {
            surfaces,
            text: source.text,
        }))
    }

    /// The first line of a surface, from 1.
    #[must_use]
    pub fn line(&self, surface: &str) -> usize {
        let head = format!("[{surface}.");
        let line = self.text.lines().position(|line| line.starts_with(&head));
        line.map_or(1, |index| index + 1)
    }
}

fn places((answer, written): (String, Written)) -> (String, BTreeMap<String, Depth>) {
    let depths = [
        (Depth::Compared, written.compared),
        (Depth::Null, written.null),
        (Depth::Hidden, written.hidden),
    ];
    let paths = depths
        .into_iter()
        .flat_map(|(depth, paths)| paths.into_iter().map(move |path| (path, depth)));
    (answer, paths.collect())
}
