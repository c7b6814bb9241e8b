//! Compares two observations and lists what differs.
//!
//! An observation is first [`Prepared`]: read by the probe's comparators, its normalisers applied.
//! Two prepared observations are then compared part by part.

pub mod guard;

mod prepare;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub(crate) use prepare::upstream_json;
pub use prepare::{Prepared, PreparedStep, prepare};

use crate::comparators::json::JsonBody;
use crate::comparators::{Body, Compare, bytes, files, json, nothing, one_sided, plain, text};
use crate::difference::{Difference, DifferenceKind, Side};
use crate::observation::Headers;

/// All differences, in the order of the parts. With `sequence`, every path begins with `step[N]:`.
#[must_use]
pub fn compare(
    left: &Prepared,
    right: &Prepared,
    policy: &Compare,
    sequence: bool,
) -> Vec<Difference> {
    let mut all = Vec::new();
    let count = left.steps.len().max(right.steps.len());
    for index in 0..count {
        let mut found = match (left.steps.get(index), right.steps.get(index)) {
            (Some(left), Some(right)) => step(left, right, policy),
            (one, other) => {
                let side = |step: Option<_>| match step {
                    Some(_) => plain("an answer"),
                    None => nothing(),
                };
                vec![Difference {
                    path: "failure".to_owned(),
                    kind: DifferenceKind::Failure,
                    left: side(one),
                    right: side(other),
                }]
            }
        };
        if sequence {
            for difference in &mut found {
                difference.path = format!("step[{index}]:{}", difference.path);
            }
        }
        all.append(&mut found);
    }
    all
}

fn step(left: &PreparedStep, right: &PreparedStep, policy: &Compare) -> Vec<Difference> {
    if left.failure != right.failure {
        let side = |failure: &Option<String>| plain(failure.as_deref().unwrap_or("an answer"));
        return vec![Difference {
            path: "failure".to_owned(),
            kind: DifferenceKind::Failure,
            left: side(&left.failure),
            right: side(&right.failure),
        }];
    }
    let mut out = Vec::new();
    let status = DifferenceKind::Status;
    scalar(&mut out, "status", status, left.status, right.status);
    headers(&mut out, "header", &left.headers, &right.headers);
    body(&mut out, &left.body, &right.body, policy);
    headers(&mut out, "trailer", &left.trailers, &right.trailers);
    files::compare(&mut out, &left.files, &right.files, policy.json);
    let both = (&left.upstream, &right.upstream);
    document(&mut out, "upstream", both, policy);
    let both = (&left.script, &right.script);
    document(&mut out, "script", both, policy);
    scalar(
        &mut out,
        "exit",
        DifferenceKind::Exit,
        left.exit,
        right.exit,
    );
    out
}

fn scalar<T: PartialEq + ToString>(
    out: &mut Vec<Difference>,
    path: &str,
    kind: DifferenceKind,
    left: Option<T>,
    right: Option<T>,
) {
    if left == right {
        return;
    }
    let side = |value: Option<T>| match value {
        Some(value) => plain(&value.to_string()),
        None => nothing(),
    };
    out.push(Difference {
        path: path.to_owned(),
        kind,
        left: side(left),
        right: side(right),
    });
}

/// Compares headers or trailers; `part` says which.
fn headers(out: &mut Vec<Difference>, part: &str, left: &Headers, right: &Headers) {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let (left, right) = (left.get(name), right.get(name));
        if left == right {
            continue;
        }
        out.push(Difference {
            path: format!("{part}:{name}"),
            kind: DifferenceKind::Header,
            left: values(left),
            right: values(right),
        });
    }
}

/// A side of the values of a header. A value that is not UTF-8 begins with `b`, several are a list.
fn values(values: Option<&Vec<Vec<u8>>>) -> Side {
    let one = |value: &Vec<u8>| match std::str::from_utf8(value) {
        Ok(value) => format!("{value:?}"),
        Err(_) => format!("b\"{}\"", value.escape_ascii()),
    };
    match values.map(Vec::as_slice) {
        None => nothing(),
        Some([value]) => match std::str::from_utf8(value) {
            Ok(value) => text(value),
            Err(_) => plain(&one(value)),
        },
        Some(many) => {
            let many: Vec<String> = many.iter().map(one).collect();
            plain(&format!("[{}]", many.join(", ")))
        }
    }
}

fn body(out: &mut Vec<Difference>, left: &Body, right: &Body, policy: &Compare) {
    let comparator = &policy.body;
    match (left, right) {
        (Body::Ignored, _) | (_, Body::Ignored) => {}
        (Body::Json(left), Body::Json(right)) => {
            json::compare(out, "body:", left, right, policy.json, comparator.rules());
        }
        (Body::Json(json), other) if other.is_empty() => {
            out.push(one_sided("body", true, json.side(policy.json)));
        }
        (other, Body::Json(json)) if other.is_empty() => {
            out.push(one_sided("body", false, json.side(policy.json)));
        }
        (left, right) => {
            let is_one_empty = left.is_empty() != right.is_empty();
            let [left, right] = [left, right].map(|body| body.bytes(policy.json));
            match is_one_empty {
                // A format of the comparator's own could read nothing as something without values.
                true => bytes::compare(out, "body", &left, &right),
                false => comparator.compare(out, &left, &right),
            }
        }
    }
}

/// Compares a part that the harness writes as JSON, if it is present.
fn document(
    out: &mut Vec<Difference>,
    part: &str,
    both: (&Option<JsonBody>, &Option<JsonBody>),
    policy: &Compare,
) {
    match both {
        (Some(left), Some(right)) => {
            let prefix = format!("{part}:");
            json::compare(out, &prefix, left, right, policy.json, &[]);
        }
        (Some(left), None) => out.push(one_sided(part, true, left.side(policy.json))),
        (None, Some(right)) => out.push(one_sided(part, false, right.side(policy.json))),
        (None, None) => {}
    }
}
