//! Compares two observations and lists what differs.
//!
//! An observation is first [`Prepared`]: read as the probe says, its normalisers applied. Two
//! prepared observations are then walked part by part.

mod bytes;
mod files;
pub mod guard;
mod metrics;
mod prepare;
mod ranking;
mod shape;
mod tree;
mod vector;

use std::collections::BTreeMap;

pub(crate) use prepare::upstream_json;
pub use prepare::{Body, FileContent, Line, Prepared, PreparedStep, prepare};

use crate::config::probe::Compare;
use crate::difference::{Difference, DifferenceKind, Side};

/// All differences, in the order of the parts. `sequence` puts `step[N]:` before every path.
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
            (one, _) => vec![Difference {
                path: "failure".to_owned(),
                kind: DifferenceKind::Failure,
                left: shape::plain(if one.is_some() {
                    "an answer"
                } else {
                    "nothing"
                }),
                right: shape::plain(if one.is_some() {
                    "nothing"
                } else {
                    "an answer"
                }),
            }],
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
    let mut out = Vec::new();
    if left.failure != right.failure {
        let side = |failure: &Option<String>| match failure {
            Some(failure) => shape::plain(failure),
            None => shape::plain("an answer"),
        };
        out.push(Difference {
            path: "failure".to_owned(),
            kind: DifferenceKind::Failure,
            left: side(&left.failure),
            right: side(&right.failure),
        });
        return out;
    }
    scalar(
        &mut out,
        "status",
        DifferenceKind::Status,
        left.status,
        right.status,
    );
    headers(&mut out, &left.headers, &right.headers);
    body(&mut out, &left.body, &right.body, policy);
    files::compare(&mut out, &left.files, &right.files, policy);
    match (&left.upstream, &right.upstream) {
        (Some(left), Some(right)) => tree::compare(&mut out, "upstream:", left, right, policy),
        (None, None) => {}
        (one, _) => out.push(one_sided(
            "upstream",
            one.is_some(),
            shape::plain("requests"),
        )),
    }
    match (&left.script, &right.script) {
        (Some(left), Some(right)) => tree::compare(&mut out, "script:", left, right, policy),
        (None, None) => {}
        (one, _) => out.push(one_sided("script", one.is_some(), shape::plain("a script"))),
    }
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
        Some(value) => shape::plain(&value.to_string()),
        None => shape::nothing(),
    };
    out.push(Difference {
        path: path.to_owned(),
        kind,
        left: side(left),
        right: side(right),
    });
}

fn headers(
    out: &mut Vec<Difference>,
    left: &BTreeMap<String, String>,
    right: &BTreeMap<String, String>,
) {
    let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let (left, right) = (left.get(name), right.get(name));
        if left == right {
            continue;
        }
        let side = |value: Option<&String>| value.map_or_else(shape::nothing, |v| shape::text(v));
        out.push(Difference {
            path: format!("header:{name}"),
            kind: DifferenceKind::Header,
            left: side(left),
            right: side(right),
        });
    }
}

fn body(out: &mut Vec<Difference>, left: &Body, right: &Body, policy: &Compare) {
    match (left, right) {
        (Body::Ignored, _) | (_, Body::Ignored) => {}
        (Body::Json(left), Body::Json(right)) => tree::compare(out, "body:", left, right, policy),
        (Body::Metrics(left), Body::Metrics(right)) => {
            metrics::compare(out, left, right, policy.tolerance);
        }
        (left, right) => bytes::compare(out, "body", left.as_bytes(), right.as_bytes()),
    }
}

/// A part that only one side has.
fn one_sided(path: &str, on_left: bool, side: Side) -> Difference {
    let (kind, left, right) = if on_left {
        (DifferenceKind::Missing, side, shape::nothing())
    } else {
        (DifferenceKind::Extra, shape::nothing(), side)
    };
    Difference {
        path: path.to_owned(),
        kind,
        left,
        right,
    }
}

#[cfg(test)]
mod tests;
