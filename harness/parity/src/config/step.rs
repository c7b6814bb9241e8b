//! One step of a case: the input and the expected answer.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::model_server::Answer;
use lakehouse_rig::source::{Source, Spanned};
use lakehouse_rig::template;
use schemars::JsonSchema;
use serde::Deserialize;

use super::input::Input;
use super::{headers, target};

/// One input and the expectation of its answer.
#[derive(Debug, Clone, Default)]
pub struct CaseStep {
    /// Whether the answer should be an error.
    pub expect_error: bool,
    /// The expected status.
    pub status: Option<u16>,
    /// Whether the answer should have no body.
    pub empty: bool,
    /// The body or line; `None` for a request without a body.
    pub input: Option<Vec<u8>>,
    /// HTTP method instead of the probe's.
    pub method: Option<String>,
    /// HTTP path instead of the probe's.
    pub path: Option<String>,
    /// HTTP headers in addition to the probe's, by lower-case name. One without values removes that
    /// of the probe.
    pub headers: BTreeMap<String, Vec<String>>,
    /// HTTP query.
    pub query: BTreeMap<String, String>,
    /// Files written to the state folder before this step.
    pub files: BTreeMap<String, String>,
    /// Scripted answers of the model server.
    pub upstream: Vec<Answer>,
}

/// One input and what its answer should be.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenStep {
    /// Whether the answer should be an error.
    #[serde(default)]
    pub(super) expect: Expect,
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
    /// Files that are written to the state folder, by path.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// Scripted answers of the model server.
    #[serde(default)]
    pub(super) upstream: Vec<Answer>,
}

/// Whether an answer is an error.
#[derive(Deserialize, Default, PartialEq, Clone, Copy, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expect {
    #[default]
    Ok,
    Error,
}

/// The case that a step belongs to.
pub(super) struct Owner<'a> {
    pub(super) case: &'a str,
    /// The case's place in the file.
    pub(super) span: Range<usize>,
    /// The probe's folder.
    pub(super) folder: &'a Path,
}

/// Checks a step and builds its input.
pub(super) fn read(
    source: &Source,
    owner: &Owner<'_>,
    written: WrittenStep,
) -> Result<CaseStep, Error> {
    for text in written.query.values().chain(&written.path) {
        template::check(source, text, template::OF_REQUESTS)?;
    }
    if let Some(path) = &written.path {
        target::check(source, path)?;
    }
    let input = input(source, owner, &written)?;
    let query = written.query.into_iter();
    Ok(CaseStep {
        expect_error: written.expect == Expect::Error,
        status: written.status,
        empty: written.empty,
        input,
        method: written.method,
        path: written.path.map(Spanned::into_inner),
        headers: headers::read(source, written.headers)?,
        query: query
            .map(|(name, text)| (name, text.into_inner()))
            .collect(),
        files: written.files,
        upstream: written.upstream,
    })
}

fn input(
    source: &Source,
    owner: &Owner<'_>,
    written: &WrittenStep,
) -> Result<Option<Vec<u8>>, Error> {
    let case = owner.case;
    let mut input = match (&written.input, &written.input_file) {
        (Some(input), None) => Some(input.0.clone()),
        (None, Some(file)) => Some(input_file(source, file, owner.folder)?),
        (None, None) => None,
        (Some(_), Some(file)) => {
            return Err(source.error(
                file.span(),
                format!("case `{case}` has both `input` and `input_file`"),
                "remove one of them",
                None,
            ));
        }
    };
    if let Some(text) = input
        .as_deref()
        .and_then(|input| std::str::from_utf8(input).ok())
        && template::mentions(text, "case")
    {
        let values = template::Values::from([("case", case.to_owned())]);
        input = Some(template::fill(text, &values).into_bytes());
    }
    if written.json_string {
        let text = input.map(String::from_utf8).and_then(Result::ok);
        let Some(text) = text else {
            return Err(source.error(
                owner.span.clone(),
                format!("case `{case}` has `json_string` but no text as input"),
                "this case",
                None,
            ));
        };
        input = serde_json::to_vec(&text).ok();
    }
    Ok(input)
}

/// Reads the file that `input_file` names.
fn input_file(source: &Source, file: &Spanned<String>, folder: &Path) -> Result<Vec<u8>, Error> {
    let name = file.get_ref();
    let wrong = |message: String| Err(source.error(file.span(), message, "this file", None));
    if !is_inside(name) {
        return wrong(format!("`{name}` is outside the probe's folder"));
    }
    match std::fs::read(folder.join(name)) {
        Ok(input) => Ok(input),
        Err(error) => wrong(format!(
            "failed to read `{name}` in the probe's folder: {error}"
        )),
    }
}

/// Whether a path is relative and stays inside its folder.
pub(super) fn is_inside(path: &str) -> bool {
    !path.starts_with('/') && path.split('/').all(|part| part != "..")
}
