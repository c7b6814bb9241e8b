//! Short, stable descriptions of values, which pins name.

use crate::difference::Side;
use crate::json::{Document, NodeId, Ranked, Value, cut};

/// The longest text of a side, in bytes.
const LONGEST_TEXT: usize = 2_000;
/// The longest string or number that stands in a shape whole, in bytes.
const LONGEST_LITERAL: usize = 40;

/// A side with one text for both.
pub(super) fn plain(text: &str) -> Side {
    Side {
        shape: cut(text, 80),
        text: cut(text, LONGEST_TEXT),
    }
}

/// The side that is not there.
pub(super) fn nothing() -> Side {
    plain("nothing")
}

/// A side of text that is not JSON, such as a header.
pub(super) fn text(text: &str) -> Side {
    Side {
        shape: literal(text.len(), &format!("\"{text}\""), "text", text),
        text: cut(text, LONGEST_TEXT),
    }
}

/// A side of raw bytes: their number, and the text around a place.
pub(super) fn bytes(bytes: &[u8], around: usize) -> Side {
    let from = around.saturating_sub(40).min(bytes.len());
    let to = (from + LONGEST_TEXT).min(bytes.len());
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

/// A side of a JSON value.
pub(super) fn value(document: &Document, id: NodeId) -> Side {
    Side {
        shape: of_value(document.value(id)),
        text: document.show(id, LONGEST_TEXT),
    }
}

/// A side of a JSON value under another shape.
pub(super) fn named(shape: String, document: &Document, id: NodeId) -> Side {
    Side {
        shape,
        text: document.show(id, LONGEST_TEXT),
    }
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(lexeme) | Value::Near { lexeme, .. } => {
            literal(lexeme.len(), &format!("number {lexeme}"), "number", lexeme)
        }
        Value::String(text) => literal(
            text.raw.len(),
            &format!("\"{}\"", text.raw),
            "string",
            &text.lossy(),
        ),
        Value::Array(elements) | Value::Ranking(Ranked { elements, .. }) => {
            format!("array of {}", elements.len())
        }
        Value::Object(members) => match members.len() {
            1 => "object of 1 key".to_owned(),
            count => format!("object of {count} keys"),
        },
        Value::Replaced(what) => format!("<{what}>"),
        Value::Vector(numbers) => format!("vector of {} dimensions", numbers.len()),
    }
}

fn literal(length: usize, whole: &str, what: &str, text: &str) -> String {
    if length <= LONGEST_LITERAL {
        whole.to_owned()
    } else {
        format!("{what} of {} characters", text.chars().count())
    }
}

/// `vector of norm 1`, `vector of norm 2.1e1`: two significant digits.
pub(super) fn norm(norm: f64) -> String {
    let rounded = format!("{norm:.1e}");
    let short = match rounded.split_once('e') {
        Some((digits, "0")) => digits.trim_end_matches(".0").to_owned(),
        _ => rounded,
    };
    format!("vector of norm {short}")
}

#[cfg(test)]
mod tests {
    use super::{norm, of_value, text};
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
            assert_eq!(of_value(document.value(Document::ROOT)), expected);
        }
        assert_eq!(norm(1.000_04), "vector of norm 1");
        assert_eq!(norm(20.6), "vector of norm 2.1e1");
        assert_eq!(norm(1.26), "vector of norm 1.3");
        assert_eq!(norm(0.0), "vector of norm 0");
        assert_eq!(text("text/plain").shape, "\"text/plain\"");
    }
}
