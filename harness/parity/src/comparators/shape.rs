//! Short, stable descriptions of values, which pins contain.

use crate::difference::{Difference, DifferenceKind, Side};
use crate::json::{NodeId, Tree, Value, cut};

/// The longest text of a side, in bytes.
const MAX_TEXT: usize = 2_000;
/// The longest string or number that is a shape by itself, in bytes.
const MAX_LITERAL: usize = 40;

/// A side whose shape and text are the same.
#[must_use]
pub fn plain(text: &str) -> Side {
    Side {
        shape: cut(text, 80),
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
        shape: literal(text.len(), &format!("\"{text}\""), "text", text),
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
            1 => "1 byte".to_owned(),
            count => format!("{count} bytes"),
        },
        text: if from > 0 {
            format!("…{shown}")
        } else {
            shown
        },
    }
}

/// A side of a JSON value, with `shape` in place of its own if given.
pub(super) fn value(tree: &dyn Tree, id: NodeId, shape: Option<String>) -> Side {
    Side {
        shape: shape.unwrap_or_else(|| of_value(tree, id)),
        text: tree.show(id, MAX_TEXT),
    }
}

fn of_value(tree: &dyn Tree, id: NodeId) -> String {
    match tree.json(id) {
        None => format!("<{}>", tree.replacement(id).unwrap_or_default()),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(Value::Number(lexeme)) => {
            literal(lexeme.len(), &format!("number {lexeme}"), "number", lexeme)
        }
        Some(Value::String(text)) => literal(
            text.raw.len(),
            &format!("\"{}\"", text.raw),
            "string",
            &text.lossy(),
        ),
        Some(Value::Array(_)) => format!("array of {}", tree.children(id).len()),
        Some(Value::Object(_)) => match tree.children(id).len() {
            1 => "object of 1 key".to_owned(),
            count => format!("object of {count} keys"),
        },
    }
}

fn literal(length: usize, whole: &str, what: &str, text: &str) -> String {
    if length <= MAX_LITERAL {
        whole.to_owned()
    } else {
        format!("{what} of {} characters", text.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::{of_value, text};
    use crate::json::{Document, parse};

    #[test]
    fn shapes_are_short_and_stable() {
        for (json, expected) in [
            ("\"Schema\"", "\"Schema\"".to_owned()),
            ("1.0", "number 1.0".to_owned()),
            ("{\"a\":1}", "object of 1 key".to_owned()),
            ("[1,2]", "array of 2".to_owned()),
            (
                &format!("\"{}\"", "é".repeat(41)),
                "string of 41 characters".to_owned(),
            ),
        ] {
            let document = parse(json.as_bytes()).expect("it is JSON");
            assert_eq!(of_value(&document, Document::ROOT), expected);
        }
        assert_eq!(text("text/plain").shape, "\"text/plain\"");
    }
}
