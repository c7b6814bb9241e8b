//! A file of cases as it is written.

use std::collections::BTreeMap;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::model_server::Answer;
use lakehouse_rig::source::{self, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use crate::config::headers;
use crate::config::input::Input;
use crate::config::step::{Expect, WrittenStep};

/// The JSON Schema of a file of cases.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<WrittenFile>()
}

/// Cases of a surface.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFile {
    /// The cases.
    #[serde(default)]
    pub(super) case: Vec<Spanned<WrittenCase>>,
}

/// One input, or a sequence of inputs, and what the answers should be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCase {
    /// The name, unique in the surface.
    pub(super) name: Spanned<String>,
    /// What the case is for.
    pub(super) why: Option<String>,
    /// The transports that it is limited to.
    pub(super) transports: Option<Vec<Transport>>,
    /// Whether it gets a server of its own.
    #[serde(default)]
    pub(super) fresh: bool,
    /// How often the case is sent in one round [default: 1].
    pub(super) repeats: Option<Spanned<usize>>,
    /// Names of setups in `setup.toml`, whose steps come first.
    #[serde(default)]
    pub(super) setup: Vec<Spanned<String>>,
    /// Files in the state folder before the first step, by path.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// Whether the answer should be an error.
    pub(super) expect: Option<Expect>,
    /// The HTTP status that the answer should have.
    pub(super) status: Option<u16>,
    /// Whether the answer should have no body.
    #[serde(default)]
    pub(super) empty: bool,
    /// The body or line.
    pub(super) input: Option<Input>,
    /// A file in the probe's folder that holds the input.
    pub(super) input_file: Option<Spanned<String>>,
    /// Whether the input is sent as a JSON string.
    #[serde(default)]
    pub(super) json_string: bool,
    /// The HTTP method, in place of the probe's.
    pub(super) method: Option<String>,
    /// The HTTP path, in place of the probe's.
    pub(super) path: Option<Spanned<String>>,
    /// HTTP headers in addition to the probe's; an empty text removes one of the probe's.
    #[serde(default)]
    pub(super) headers: headers::Written,
    /// The HTTP query, by name.
    #[serde(default)]
    pub(super) query: BTreeMap<String, Spanned<String>>,
    /// Scripted answers of the model server.
    #[serde(default)]
    pub(super) upstream: Vec<Answer>,
    /// The steps, in place of an input of the case's own.
    #[serde(default)]
    pub(super) step: Vec<WrittenStep>,
}

impl WrittenCase {
    /// Whether it has an input or an expectation of its own.
    pub(super) fn has_own_input(&self) -> bool {
        self.expect.is_some()
            || self.status.is_some()
            || self.empty
            || self.input.is_some()
            || self.input_file.is_some()
            || self.method.is_some()
            || self.path.is_some()
            || self.json_string
            || !self.headers.is_empty()
            || !self.query.is_empty()
            || !self.upstream.is_empty()
    }

    /// The single step of a case that is not a sequence.
    pub(super) fn only_step(&mut self) -> WrittenStep {
        WrittenStep {
            expect: self.expect.unwrap_or_default(),
            status: self.status,
            empty: self.empty,
            input: self.input.take(),
            input_file: self.input_file.take(),
            json_string: self.json_string,
            method: self.method.take(),
            path: self.path.take(),
            headers: std::mem::take(&mut self.headers),
            query: std::mem::take(&mut self.query),
            files: BTreeMap::new(),
            upstream: std::mem::take(&mut self.upstream),
        }
    }
}
