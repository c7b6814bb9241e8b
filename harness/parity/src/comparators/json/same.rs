//! Whether two values are equal under a policy, decided without the comparators.

use super::JsonBody;
use crate::comparators::Rule;
use crate::comparators::policy::JsonPolicy;
use crate::json::{Decimal, NodeId, Text, Tree as _, Value};

/// Whether a policy and its rules may accept two values as equal. Where a rule has a tolerance,
/// values near it count as equal.
pub(crate) fn same(
    left: (&JsonBody, NodeId),
    right: (&JsonBody, NodeId),
    policy: JsonPolicy,
    rules: &[Box<dyn Rule>],
) -> bool {
    let ((left, left_root), (right, right_root)) = (left, right);
    let mut todo = vec![(left_root, right_root)];
    while let Some((l, r)) = todo.pop() {
        let claim = left
            .claim_of(l)
            .filter(|rule| right.claim_of(r) == Some(*rule));
        let differs =
            claim.and_then(|rule| rules[rule].certainly_differ(left.place(l), right.place(r)));
        match differs {
            Some(true) => return false,
            Some(false) => continue,
            None => {}
        }
        let (left, right) = (left.tree.document(), right.tree.document());
        let is_equal = match (left.value(l), right.value(r)) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => {
                a == b || (policy.numbers_by_value && Decimal::read(a) == Decimal::read(b))
            }
            (Value::String(a), Value::String(b)) => {
                a.decoded == b.decoded && (!policy.escapes || a.raw == b.raw)
            }
            (Value::Array(a), Value::Array(b)) => {
                todo.extend(a.iter().copied().zip(b.iter().copied()));
                a.len() == b.len()
            }
            (Value::Object(a), Value::Object(b)) => {
                let (a, b) = (sorted(a, policy), sorted(b, policy));
                let pairs = || a.iter().zip(&b);
                todo.extend(pairs().map(|(a, b)| (a.1, b.1)));
                a.len() == b.len()
                    && pairs().all(|((a, _), (b, _))| {
                        a.decoded == b.decoded && (!policy.escapes || a.raw == b.raw)
                    })
            }
            _ => false,
        };
        if !is_equal {
            return false;
        }
    }
    true
}

fn sorted(members: &[(Text, NodeId)], policy: JsonPolicy) -> Vec<(&Text, NodeId)> {
    let mut members: Vec<_> = members.iter().map(|(key, id)| (key, *id)).collect();
    if !policy.key_order {
        members.sort_by(|(a, _), (b, _)| a.decoded.cmp(&b.decoded));
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Document, parse};

    #[test]
    fn values_are_equal_as_far_as_the_policy_says() {
        const LOOSE: JsonPolicy = JsonPolicy {
            key_order: false,
            numbers_by_value: true,
            escapes: false,
            max_depth: 100,
        };
        const STRICT: JsonPolicy = JsonPolicy {
            key_order: true,
            numbers_by_value: false,
            escapes: true,
            max_depth: 100,
        };
        let is_same = |left: &str, right: &str, policy| {
            let [left, right] = [left, right]
                .map(|text| JsonBody::new(parse(text.as_bytes()).expect("it is JSON")));
            let root = Document::ROOT;
            same((&left, root), (&right, root), policy, &[])
        };
        for text in [
            "null",
            "true",
            "1.50",
            r#""\u00e9""#,
            "[1,[2]]",
            r#"{"b":1,"a":{"c":[]}}"#,
        ] {
            assert!(
                is_same(text, text, LOOSE) && is_same(text, text, STRICT),
                "{text}"
            );
        }
        for (left, right) in [
            ("1", "1.0"),
            ("[100]", "[1e2]"),
            (r#""é""#, r#""\u00e9""#),
            (r#"{"b":1,"a":2}"#, r#"{"a":2,"b":1}"#),
            (r#"{"é":1}"#, r#"{"\u00e9":1}"#),
        ] {
            assert!(is_same(left, right, LOOSE), "{left} {right}");
            assert!(!is_same(left, right, STRICT), "{left} {right}");
        }
        for (left, right) in [
            ("null", "false"),
            ("true", "false"),
            ("1", "2"),
            ("1", "\"1\""),
            ("\"a\"", "\"b\""),
            ("[1]", "[1,2]"),
            ("[1,2]", "[1,3]"),
            ("[1,2]", "[2,2]"),
            ("{}", "[]"),
            (r#"{"a":1}"#, r#"{"a":2}"#),
            (r#"{"a":1}"#, r#"{"b":1}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            (r#"{"a":1,"b":1}"#, r#"{"a":1,"c":1}"#),
        ] {
            for policy in [LOOSE, STRICT] {
                assert!(!is_same(left, right, policy), "{left} {right}");
                assert!(!is_same(right, left, policy), "{right} {left}");
            }
        }
    }
}
