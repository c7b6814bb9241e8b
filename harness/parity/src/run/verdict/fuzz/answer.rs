//! Answers that are known part by part, and changes to one of their parts.

use std::collections::BTreeMap;

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use super::value::{Policy, Value};
use crate::observation::{Failure, Headers, ScriptUse, Step, UpstreamRequest};

/// What the body of an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Bytes,
    Ignored,
    Vectors,
    Ranking,
    /// Samples in the text format.
    Series,
}

/// How answers are generated and what counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) form: Form,
    pub(super) policy: Policy,
    pub(super) files_are_bytes: bool,
}

/// A body or a file.
#[derive(Debug, Clone)]
enum Content {
    Json(Value),
    /// Lines of JSON, and whether the last one has its newline.
    Lines(Vec<Value>, bool),
    Bytes(Vec<u8>),
    /// Names and values.
    Series(Vec<(String, i32)>),
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// All parts but body and files.
    pub(super) step: Step,
    body: Content,
    files: BTreeMap<String, Content>,
}

const HEADERS: &[&str] = &["content-type", "allow", "etag"];
const HEADER_VALUES: &[&[u8]] = &[
    b"",
    b"a",
    b"b",
    b"a, b",
    b"b, a",
    b"a ",
    b"\xff",
    b"\xfe",
    b"\xef\xbf\xbd",
    b"\\xff",
    b"b\"\\xff\"",
];
const BYTES: &[&[u8]] = &[
    b"a",
    b"b",
    b"\n",
    b" ",
    b"\r",
    b"\0",
    b"\xff",
    b"\xfe",
    b"\xef\xbf\xbd",
    b"{}",
];
/// Bodies of requests, as a client may send them.
const REQUEST_BODIES: &[&[u8]] = &[
    b"",
    b"\"\"",
    b"hello",
    b"\"hello\"",
    b"\xff",
    b"\xfe",
    b"\xef\xbf\xbd",
    b"{}",
    b"[]",
    b"1",
    b"{\"a\":1}",
];

impl Content {
    fn json(rules: Rules, random: &mut ChaCha8Rng) -> Content {
        let levels = random.random_range(0..5);
        Content::Json(Value::random(levels, rules.policy, random))
    }

    fn bytes(random: &mut ChaCha8Rng) -> Content {
        let count = random.random_range(0..5);
        let pieces = (0..count).filter_map(|_| BYTES.choose(random).copied());
        Content::Bytes(pieces.flatten().copied().collect())
    }

    fn body(rules: Rules, random: &mut ChaCha8Rng) -> Content {
        // Values that no other piece of a text has.
        let key = |name: &'static str, value: u8| vec![(name, value)];
        match rules.form {
            Form::Json => Content::json(rules, random),
            Form::Bytes | Form::Ignored => match Content::bytes(random) {
                // An empty answer cannot be judged.
                Content::Bytes(bytes) => Content::Bytes([b"x", bytes.as_slice()].concat()),
                other => other,
            },
            Form::Vectors => {
                let mut vector = |_| {
                    let length = random.random_range(1..5);
                    Value::Vector((0..length).map(|_| random.random_range(1..10)).collect())
                };
                let vectors = (0..2).map(&mut vector).collect();
                let rest = Value::random(2, rules.policy, random);
                Content::Json(Value::Object(vec![
                    (key("vectors", 100), Value::Array(vectors)),
                    (key("rest", 102), rest),
                ]))
            }
            Form::Ranking => {
                let count = random.random_range(1..5);
                let hit = |at: i32| {
                    let more = Value::random(1, rules.policy, random);
                    Value::Hit(format!("id{at}"), 100 - 10 * at, Box::new(more))
                };
                let hits = (0..count).map(hit).collect();
                let rest = Value::random(2, rules.policy, random);
                Content::Json(Value::Object(vec![
                    (key("hits", 101), Value::Array(hits)),
                    (key("rest", 102), rest),
                ]))
            }
            Form::Series => {
                let count = random.random_range(1..5);
                let sample = |at: i32| {
                    let value = random.random_range(-3..100);
                    (format!("m{{at=\"{}\"}}", at / 2), value)
                };
                Content::Series((0..count).map(sample).collect())
            }
        }
    }

    fn file(rules: Rules, random: &mut ChaCha8Rng) -> Content {
        if rules.files_are_bytes {
            return Content::bytes(random);
        }
        let count = random.random_range(0..4);
        let lines = (0..count).map(|_| Value::random(2, rules.policy, random));
        Content::Lines(lines.collect(), random.random())
    }

