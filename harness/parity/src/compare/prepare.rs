//! Observations read as the probe says, with the normalisers applied.

use std::collections::BTreeMap;

use super::metrics;
use crate::config::Probe;
use crate::config::probe;
use crate::json::{Document, Value, parse};
use crate::normalise::{self, Hit, Normaliser, Part};
use crate::observation::{Observation, Step, UpstreamRequest};

/// An observation ready to be compared.
#[derive(Debug)]
pub struct Prepared {
    /// Its steps.
    pub steps: Vec<PreparedStep>,
    /// What the normalisers matched, over all steps.
    pub hits: Vec<Hit>,
}

/// One step ready to be compared.
#[derive(Debug)]
pub struct PreparedStep {
    pub(super) status: Option<u16>,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Body,
    pub(super) files: BTreeMap<String, FileContent>,
    pub(super) upstream: Option<Document>,
    pub(super) script: Option<Document>,
    pub(super) exit: Option<i32>,
    pub(super) failure: Option<String>,
}

/// A body as the comparator wants it.
#[derive(Debug)]
pub enum Body {
    /// It does not count.
    Ignored,
    /// As bytes, because the comparator says so.
    Bytes(Vec<u8>),
    /// As JSON.
    Json(Document),
    /// As metrics.
    Metrics(BTreeMap<String, String>),
    /// Not what the comparator needs, and why.
    Malformed(Vec<u8>, String),
}

impl Body {
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Body::Bytes(bytes) | Body::Malformed(bytes, _) => bytes,
            Body::Ignored | Body::Json(_) | Body::Metrics(_) => b"",
        }
    }
}

/// A file as the comparator wants it.
#[derive(Debug)]
pub enum FileContent {
    /// As bytes.
    Bytes(Vec<u8>),
    /// As lines.
    Lines {
        /// Without their newlines.
        lines: Vec<Line>,
        /// Whether the last one has its newline; true for an empty file.
        complete: bool,
    },
}

/// One line of a file.
#[derive(Debug)]
pub enum Line {
    /// It is JSON.
    Json(Document),
    /// It is not, and why.
    Malformed(Vec<u8>, String),
}

impl Line {
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Line::Json(document) => document.show(Document::ROOT, 2_000).into_bytes(),
            Line::Malformed(bytes, _) => bytes.clone(),
        }
    }
}

impl FileContent {
    pub(super) fn lines(&self) -> &[Line] {
        match self {
            FileContent::Bytes(_) => &[],
            FileContent::Lines { lines, .. } => lines,
        }
    }

    pub(super) fn ends_with_newline(&self) -> bool {
        match self {
            FileContent::Bytes(_) => true,
            FileContent::Lines { complete, .. } => *complete,
        }
    }

    pub(super) fn describe(&self) -> String {
        let (count, what) = match self {
            FileContent::Bytes(bytes) => (bytes.len(), "byte"),
            FileContent::Lines { lines, .. } => (lines.len(), "line"),
        };
        format!("{count} {what}{}", if count == 1 { "" } else { "s" })
    }
}

/// Prepares an observation, leaving out the normaliser of index `without`.
#[must_use]
pub fn prepare(observation: &Observation, probe: &Probe, without: Option<usize>) -> Prepared {
    let mut hits = Vec::new();
    let normalisers: Vec<(usize, &Normaliser)> = probe
        .normalisers
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != without)
        .collect();
    let steps = observation
        .steps
        .iter()
        .map(|step| prepare_step(step, probe, &normalisers, &mut hits))
        .collect();
    Prepared { steps, hits }
}

fn prepare_step(
    step: &Step,
    probe: &Probe,
    normalisers: &[(usize, &Normaliser)],
    hits: &mut Vec<Hit>,
) -> PreparedStep {
    let of = |part: &Part| -> Vec<(usize, &Normaliser)> {
        let here = normalisers.iter().filter(|(_, n)| n.part == *part);
        here.copied().collect()
    };
    let mut headers = BTreeMap::new();
    for (name, value) in &step.headers {
        let here = of(&Part::Header(name.clone()));
        if let Some(value) = normalise::header(name, value, &here, hits) {
            headers.insert(name.clone(), value);
        }
    }
    let body = body(step, probe, &of(&Part::Body), hits);
    let files = step
        .files
        .iter()
        .map(|(name, content)| {
            (
                name.clone(),
                file(name, content, probe, &of(&Part::File), hits),
            )
        })
        .collect();
    let upstream = step.upstream.as_ref().and_then(|requests| {
        let mut document = parse(&upstream_json(requests)).ok()?;
        normalise::document(&mut document, "upstream:", &of(&Part::Upstream), hits);
        Some(document)
    });
    let script = step.script.as_ref().and_then(|script| {
        let json = serde_json::to_vec(script).ok()?;
        parse(&json).ok()
    });
    PreparedStep {
        status: step.status,
        headers,
        body,
        files,
        upstream,
        script,
        exit: step.exit,
        failure: step
            .failure
            .as_ref()
            .map(|failure| failure.name().to_owned()),
    }
}

