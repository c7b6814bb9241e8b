//! No report contains characters that drive a terminal, change the direction of writing or are
//! invisible, wherever in it a foreign text is.
//!
//! Whole documents are escaped, not their parts, so that no part can be forgotten.

use std::fmt::Write as _;

use lakehouse_rig::text::{is_hidden, visible};

/// A page, XML or Markdown with such characters as `\u{202e}`.
pub(super) fn document(text: String) -> String {
    if text.contains(is_hidden) {
        visible(&text).into_owned()
    } else {
        text
    }
}

/// JSON with such characters as `\u202e`, which every parser reads as the character.
pub(super) fn json(text: String) -> String {
    if !text.contains(is_hidden) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn escaped_json_has_the_same_value() {
        let value = serde_json::json!({"a\u{202e}": "\u{9b}\u{7f}\u{e0041}\n\u{feff}é"});
        let text = json(serde_json::to_string_pretty(&value).unwrap());
        assert!(
            text.contains("\\u202e") && text.contains("\\udb40\\udc41"),
            "{text}"
        );
        assert!(!text.contains(lakehouse_rig::text::is_hidden), "{text}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }
}
