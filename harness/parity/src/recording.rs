//! Recordings: stored answers, used where the implementation cannot run.
//!
//! `fixtures/recordings/<name>/<surface>.jsonl`: a header line, then one line per case, transport
//! and step. Bytes are text where they are UTF-8, and base64 where they are not. Each line has a
//! hash of its input, which detects a case that changed after the recording.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lakehouse_rig::error::Error;
use lakehouse_rig::file::write_whole;
use lakehouse_rig::implementation::Transport;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::config::{Case, CaseStep, Probe};
use crate::observation::{Failure, Headers, Observation, ScriptUse, Step, UpstreamRequest};

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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    case: String,
    transport: Transport,
    step: usize,
    input_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, Values>,
    body: Bytes,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    trailers: BTreeMap<String, Values>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, Bytes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upstream: Option<Vec<Request>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    script: Option<ScriptUse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    method: String,
    path: String,
    body: Bytes,
}

/// The values of a header; a single one is not a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Values {
    One(Bytes),
    Many(Vec<Bytes>),
}

impl Values {
    fn of(headers: &Headers) -> BTreeMap<String, Values> {
        let values = |values: &Vec<Vec<u8>>| match values.as_slice() {
            [one] => Values::One(Bytes::new(one)),
            many => Values::Many(many.iter().map(|value| Bytes::new(value)).collect()),
        };
        let headers = headers.iter();
        headers
            .map(|(name, all)| (name.clone(), values(all)))
            .collect()
    }

    fn read(headers: BTreeMap<String, Values>) -> Result<Headers, String> {
        let values = |values: Values| -> Result<Vec<Vec<u8>>, String> {
            match values {
                Values::One(one) => Ok(vec![one.read()?]),
                Values::Many(many) => many.into_iter().map(Bytes::read).collect(),
            }
        };
        let headers = headers.into_iter();
        headers
            .map(|(name, all)| Ok((name, values(all)?)))
            .collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
}

impl Bytes {
    fn new(bytes: &[u8]) -> Bytes {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64 {
                base64: STANDARD.encode(bytes),
            },
        }
    }

    fn read(self) -> Result<Vec<u8>, String> {
        match self {
            Bytes::Text(text) => Ok(text.into_bytes()),
            Bytes::Base64 { base64 } => STANDARD.decode(base64).map_err(|error| error.to_string()),
        }
    }
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

impl Entry {
    fn new(case: &str, transport: Transport, index: usize, hash: String, step: &Step) -> Entry {
        Entry {
            case: case.to_owned(),
            transport,
            step: index,
            input_sha256: hash,
            status: step.status,
            headers: Values::of(&step.headers),
            body: Bytes::new(&step.body),
            trailers: Values::of(&step.trailers),
            files: step
                .files
                .iter()
                .map(|(name, content)| (name.clone(), Bytes::new(content)))
                .collect(),
            upstream: step.upstream.as_ref().map(|requests| {
                let request = |request: &UpstreamRequest| Request {
                    method: request.method.clone(),
                    path: request.path.clone(),
                    body: Bytes::new(&request.body),
                };
                requests.iter().map(request).collect()
            }),
            script: step.script,
            exit: step.exit,
            failure: step.failure.clone(),
        }
    }

    fn step(self) -> Result<Step, String> {
        let files = self
            .files
            .into_iter()
            .map(|(name, content)| Ok((name, content.read()?)));
        let upstream = match self.upstream {
            None => None,
            Some(requests) => Some(
                requests
                    .into_iter()
                    .map(|request| {
                        Ok(UpstreamRequest {
                            method: request.method,
                            path: request.path,
                            body: request.body.read()?,
                        })
                    })
                    .collect::<Result<_, String>>()?,
            ),
        };
        Ok(Step {
            status: self.status,
            headers: Values::read(self.headers)?,
            body: self.body.read()?,
            trailers: Values::read(self.trailers)?,
            files: files.collect::<Result<_, String>>()?,
            upstream,
            script: self.script,
            exit: self.exit,
            stderr_tail: String::new(),
            log: None,
            failure: self.failure,
        })
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::implementation::Transport;

    use super::Entry;
    use crate::observation::{Headers, Step};

    #[test]
    fn headers_and_trailers_survive_byte_for_byte() {
        let values = |values: &[&[u8]]| values.iter().map(|value| value.to_vec()).collect();
        let headers = |pairs: &[(&str, &[&[u8]])]| -> Headers {
            let pairs = pairs.iter();
            pairs
                .map(|(name, all)| ((*name).to_owned(), values(all)))
                .collect()
        };
        let step = Step {
            status: Some(200),
            headers: headers(&[
                ("set-cookie", &[b"a=1", b"b=2", b"\xe9"]),
                ("x", &[b""]),
                ("y", &[b"\xff"]),
            ]),
            trailers: headers(&[("digest", &[b"z"])]),
            ..Step::default()
        };
        let entry = Entry::new("c", Transport::Http, 0, String::new(), &step);
        let line = serde_json::to_string(&entry).expect("it is JSON");
        assert!(
            line.contains(
                r#""set-cookie":["a=1","b=2",{"base64":"6Q=="}],"x":"","y":{"base64":"/w=="}"#
            ),
            "{line}"
        );
        let read: Entry = serde_json::from_str(&line).expect("it was written so");
        assert_eq!(read.step(), Ok(step));
    }

    #[test]
    fn recordings_with_plain_headers_are_read() {
        let line = r#"{"case":"c","transport":"http","step":0,"input_sha256":"","status":200,"headers":{"allow":"GET, HEAD"},"body":""}"#;
        let read: Entry = serde_json::from_str(line).expect("it is an entry");
        let step = read.step().expect("it is a step");
        assert_eq!(step.headers["allow"], [b"GET, HEAD"]);
        assert!(step.trailers.is_empty());
    }
}