fn body(
    step: &Step,
    probe: &Probe,
    normalisers: &[(usize, &Normaliser)],
    hits: &mut Vec<Hit>,
) -> Body {
    let compare = &probe.compare;
    let as_json = |hits: &mut Vec<Hit>| match parse(&step.body) {
        Ok(mut document) => {
            normalise::document(&mut document, "body:", normalisers, hits);
            for query in &compare.vectors_at {
                for id in query.select(&document) {
                    if let Some(numbers) = document.numbers(id) {
                        document.replace(id, Value::Vector(numbers));
                    }
                }
            }
            let rules = compare.rankings.iter().enumerate();
            let lists: Vec<_> = rules
                .flat_map(|(index, rule)| rule.lists(index, &document))
                .collect();
            for rule in &compare.rankings {
                for id in rule.near(&document) {
                    if let Value::Number(lexeme) = document.value(id) {
                        let near = Value::Near {
                            lexeme: lexeme.clone(),
                            tolerance: rule.tolerance,
                        };
                        document.replace(id, near);
                    }
                }
            }
            for (id, ranked) in lists {
                document.replace(id, Value::Ranking(ranked));
            }
            Body::Json(document)
        }
        Err(error) => Body::Malformed(step.body.clone(), format!("the body is not JSON: {error}")),
    };
    match compare.body {
        probe::Body::Status => Body::Ignored,
        probe::Body::Bytes => Body::Bytes(step.body.clone()),
        probe::Body::Json | probe::Body::Vectors | probe::Body::Ranking => as_json(hits),
        probe::Body::Metrics => match as_json(hits) {
            Body::Json(document) => Body::Json(document),
            _ => match metrics::read(&step.body) {
                Some(series) => Body::Metrics(series),
                None => Body::Malformed(step.body.clone(), "the body is not metrics".to_owned()),
            },
        },
    }
}

fn file(
    name: &str,
    content: &[u8],
    probe: &Probe,
    normalisers: &[(usize, &Normaliser)],
    hits: &mut Vec<Hit>,
) -> FileContent {
    if !probe.compare.files_as_jsonl {
        return FileContent::Bytes(content.to_vec());
    }
    let complete = content.is_empty() || content.ends_with(b"\n");
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    let raw_lines: Vec<&[u8]> = if content.is_empty() {
        Vec::new()
    } else {
        content.split(|byte| *byte == b'\n').collect()
    };
    let lines = raw_lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| match parse(line) {
            Ok(mut document) => {
                let prefix = format!("file:{name}:{index}:");
                normalise::document(&mut document, &prefix, normalisers, hits);
                Line::Json(document)
            }
            Err(error) => Line::Malformed(
                line.to_vec(),
                format!("line {} of `{name}` is not JSON: {error}", index + 1),
            ),
        })
        .collect();
    FileContent::Lines { lines, complete }
}

/// The requests as a JSON list; a body that is not JSON becomes a string, or base64.
pub(crate) fn upstream_json(requests: &[UpstreamRequest]) -> Vec<u8> {
    let text = |text: &str| serde_json::to_vec(text).unwrap_or_default();
    let mut out = b"[".to_vec();
    for (index, request) in requests.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend(b"{\"method\":");
        out.extend(text(&request.method));
        out.extend(b",\"path\":");
        out.extend(text(&request.path));
        out.extend(b",\"body\":");
        if parse(&request.body).is_ok() {
            out.extend(&request.body);
        } else {
            out.extend(text(&String::from_utf8_lossy(&request.body)));
        }
        out.push(b'}');
    }
    out.push(b']');
    out
}
