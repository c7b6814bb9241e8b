//! Short, stable descriptions of values, which pins contain.
//!
//! A shape belongs to one value only, so that a pin does not accept another one: short values are
//! their own shape, and longer ones are described by their size, their beginning and their SHA-256.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::canonical::canonical;
use super::policy::JsonPolicy;
use crate::difference::{Difference, DifferenceKind, Side};
use crate::json::{NodeId, Tree, Value, cut};

/// The longest text of a side, in bytes.
const MAX_TEXT: usize = 2_000;
/// The longest string or number that is a shape by itself, in bytes.
const MAX_LITERAL: usize = 40;
/// The longest plain text that is a shape by itself, in bytes.
const MAX_PLAIN: usize = 80;
/// The number of characters of a longer value that its shape shows.
const HEAD: usize = 24;

/// A side whose shape and text are the same.
#[must_use]
pub fn plain(text: &str) -> Side {
    Side {
        shape: match text.len() {
            0..=MAX_PLAIN => text.to_owned(),
            _ => pinned(&characters("text", text), text.as_bytes()),
        },
        text: cut(text, MAX_TEXT),
    }
}

/// A side that is absent.
#[must_use]
pub fn nothing() -> Side {
    plain("nothing")
}

/// A side of text that is not JSON, such as a header.
#[must_use]
pub fn text(text: &str) -> Side {
    Side {
        shape: literal(
            text.as_bytes(),
            &format!("\"{text}\""),
            &characters("text", text),
        ),
        text: cut(text, MAX_TEXT),
    }
}

/// A part that only one side has.
#[must_use]
pub fn one_sided(path: &str, on_left: bool, side: Side) -> Difference {
    let (kind, left, right) = if on_left {
        (DifferenceKind::Missing, side, nothing())
    } else {
        (DifferenceKind::Extra, nothing(), side)
    };
    Difference {
        path: path.to_owned(),
        kind,
        left,
        right,
    }
}

/// A side of raw bytes: their number, and the text around one of them.
pub(super) fn bytes(bytes: &[u8], around: usize) -> Side {
    let from = around.saturating_sub(40).min(bytes.len());
    let to = (from + MAX_TEXT).min(bytes.len());
    let shown = String::from_utf8_lossy(&bytes[from..to]).into_owned();
    Side {
        shape: match bytes.len() {
            0 => "0 bytes".to_owned(),
            1 => pinned("1 byte", bytes),
            count => pinned(&format!("{count} bytes"), bytes),
        },
        text: if from > 0 {
            format!("…{shown}")
        } else {
            shown
        },
    }
}

/// A side of a JSON value.
pub(super) fn value(tree: &dyn Tree, id: NodeId, policy: JsonPolicy) -> Side {
    described(tree, id, of_value(tree, id, policy))
}

/// A side of a JSON value with another shape than its own.
pub(super) fn described(tree: &dyn Tree, id: NodeId, shape: String) -> Side {
    Side {
        shape,
        text: tree.show(id, MAX_TEXT),
    }
}

fn of_value(tree: &dyn Tree, id: NodeId, policy: JsonPolicy) -> String {
    match tree.json(id) {
        None => format!("<{}>", tree.replacement(id).unwrap_or_default()),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(lexeme)) => literal(
            lexeme.as_bytes(),
            &format!("number {lexeme}"),
            &characters("number", lexeme),
        ),
        Some(Value::String(text)) => literal(
            text.raw.as_bytes(),
            &format!("\"{}\"", text.raw),
            &characters("string", &text.lossy()),
        ),
        Some(Value::Array(_)) => {
            let count = tree.children(id).len();
            container(tree, id, policy, &format!("array of {count}"))
        }
        Some(Value::Object(_)) => {
            let count = tree.children(id).len();
            let noun = if count == 1 { "key" } else { "keys" };
            container(tree, id, policy, &format!("object of {count} {noun}"))
        }
    }
}

fn container(tree: &dyn Tree, id: NodeId, policy: JsonPolicy, what: &str) -> String {
    match tree.children(id).is_empty() {
        true => what.to_owned(),
        false => pinned(what, &canonical(tree, id, policy)),
    }
}

/// What stands after the size of a list of which only the last values are described.
const REST: &str = ", the rest";

/// What a list is, and the values in it that have no counterpart on the other side.
pub(super) fn with_rest(
    tree: &dyn Tree,
    what: &str,
    rest: impl Iterator<Item = NodeId>,
    policy: JsonPolicy,
) -> String {
    let rest: Vec<Vec<u8>> = rest.map(|id| canonical(tree, id, policy)).collect();
    match rest.is_empty() {
        true => what.to_owned(),
        false => pinned(&format!("{what}{REST}"), &rest.join(&b',')),
    }
}

