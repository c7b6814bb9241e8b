//! Bytes and texts for people: visible, laid out, cut.

use std::borrow::Cow;
use std::fmt::Write;

/// The most levels that are indented; deeper JSON goes on at the same level.
const MAX_INDENT: usize = 24;

/// An array without nested values stays on one line up to this many characters.
const SHORT_ARRAY: usize = 72;

/// Numbers of a long array that share a line.
const NUMBERS_PER_LINE: usize = 8;

/// Bytes as text: UTF-8 as it is, anything else as `hex:…`.
pub fn of_bytes(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let mut text = String::with_capacity(4 + bytes.len() * 2);
            text.push_str("hex:");
            for byte in bytes {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            Cow::Owned(text)
        }
    }
}

/// Control characters and those that turn the direction of writing as escapes, so that an answer
/// can neither drive a terminal nor look like another one. Newlines and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// A sentence in pieces: what stands in backticks is code.
pub type Prose = Vec<(bool, String)>;

/// Splits a sentence at its backticks; an odd one stays as it is.
pub fn prose(sentence: &str) -> Prose {
    let shown = visible(sentence);
    let mut pieces = Vec::new();
    let mut rest: &str = &shown;
    while let Some((before, (code, after))) = rest
        .split_once('`')
        .and_then(|(before, from)| Some((before, from.split_once('`')?)))
    {
        pieces.push((false, before.to_owned()));
        pieces.push((true, code.to_owned()));
        rest = after;
    }
    pieces.push((false, rest.to_owned()));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

/// At most `most` characters, and how many more there are.
pub fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let rest = text[end..].chars().count();
            Cow::Owned(format!("{}… ({rest} more characters)", &text[..end]))
        }
    }
}

/// On one line: newlines and tabs as escapes, cut.
pub fn one_line(text: &str, most: usize) -> String {
    let cut = cut(text, most);
    visible(&cut).replace('\n', "\\n").replace('\t', "\\t")
}

/// Two values on one line each, cut around the first place where they differ.
pub fn side_by_side(left: &str, right: &str, most: usize) -> (String, String) {
    let length = left.chars().count().max(right.chars().count());
    let common = left
        .chars()
        .zip(right.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let skipped = if length > most && common > most / 2 {
        common - most / 4
    } else {
        0
    };
    let side = |text: &str| {
        let from = text
            .char_indices()
            .nth(skipped)
            .map_or(text.len(), |(index, _)| index);
        let before = if skipped > 0 { "…" } else { "" };
        format!("{before}{}", one_line(&text[from..], most))
    };
    (side(left), side(right))
}

/// JSON or JSON lines with one value per line; number lexemes, escapes and key order stay.
///
/// Text that does not begin like JSON is returned as it is. Broken JSON is laid out as far as it
/// goes: this is for looking at, not for judging.
pub fn lay_out(text: &str) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut used = c.len_utf8();
        match c {
            '"' => {
                used = string_length(rest);
                out.push_str(&rest[..used]);
            }
            '{' | '[' => {
                if let Some(length) = empty_length(rest) {
                    used = length;
                    out.push_str(if c == '{' { "{}" } else { "[]" });
                } else if let Some(length) = flat_array_length(rest) {
                    used = length;
                    write_flat_array(&mut out, &rest[..length], depth);
                } else {
                    depth += 1;
                    out.push(c);
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '\n' if depth == 0 => out.push('\n'),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
        rest = &rest[used..];
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(MAX_INDENT)));
}

/// Length of the string literal at the start, up to the text's end when it is not closed.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn empty_length(text: &str) -> Option<usize> {
    let inside = text[1..].trim_start();
    inside
        .starts_with(['}', ']'])
        .then(|| text.len() - inside.len() + 1)
}

/// Length of the array at the start if it holds numbers and literals only.
fn flat_array_length(text: &str) -> Option<usize> {
    if !text.starts_with('[') {
        return None;
    }
    let end = text[1..].find(['{', '[', '"', '}', ']'])? + 1;
    (text.as_bytes()[end] == b']').then_some(end + 1)
}

fn write_flat_array(out: &mut String, array: &str, depth: usize) {
    let items: Vec<&str> = array[1..array.len() - 1]
        .split(',')
        .map(str::trim)
        .collect();
    if array.len() <= SHORT_ARRAY {
        let _ = write!(out, "[{}]", items.join(", "));
        return;
    }
    out.push('[');
    for (number, line) in items.chunks(NUMBERS_PER_LINE).enumerate() {
        if number > 0 {
            out.push(',');
        }
        new_line(out, depth + 1);
        out.push_str(&line.join(", "));
    }
    new_line(out, depth);
    out.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_keeps_lexemes_escapes_and_order() {
        let laid_out = lay_out(r#"{"b":1.0,"a":"\u00e9, {x}","e":[],"v":[1,2]}"#);
        assert_eq!(
            laid_out,
            "{\n  \"b\": 1.0,\n  \"a\": \"\\u00e9, {x}\",\n  \"e\": [],\n  \"v\": [1, 2]\n}"
        );
    }

    #[test]
    fn layout_survives_anything() {
        let deep = "[".repeat(10_000);
        assert!(lay_out(&deep).len() < 1_000_000);
        for text in [
            "{\"",
            "[1,",
            "}}",
            "[\"a\\",
            "{é",
            "[é]",
            "[ ]",
            "{\"a\":1}\n{\"b\":2}\n",
        ] {
            let kept = |text: &str| text.replace(char::is_whitespace, "");
            assert_eq!(kept(&lay_out(text)), kept(text), "{text}");
        }
    }

    #[test]
    fn long_vectors_share_lines() {
        let array = format!("[{}]", vec!["0.123456"; 20].join(","));
        assert_eq!(lay_out(&array).lines().count(), 5);
    }

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(
            visible("a\u{1b}[31m\u{202e}b\n"),
            "a\\u{1b}[31m\\u{202e}b\n"
        );
        assert_eq!(cut("abcdef", 4), "abcd… (2 more characters)");
        assert_eq!(of_bytes(&[0xff, 0]), "hex:ff00");
    }

    #[test]
    fn long_values_are_cut_around_what_differs() {
        let common = "a".repeat(1_000);
        let (left, right) = side_by_side(&format!("{common}bcd"), &format!("{common}xyz"), 40);
        assert_eq!(left, format!("…{}bcd", "a".repeat(10)));
        assert_eq!(right, format!("…{}xyz", "a".repeat(10)));
        let (left, right) = side_by_side(&common, "b\n", 4);
        assert_eq!(left, "aaaa… (996 more characters)");
        assert_eq!(right, "b\\n");
    }

    #[test]
    fn backticks_make_code() {
        let piece = |code, text: &str| (code, text.to_owned());
        assert_eq!(
            prose("`a` is not `b` or `c"),
            [
                piece(true, "a"),
                piece(false, " is not "),
                piece(true, "b"),
                piece(false, " or `c")
            ]
        );
    }
}
