//! Observations read by their comparators, with the normalisers applied.

use std::collections::BTreeMap;

use crate::comparators::Body;
use crate::comparators::files::{FileContent, Line};
use crate::comparators::json::JsonBody;
use crate::comparators::policy::JsonPolicy;
use crate::config::Probe;
use crate::json::parse;
use crate::normalise::{self, Hit, Normaliser, Part};
use crate::observation::{Headers, Observation, Step, UpstreamRequest};

/// An observation ready to be compared.
#[derive(Debug)]
pub struct Prepared {
    /// Its steps.
    pub steps: Vec<PreparedStep>,
    /// The values that normalisers selected, in all steps.
    pub hits: Vec<Hit>,
    /// The greatest depth of JSON that is compared as bytes because it is beyond the policy's limit.
    pub excess_depth: Option<usize>,
}

/// One step ready to be compared.
#[derive(Debug)]
pub struct PreparedStep {
    pub(super) status: Option<u16>,
    pub(super) headers: Headers,
    pub(super) trailers: Headers,
    pub(super) body: Body,
    pub(super) files: BTreeMap<String, FileContent>,
    pub(super) upstream: Option<JsonBody>,
    pub(super) script: Option<JsonBody>,
    pub(super) exit: Option<i32>,
    pub(super) failure: Option<String>,
}

/// The normalisers of a part, with their indices in the probe.
type Normalisers<'a> = Vec<(usize, &'a Normaliser)>;

/// Prepares an observation. `without` is the index of a normaliser that is not applied.
#[must_use]
pub fn prepare(observation: &Observation, probe: &Probe, without: Option<usize>) -> Prepared {
    let mut hits = Vec::new();
    let mut all: Normalisers<'_> = probe.normalisers.iter().enumerate().collect();
    all.retain(|(index, _)| Some(*index) != without);
    let mut excess_depth = None;
    let steps = observation
        .steps
        .iter()
        .map(|step| {
            let step = prepare_step(step, probe, &all, &mut hits, &mut excess_depth);
            let lines = step.files.values().flat_map(FileContent::lines);
            let deep = lines.filter_map(|line| match line {
                Line::Deep(_, depth) => Some(*depth),
                Line::Json(_) | Line::Malformed(..) => None,
            });
            excess_depth = excess_depth.max(deep.max());
            step
        })
        .collect();
    Prepared {
        steps,
        hits,
        excess_depth,
    }
}

fn prepare_step(
    step: &Step,
    probe: &Probe,
    normalisers: &Normalisers<'_>,
    hits: &mut Vec<Hit>,
    excess_depth: &mut Option<usize>,
) -> PreparedStep {
    let policy = probe.compare.json;
    let of = |part: &Part| -> Normalisers<'_> {
        let here = normalisers.iter().filter(|(_, n)| n.part == *part);
        here.copied().collect()
    };
    let mut normalised = |headers: &Headers, part: fn(String) -> Part| {
        let mut all = Headers::new();
        for (name, values) in headers {
            let part = part(name.clone());
            let here = of(&part);
            let values = values.iter();
            let values: Vec<Vec<u8>> = values
                .filter_map(|value| normalise::header(&part, value, &here, hits))
                .collect();
            if !values.is_empty() {
                all.insert(name.clone(), values);
            }
        }
        all
    };
    let headers = normalised(&step.headers, Part::Header);
    let trailers = normalised(&step.trailers, Part::Trailer);
    let mut body = match probe.compare.body.read(&step.body) {
        // Whether an empty body is an answer depends on the status and the case.
        Body::Malformed(bytes, _) if bytes.trim_ascii().is_empty() => Body::Bytes(bytes),
        body => body,
    };
    if let Body::Json(json) = &body
        && let Some(depth) = json.excess_depth(policy)
    {
        *excess_depth = Some(depth).max(*excess_depth);
        body = Body::Bytes(step.body.clone());
    }
    if let Body::Json(json) = &mut body {
        normalise::document(&mut json.tree, "body:", &of(&Part::Body), hits);
        json.claim(probe.compare.body.rules());
    }
    let of_files = of(&Part::File);
    let mut files = BTreeMap::new();
    for (name, content) in &step.files {
        let normalise = |index: usize, line: &mut JsonBody| {
            let prefix = format!("file:{name}:{index}:");
            normalise::document(&mut line.tree, &prefix, &of_files, hits);
        };
        let content = probe.compare.files.read(name, content, policy, normalise);
        files.insert(name.clone(), content);
    }
    let upstream = step.upstream.as_ref().and_then(|requests| {
        let mut body = JsonBody::new(parse(&upstream_json(requests, policy)).ok()?);
        normalise::document(&mut body.tree, "upstream:", &of(&Part::Upstream), hits);
        Some(body)
    });
    let script = step.script.as_ref().and_then(|script| {
        let json = serde_json::to_vec(script).ok()?;
        Some(JsonBody::new(parse(&json).ok()?))
    });
    PreparedStep {
        status: step.status,
        headers,
        trailers,
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

/// The requests as a JSON list. A body that is not JSON, or is nested too deep, is a string under
/// another name, so that it differs from a body that is a JSON string.
pub(crate) fn upstream_json(requests: &[UpstreamRequest], policy: JsonPolicy) -> Vec<u8> {
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
        if parse(&request.body).is_ok_and(|body| body.depth() <= policy.max_depth) {
            out.extend(b",\"body\":");
            out.extend(&request.body);
        } else if let Ok(body) = std::str::from_utf8(&request.body) {
            out.extend(b",\"text\":");
            out.extend(text(body));
        } else {
            out.extend(b",\"bytes\":");
            out.extend(text(&hexadecimal(&request.body)));
        }
        out.push(b'}');
    }
    out.push(b']');
    out
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
