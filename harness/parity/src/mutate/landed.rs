//! Where two texts differ, told without the comparators: the mutator's own proof.
//!
//! Everything counts in here that can be seen in the text at all: lexemes, escapes, key order. So
//! damage that did nothing, or more than it says, is found even when the comparison is blind.

use std::collections::BTreeMap;

use crate::json::{Document, NodeId, Path, Text, Value};
use crate::observation::{Observation, Step};

/// The paths at which two documents differ; an array of another length differs as a whole.
pub(super) fn places(left: &Document, right: &Document) -> Vec<Path> {
    let mut found = Vec::new();
    let mut todo = vec![(Document::ROOT, Document::ROOT)];
    while let Some((l, r)) = todo.pop() {
        match (left.value(l), right.value(r)) {
            (Value::Null, Value::Null) => {}
            (Value::Bool(a), Value::Bool(b)) if a == b => {}
            (Value::Number(a), Value::Number(b)) if a == b => {}
            (Value::String(a), Value::String(b)) if a.raw == b.raw => {}
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                todo.extend(a.iter().copied().zip(b.iter().copied()));
            }
            (Value::Object(a), Value::Object(b)) => {
                let key_lists_differ = members(left, right, a, b, &mut found, &mut todo);
                if key_lists_differ {
                    found.push(left.path(l));
                }
            }
            _ => found.push(left.path(l)),
        }
    }
    found
}

/// Puts pairs of members on the list and tells those that only one side has; whether the keys
/// that both have stand in another order.
fn members(
    left: &Document,
    right: &Document,
    a: &[(Text, NodeId)],
    b: &[(Text, NodeId)],
    found: &mut Vec<Path>,
    todo: &mut Vec<(NodeId, NodeId)>,
) -> bool {
    let (left_by_key, right_by_key) = (by_key(a), by_key(b));
    let none = Vec::new();
    for (key, lefts) in &left_by_key {
        let rights = right_by_key.get(key).unwrap_or(&none);
        if lefts.len() != rights.len() {
            found.push(left.path(lefts[0].1));
            continue;
        }
        for ((left_text, l), (right_text, r)) in lefts.iter().zip(rights) {
            if left_text.raw != right_text.raw {
                found.push(left.path(*l));
            }
            todo.push((*l, *r));
        }
    }
    for (key, rights) in &right_by_key {
        if !left_by_key.contains_key(key) {
            found.push(right.path(rights[0].1));
        }
    }
    // Among the keys that stand as often on both sides.
    let order = |members: &[(Text, NodeId)]| -> Vec<Vec<u8>> {
        let as_often = |key: &Text| {
            let count = |map: &ByKey| map.get(key.decoded.as_slice()).map_or(0, Vec::len);
            count(&left_by_key) == count(&right_by_key)
        };
        let both = members.iter().filter(|(key, _)| as_often(key));
        both.map(|(key, _)| key.decoded.clone()).collect()
    };
    order(a) != order(b)
}

type ByKey<'a> = BTreeMap<&'a [u8], Vec<(&'a Text, NodeId)>>;

fn by_key(members: &[(Text, NodeId)]) -> ByKey<'_> {
    let mut map = ByKey::new();
    for (key, id) in members {
        map.entry(key.decoded.as_slice())
            .or_default()
            .push((key, *id));
    }
    map
}

/// The parts that differ between two observations, byte for byte: `body`, `file:a.jsonl`, with
/// the step's number in front.
pub(super) fn parts(left: &Observation, right: &Observation) -> Vec<String> {
    let mut found = Vec::new();
    if left.steps.len() != right.steps.len() {
        found.push("steps".to_owned());
    }
    for (index, (left, right)) in left.steps.iter().zip(&right.steps).enumerate() {
        let here = step(left, right);
        found.extend(here.into_iter().map(|part| format!("{index}:{part}")));
    }
    found
}

fn step(left: &Step, right: &Step) -> Vec<String> {
    let mut found = Vec::new();
    let mut tell = |differs: bool, part: &str| {
        if differs {
            found.push(part.to_owned());
        }
    };
    tell(left.status != right.status, "status");
    tell(left.body != right.body, "body");
    tell(left.upstream != right.upstream, "upstream");
    tell(left.script != right.script, "script");
    tell(left.exit != right.exit, "exit");
    tell(left.failure != right.failure, "failure");
    for name in left.headers.keys().chain(right.headers.keys()) {
        if left.headers.get(name) != right.headers.get(name) {
            found.push(format!("header:{name}"));
        }
    }
    for name in left.files.keys().chain(right.files.keys()) {
        if left.files.get(name) != right.files.get(name) {
            found.push(format!("file:{name}"));
        }
    }
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::{parts, places};
    use crate::json::parse;
    use crate::observation::{Observation, Step};

    fn found(left: &str, right: &str) -> Vec<String> {
        let read = |text: &str| parse(text.as_bytes()).expect("it is JSON");
        let places = places(&read(left), &read(right));
        let mut texts: Vec<String> = places.iter().map(ToString::to_string).collect();
        texts.sort();
        texts
    }

    #[test]
    fn everything_that_can_be_seen_counts() {
        for (left, right, expected) in [
            ("{\"a\":1}", "{\"a\":1}", vec![]),
            ("{\"a\":1}", "{\"a\": 1} ", vec![]),
            ("{\"a\":1}", "{\"a\":1.0}", vec!["$.a"]),
            ("{\"a\":\"e\"}", "{\"a\":\"\\u0065\"}", vec!["$.a"]),
            ("{\"a\":1}", "{\"\\u0061\":1}", vec!["$.a"]),
            ("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", vec!["$"]),
            ("{\"a\":1,\"b\":2}", "{\"b\":2}", vec!["$.a"]),
            ("{\"a\":1}", "{\"a\":1,\"b\":2}", vec!["$.b"]),
            ("{\"a\":1}", "{\"a_\":1}", vec!["$.a", "$.a_"]),
            ("{\"a\":1,\"a\":2}", "{\"a\":2}", vec!["$.a"]),
            ("[1,[2,3]]", "[1,[3,2]]", vec!["$[1][0]", "$[1][1]"]),
            ("[1,[2,3]]", "[1,[2]]", vec!["$[1]"]),
            ("[{}]", "[null]", vec!["$[0]"]),
        ] {
            assert_eq!(found(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn parts_are_told_apart() {
        let base = Step {
            status: Some(200),
            body: b"x".to_vec(),
            ..Step::default()
        };
        let changed = Step {
            body: b"y".to_vec(),
            files: [("a".to_owned(), Vec::new())].into(),
            ..base.clone()
        };
        let (base, changed) = (Observation::single(base), Observation::single(changed));
        assert!(parts(&base, &base).is_empty());
        assert_eq!(parts(&base, &changed), ["0:body", "0:file:a"]);
        assert_eq!(parts(&base, &Observation::default()), ["steps"]);
    }
}
