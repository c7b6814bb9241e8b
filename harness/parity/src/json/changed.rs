//! The places at which two documents differ, including lexemes, escapes and key order.
//!
//! `--mutate` checks its own damage with this, so it shares no code with the comparators.

use std::collections::BTreeMap;

use super::{Document, NodeId, Path, Text, Value};

/// The paths at which two documents differ. Arrays of different lengths differ as a whole.
#[must_use]
pub fn changed_paths(left: &Document, right: &Document) -> Vec<Path> {
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

/// Adds the members of both sides to `todo`, and those of one side to `found`. Returns whether the
/// keys of both sides are in another order.
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
    // Only keys that occur equally often on both sides.
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

#[cfg(test)]
mod tests {
    use super::changed_paths;
    use crate::json::parse;

    fn found(left: &str, right: &str) -> Vec<String> {
        let read = |text: &str| parse(text.as_bytes()).expect("it is JSON");
        let paths = changed_paths(&read(left), &read(right));
        let mut texts: Vec<String> = paths.iter().map(ToString::to_string).collect();
        texts.sort();
        texts
    }

    #[test]
    fn every_visible_change_is_found() {
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
}