fn literal(content: &[u8], whole: &str, what: &str) -> String {
    if content.len() <= MAX_LITERAL {
        whole.to_owned()
    } else {
        pinned(what, content)
    }
}

fn characters(what: &str, text: &str) -> String {
    format!("{what} of {} characters", text.chars().count())
}

/// What stands between the size of a value and its beginning.
const START: &str = " starting ";

/// The size of a value in its shape, which was the whole shape before shapes had digests.
#[must_use]
pub fn without_digest(shape: &str) -> &str {
    // No size contains a quote, and a value that is its own shape begins with one.
    let size = shape.split_once('"').map_or(shape, |(size, _)| size);
    match size.strip_suffix(START) {
        Some(size) => size.strip_suffix(REST).unwrap_or(size),
        None => shape,
    }
}

/// What a value is, how it starts, and its SHA-256.
pub(super) fn pinned(what: &str, content: &[u8]) -> String {
    // A character has at most four bytes.
    let start = String::from_utf8_lossy(&content[..content.len().min(4 * HEAD)]);
    let head: String = start.chars().take(HEAD).collect();
    let mut shape = format!("{what}{START}{head:?}, sha256 ");
    for byte in Sha256::digest(content) {
        let _ = write!(shape, "{byte:02x}");
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::{JsonPolicy, bytes, of_value, plain, text, without_digest};
    use crate::json::{Document, parse};

    fn shape(json: &str) -> String {
        let document = parse(json.as_bytes()).expect("it is JSON");
        of_value(&document, Document::ROOT, JsonPolicy::default())
    }

    #[test]
    fn short_values_are_their_own_shape() {
        for (json, expected) in [
            ("\"Schema\"", "\"Schema\""),
            ("1.0", "number 1.0"),
            ("{}", "object of 0 keys"),
            ("[]", "array of 0"),
        ] {
            assert_eq!(shape(json), expected);
        }
        assert_eq!(text("text/plain").shape, "\"text/plain\"");
        assert_eq!(bytes(b"", 0).shape, "0 bytes");
    }

    #[test]
    fn longer_values_are_described_with_their_digest() {
        let transfer = "transfer 1000000 EUR from the account of Alice to Bob______";
        for (json, size, start, digest) in [
            (
                &*format!("\"{transfer}\""),
                "string of 59 characters",
                "transfer 1000000 EUR fro",
                "855eed25a4903f40e286ebab453503fdde83c75dfa1521a00736d5092259c659",
            ),
            (
                r#"{"a":1}"#,
                "object of 1 key",
                r#"{\"a\":1}"#,
                "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
            ),
        ] {
            let expected = format!("{size} starting \"{start}\", sha256 {digest}");
            assert_eq!(shape(json), expected);
            assert_eq!(without_digest(&expected), size);
        }
        for whole in ["\"a starting \"b\"", "number 1", "nothing", "array of 0"] {
            assert_eq!(without_digest(whole), whole);
        }
    }

    #[test]
    fn heads_have_one_length_in_any_alphabet() {
        for character in ["a", "é", "語", "🦀"] {
            let side = text(&character.repeat(50));
            let head = character.repeat(24);
            let expected = format!("text of 50 characters starting {head:?}, sha256 ");
            assert!(side.shape.starts_with(&expected), "{}", side.shape);
        }
    }

    #[test]
    fn bytes_are_shown_around_a_place() {
        let content = [b"x".repeat(60), b"y".repeat(3_000)].concat();
        let shown = |around| bytes(&content, around).text;
        assert_eq!(shown(0), format!("{}{}", "x".repeat(60), "y".repeat(1_940)));
        assert_eq!(shown(40), shown(0));
        assert_eq!(
            shown(60),
            format!("…{}{}", "x".repeat(40), "y".repeat(1_960))
        );
        assert_eq!(shown(3_060), format!("…{}", "y".repeat(40)));
    }

    #[test]
    fn values_of_one_size_have_different_shapes() {
        let long = |end: &str| format!("{}{end}", "é".repeat(100));
        let sides = |one: &str, other: &str| {
            [
                [plain(one), plain(other)],
                [text(one), text(other)],
                [bytes(one.as_bytes(), 0), bytes(other.as_bytes(), 0)],
            ]
        };
        for [one, other] in sides(&long("a"), &long("b")) {
            assert_ne!(one.shape, other.shape);
        }
        for [one, other] in [
            ["[1,[2]]", "[1,[3]]"],
            [r#"{"a":1}"#, r#"{"a":2}"#],
            [r#"{"a":1}"#, r#"{"b":1}"#],
        ] {
            assert_ne!(shape(one), shape(other));
        }
        let number = |end: char| format!("1.{}{end}", "0".repeat(50));
        assert_ne!(shape(&number('1')), shape(&number('2')));
    }
}