    fn write(&self) -> Vec<u8> {
        let mut out = String::new();
        match self {
            Content::Json(value) => value.write(&mut out),
            Content::Lines(lines, complete) => {
                for (index, line) in lines.iter().enumerate() {
                    if index > 0 {
                        out.push('\n');
                    }
                    line.write(&mut out);
                }
                if *complete {
                    out.push('\n');
                }
            }
            Content::Bytes(bytes) => return bytes.clone(),
            Content::Series(samples) => {
                for (name, value) in samples {
                    out.push_str(&format!("{name} {value}\n"));
                }
            }
        }
        out.into_bytes()
    }

    fn change(&mut self, policy: Policy, random: &mut ChaCha8Rng) -> Option<&'static str> {
        match self {
            Content::Json(value) => value.change(policy, random),
            Content::Lines(lines, complete) => change_lines(lines, complete, policy, random),
            Content::Bytes(bytes) => change_bytes(bytes, random),
            Content::Series(samples) => change_series(samples, random),
        }
    }

    fn respell(&mut self, policy: Policy, random: &mut ChaCha8Rng) {
        // Nesting beyond the limit is compared as bytes.
        let respell = |value: &mut Value, random: &mut ChaCha8Rng| {
            if value.depth() <= policy.max_depth {
                value.respell(policy, random);
            }
        };
        match self {
            Content::Json(value) => respell(value, random),
            Content::Lines(lines, _) => lines.iter_mut().for_each(|line| respell(line, random)),
            Content::Bytes(_) | Content::Series(_) => {}
        }
    }
}

fn change_lines(
    lines: &mut Vec<Value>,
    complete: &mut bool,
    policy: Policy,
    random: &mut ChaCha8Rng,
) -> Option<&'static str> {
    let kind = random.random_range(0..4);
    if kind == 0 || lines.is_empty() {
        *complete = !*complete;
        return Some("newline at the end");
    }
    let at = random.random_range(0..lines.len());
    match kind {
        1 => {
            let again = lines[at].clone();
            lines.insert(at, again);
            Some("line doubled")
        }
        2 if lines.len() > 1 => {
            lines.remove(at);
            Some("line removed")
        }
        _ => lines[at].change(policy, random),
    }
}

fn change_bytes(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) -> Option<&'static str> {
    if bytes.is_empty() || random.random() {
        let at = random.random_range(0..=bytes.len());
        bytes.splice(at..at, BYTES.choose(random)?.iter().copied());
        return Some("bytes added");
    }
    let at = random.random_range(0..bytes.len());
    if random.random() {
        bytes[at] ^= 1 << random.random_range(0..8);
        Some("bit")
    } else {
        bytes.remove(at);
        Some("byte removed")
    }
}

fn change_series(
    samples: &mut Vec<(String, i32)>,
    random: &mut ChaCha8Rng,
) -> Option<&'static str> {
    let at = random.random_range(0..samples.len());
    match random.random_range(0..4) {
        0 => {
            let value = &mut samples[at].1;
            *value = if *value == 0 { 1 } else { *value * 2 };
            Some("metric")
        }
        1 => {
            samples[at].0.insert(0, 'x');
            Some("series renamed")
        }
        2 => {
            let again = samples[at].clone();
            samples.push(again);
            Some("series doubled")
        }
        _ if samples.len() > 1 => {
            samples.remove(at);
            Some("series removed")
        }
        _ => None,
    }
}

impl Answer {
    pub(super) fn random(rules: Rules, random: &mut ChaCha8Rng) -> Answer {
        let mut step = Step {
            status: *[None, Some(200), Some(404)].choose(random).unwrap_or(&None),
            ..Step::default()
        };
        if step.status.is_none() && random.random() {
            step.exit = Some(random.random_range(0..2));
        }
        for headers in [&mut step.headers, &mut step.trailers] {
            for name in HEADERS {
                let count = random.random_range(0..3);
                let values = (0..count).filter_map(|_| HEADER_VALUES.choose(random));
                let values: Vec<Vec<u8>> = values.map(|value| value.to_vec()).collect();
                if !values.is_empty() {
                    headers.insert((*name).to_owned(), values);
                }
            }
        }
        if random.random_ratio(1, 4) {
            let count = random.random_range(0..3);
            step.upstream = Some((0..count).map(|_| request(random)).collect());
            step.script = Some(ScriptUse {
                unused: random.random_range(0..2),
                beyond: random.random_range(0..2),
            });
        }
        if rules.form == Form::Ignored {
            step.status = step.status.or(Some(200));
            step.exit = None;
        }
        let mut files = BTreeMap::new();
        for name in ["a", "b"] {
            if random.random_ratio(1, 4) {
                files.insert(name.to_owned(), Content::file(rules, random));
            }
        }
        Answer {
            step,
            body: Content::body(rules, random),
            files,
        }
    }

