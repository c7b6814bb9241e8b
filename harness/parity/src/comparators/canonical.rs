//! JSON values as bytes that are equal if and only if the policy finds the values equal.

use super::policy::JsonPolicy;
use crate::json::{Decimal, NodeId, Text, Tree, Value};

/// A value as JSON, spelled in one way where the policy does not distinguish spellings. Removed
/// values are absent, and replaced ones are their replacement.
pub(super) fn canonical(tree: &dyn Tree, id: NodeId, policy: JsonPolicy) -> Vec<u8> {
    enum Piece {
        Node(NodeId),
        Bytes(Vec<u8>),
    }
    let mut out = Vec::new();
    let mut pieces = vec![Piece::Node(id)];
    while let Some(piece) = pieces.pop() {
        let id = match piece {
            Piece::Node(id) => id,
            Piece::Bytes(bytes) => {
                out.extend(bytes);
                continue;
            }
        };
        let start = pieces.len();
        if let Some(elements) = tree.elements(id) {
            pieces.push(Piece::Bytes(b"[".to_vec()));
            for (index, element) in elements.into_iter().enumerate() {
                if index > 0 {
                    pieces.push(Piece::Bytes(b",".to_vec()));
                }
                pieces.push(Piece::Node(element));
            }
            pieces.push(Piece::Bytes(b"]".to_vec()));
        } else if let Some(mut members) = tree.members(id) {
            if !policy.key_order {
                members.sort_by(|(one, _), (other, _)| one.decoded.cmp(&other.decoded));
            }
            pieces.push(Piece::Bytes(b"{".to_vec()));
            for (index, (key, member)) in members.into_iter().enumerate() {
                let mut key = string(key, policy);
                if index > 0 {
                    key.insert(0, b',');
                }
                key.push(b':');
                pieces.push(Piece::Bytes(key));
                pieces.push(Piece::Node(member));
            }
            pieces.push(Piece::Bytes(b"}".to_vec()));
        } else {
            out.extend(scalar(tree, id, policy));
        }
        // The last piece is taken first.
        pieces[start..].reverse();
    }
    out
}

fn scalar(tree: &dyn Tree, id: NodeId, policy: JsonPolicy) -> Vec<u8> {
    match tree.json(id) {
        None => format!("<{}>", tree.replacement(id).unwrap_or_default()).into_bytes(),
        Some(Value::Bool(value)) => value.to_string().into_bytes(),
        Some(Value::Number(lexeme)) if policy.numbers_by_value => {
            Decimal::read(lexeme).to_string().into_bytes()
        }
        Some(Value::Number(lexeme)) => lexeme.clone().into_bytes(),
        Some(Value::String(text)) => string(text, policy),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) => b"null".to_vec(),
    }
}

/// A string in quotes: as written, or with the fewest escapes.
fn string(text: &Text, policy: JsonPolicy) -> Vec<u8> {
    let mut out = vec![b'"'];
    if policy.escapes {
        out.extend(text.raw.as_bytes());
    } else {
        for byte in &text.decoded {
            if matches!(byte, b'"' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
    }
    out.push(b'"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Document, parse};

    fn are_equal(one: &str, other: &str, policy: JsonPolicy) -> bool {
        let bytes = |json: &str| {
            let document = parse(json.as_bytes()).expect("it is JSON");
            canonical(&document, Document::ROOT, policy)
        };
        bytes(one) == bytes(other)
    }

    #[test]
    fn spellings_count_where_the_policy_says_so() {
        let loose = JsonPolicy {
            numbers_by_value: true,
            ..JsonPolicy::default()
        };
        let strict = JsonPolicy {
            key_order: true,
            numbers_by_value: false,
            escapes: true,
            ..JsonPolicy::default()
        };
        for (one, other) in [
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2],"a":1}"#),
            ("[1,-20]", "[1.0,-2e1]"),
            (r#"["é","\/"]"#, r#"["\u00e9","/"]"#),
        ] {
            assert!(are_equal(one, other, loose), "{one} {other}");
            assert!(!are_equal(one, other, strict), "{one} {other}");
        }
    }

    #[test]
    fn different_values_are_never_equal() {
        let loose = JsonPolicy {
            numbers_by_value: true,
            ..JsonPolicy::default()
        };
        for (one, other) in [
            (r#"["a\",\"b"]"#, r#"["a","b"]"#),
            (r#"["null"]"#, "[null]"),
            (r#"[["1",2]]"#, r#"[["1"],2]"#),
            (r#"{"a":{"b":1}}"#, r#"{"a":1,"b":1}"#),
            ("[12]", "[1,2]"),
            ("[10]", "[1]"),
            ("[1]", "[-1]"),
            ("[1e99999999999999999999]", "[1e99999999999999999998]"),
        ] {
            for policy in [loose, JsonPolicy::default()] {
                assert!(!are_equal(one, other, policy), "{one} {other}");
            }
        }
    }

    #[test]
    fn values_are_written_as_json() {
        let document = parse(br#"{ "b": [1, "x"], "a": {"c": null} }"#).expect("it is JSON");
        let written = canonical(&document, Document::ROOT, JsonPolicy::default());
        assert_eq!(written, br#"{"a":{"c":null},"b":[1,"x"]}"#);
    }

    #[test]
    fn deep_values_need_no_call_stack() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(are_equal(&deep, &deep, JsonPolicy::default()));
    }
}
