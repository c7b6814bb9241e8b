//! Recordings: stored answers, used where the implementation cannot run.
//!
//! `fixtures/recordings/<name>/<surface>.jsonl`: a header line, then one line per case, transport
//! and step. Bytes are text where they are UTF-8, and base64 where they are not. Each line has a
//! hash of its input, which detects a case that changed after the recording.

mod entry;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;
use lakehouse_rig::file::write_whole;
use lakehouse_rig::implementation::Transport;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::config::{Case, CaseStep, Probe};
use crate::observation::Observation;
use entry::Entry;

/// The version of the format.
const SCHEMA_VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Version of the format.
    pub schema_version: u32,
    /// Name of the implementation.
    pub implementation: String,
    /// Its version.
    pub version: String,
    /// Its language.
    pub language: String,
    /// When the answers were recorded.
    pub recorded_at: jiff::Timestamp,
    /// The commit of the root's checkout.
    pub commit: Option<String>,
    /// The surface.
    pub surface: String,
}

/// A recording, read.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Its header.
    pub header: Header,
    answers: BTreeMap<(String, Transport), (Vec<String>, Observation)>,
}

/// The path of a recording.
#[must_use]
pub fn path(root: &Path, implementation: &str, surface: &str) -> PathBuf {
    root.join("fixtures/recordings")
        .join(implementation)
        .join(format!("{surface}.jsonl"))
}

/// A recording's answer to a case.
#[derive(Debug)]
pub enum Recorded {
    /// The answer.
    Answer(Observation),
    /// No usable answer, and why.
    Unusable(String),
}

impl Recording {
    /// Reads the recording of a surface; `None` when the file does not exist.
    ///
    /// # Errors
    ///
    /// A file that is not a recording of this implementation and surface.
    pub fn read(
        root: &Path,
        implementation: &str,
        surface: &str,
    ) -> Result<Option<Recording>, Error> {
        let path = path(root, implementation, surface);
        if !path.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))?;
        let wrong = |line: usize, why: &str| {
            Error::usage(
                format!(
                    "line {line} of the recording `{}` is wrong: {why}",
                    path.display()
                ),
                format!("record it again with `--record {implementation}`"),
            )
        };
        let mut lines = text.lines();
        let header: Header = serde_json::from_str(lines.next().unwrap_or_default())
            .map_err(|error| wrong(1, &error.to_string()))?;
        if header.schema_version != SCHEMA_VERSION
            || header.implementation != implementation
            || header.surface != surface
        {
            return Err(wrong(
                1,
                "it belongs to another implementation, surface or version of the format",
            ));
        }
        let mut answers: BTreeMap<(String, Transport), (Vec<String>, Observation)> =
            BTreeMap::new();
        for (index, line) in lines.enumerate() {
            let entry: Entry =
                serde_json::from_str(line).map_err(|e| wrong(index + 2, &e.to_string()))?;
            let (hashes, observation) = answers
                .entry((entry.case.clone(), entry.transport))
                .or_default();
            if entry.step != observation.steps.len() {
                return Err(wrong(index + 2, "the steps are out of order"));
            }
            hashes.push(entry.input_sha256.clone());
            let step = entry.step().map_err(|why| wrong(index + 2, &why))?;
            observation.steps.push(step);
        }
        Ok(Some(Recording { header, answers }))
    }

    /// The answer to a case.
    #[must_use]
    pub fn answer(&self, probe: &Probe, case: &Case, transport: Transport) -> Recorded {
        let name = &self.header.implementation;
        let refresh = format!("record it again with `--record {name}`");
        let Some((hashes, observation)) = self.answers.get(&(case.name.clone(), transport)) else {
            return Recorded::Unusable(format!(
                "the recording of `{name}` does not have this case; {refresh}"
            ));
        };
        let current: Vec<String> = case
            .steps
            .iter()
            .map(|step| hash(probe, case, step))
            .collect();
        let complete = hashes.len() == current.len() || observation.failure().is_some();
        if !complete || !current.starts_with(hashes) {
            return Recorded::Unusable(format!(
                "stale recording: the case has changed since `{name}` was recorded; {refresh}"
            ));
        }
        Recorded::Answer(observation.clone())
    }
}

/// Writes the recording of one surface.
///
/// # Errors
///
/// The file cannot be written.
pub fn write(
    root: &Path,
    header: &Header,
    probe: &Probe,
    answers: &[(&Case, Transport, &Observation)],
) -> Result<PathBuf, Error> {
    let path = path(root, &header.implementation, &header.surface);
    let mut out = Vec::new();
    let failed = |error: std::io::Error| Error::io("write", &path, error);
    let mut line = |value: serde_json::Result<Vec<u8>>| -> Result<(), Error> {
        let value = value.map_err(|error| failed(error.into()))?;
        out.write_all(&value)
            .and_then(|()| out.write_all(b"\n"))
            .map_err(failed)
    };
    line(serde_json::to_vec(header))?;
    for (case, transport, observation) in answers {
        for (index, step) in observation.steps.iter().enumerate() {
            let hash = hash(probe, case, &case.steps[index]);
            line(serde_json::to_vec(&Entry::new(
                &case.name, *transport, index, hash, step,
            )))?;
        }
    }
    let folder = path.parent().unwrap_or(root);
    std::fs::create_dir_all(folder).map_err(failed)?;
    write_whole(&path, &out).map_err(failed)?;
    Ok(path)
}

/// A hash of everything that a step sends and of the files it needs.
fn hash(probe: &Probe, case: &Case, step: &CaseStep) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &[u8]| {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    };
    add(step.input.as_deref().unwrap_or_default());
    add(step
        .method
        .as_ref()
        .unwrap_or(&probe.http.method)
        .as_bytes());
    add(step.path.as_ref().unwrap_or(&probe.http.path).as_bytes());
    let mut headers = probe.http.headers.clone();
    headers.extend(step.headers.clone());
    for (name, values) in &headers {
        // Files write a header that is removed as an empty text, from which an empty value differs.
        let values = match values.as_slice() {
            [] => vec![""],
            values => values
                .iter()
                .map(|value| if value.is_empty() { "\0" } else { value })
                .collect(),
        };
        for value in values {
            add(name.as_bytes());
            add(value.as_bytes());
        }
    }
    for (name, value) in step.query.iter().chain(&step.files).chain(&case.files) {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    add(format!("{:?}", step.upstream).as_bytes());
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