    pub(super) fn step(&self) -> Step {
        Step {
            body: self.body.write(),
            files: self
                .files
                .iter()
                .map(|(name, content)| (name.clone(), content.write()))
                .collect(),
            ..self.step.clone()
        }
    }

    /// Changes one place, which the rules compare. Returns its part and the kind of change; none if
    /// the change was impossible.
    pub(super) fn change(
        &mut self,
        rules: Rules,
        random: &mut ChaCha8Rng,
    ) -> Option<(&'static str, &'static str)> {
        let step = &mut self.step;
        match random.random_range(0..16) {
            0 => {
                let status = *[None, Some(200), Some(201), Some(404), Some(500)].choose(random)?;
                let is_new = std::mem::replace(&mut step.status, status) != status;
                is_new.then_some(("status", "value"))
            }
            1 => {
                let exit = *[None, Some(0), Some(1), Some(-1)].choose(random)?;
                let is_new = std::mem::replace(&mut step.exit, exit) != exit;
                is_new.then_some(("exit", "value"))
            }
            2 => {
                step.failure = Some(Failure::NoAnswer {
                    what: "changed".to_owned(),
                });
                Some(("failure", "added"))
            }
            3 => {
                let script = step.script.as_mut()?;
                *if random.random() {
                    &mut script.unused
                } else {
                    &mut script.beyond
                } += 1;
                Some(("script", "count"))
            }
            4 => Some(("header", change_header(&mut step.headers, random)?)),
            5 => Some(("trailer", change_header(&mut step.trailers, random)?)),
            6 | 7 => Some(("upstream", change_upstream(step, random)?)),
            8 | 9 => {
                let names = ["a", "b", "c"];
                let name = *names.choose(random)?;
                if random.random_ratio(1, 3) {
                    let is_removed = self.files.remove(name).is_some();
                    if !is_removed {
                        self.files
                            .insert(name.to_owned(), Content::file(rules, random));
                    }
                    return Some(("file", if is_removed { "removed" } else { "added" }));
                }
                let content = self.files.get_mut(name)?;
                Some(("file", content.change(rules.policy, random)?))
            }
            _ if rules.form == Form::Ignored => None,
            _ => Some(("body", self.body.change(rules.policy, random)?)),
        }
    }

    /// Spells the answer in another way, which the rules do not distinguish.
    pub(super) fn respell(&mut self, rules: Rules, random: &mut ChaCha8Rng) {
        let contents = std::iter::once(&mut self.body).chain(self.files.values_mut());
        contents.for_each(|content| content.respell(rules.policy, random));
    }
}

fn change_header(headers: &mut Headers, random: &mut ChaCha8Rng) -> Option<&'static str> {
    let name = *HEADERS.choose(random)?;
    let new = HEADER_VALUES.choose(random)?.to_vec();
    let Some(values) = headers.get_mut(name) else {
        headers.insert(name.to_owned(), vec![new]);
        return Some("added");
    };
    let at = random.random_range(0..values.len());
    match random.random_range(0..4) {
        0 => headers.remove(name).map(|_| "removed"),
        1 => {
            values.insert(at, new);
            Some("value added")
        }
        2 => {
            let next = values.get(at + 1)?;
            let is_new = values[at] != *next;
            values.swap(at, at + 1);
            is_new.then_some("values swapped")
        }
        _ => {
            let old = std::mem::replace(&mut values[at], new.clone());
            (old != new).then_some("value")
        }
    }
}

fn request(random: &mut ChaCha8Rng) -> UpstreamRequest {
    let body = REQUEST_BODIES.choose(random).copied().unwrap_or_default();
    UpstreamRequest {
        method: "POST".to_owned(),
        path: format!("/{}", random.random_range(0..3)),
        body: body.to_vec(),
    }
}

fn change_upstream(step: &mut Step, random: &mut ChaCha8Rng) -> Option<&'static str> {
    let requests = step.upstream.as_mut()?;
    if requests.is_empty() {
        requests.push(request(random));
        return Some("request added");
    }
    let at = random.random_range(0..requests.len());
    match random.random_range(0..5) {
        0 => {
            requests.remove(at);
            Some("request removed")
        }
        1 => {
            let again = requests[at].clone();
            requests.insert(at, again);
            Some("request doubled")
        }
        2 => {
            requests[at].method.push('X');
            Some("method")
        }
        3 => {
            requests[at].path.push_str("?x");
            Some("path")
        }
        _ => {
            let body = REQUEST_BODIES.choose(random)?.to_vec();
            let is_new = std::mem::replace(&mut requests[at].body, body.clone()) != body;
            is_new.then_some("request body")
        }
    }
}
