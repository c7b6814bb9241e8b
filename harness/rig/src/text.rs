//! Foreign bytes and texts as people read them: made visible, laid out and shortened.

mod figure;
mod look;

use std::borrow::Cow;
use std::fmt::Write;

pub use figure::{counted, duration, thousands};
pub use look::Look;

/// Levels of JSON that are indented; deeper levels share the last indentation.
const MAX_INDENT: usize = 24;

/// Characters up to which an array of numbers stays on one line.
const MAX_ARRAY_LINE: usize = 72;

/// Numbers per line of a longer array.
const NUMBERS_PER_LINE: usize = 8;

/// UTF-8 as it is, other bytes as `hex:…`.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> Cow<'_, str> {
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

/// Whether a character can drive a terminal, change the direction of writing or be invisible.
/// Newlines and tabs cannot.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Escapes control characters and characters that change the direction of writing, so that a text
/// can neither drive a terminal nor imitate another text. Newlines and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// The pieces of a sentence; `true` for code, which is in backticks.
pub type Prose = Vec<(bool, String)>;

/// Splits a sentence at its backticks; an unpaired one is ordinary text.
#[must_use]
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

/// The first `max` characters, and the number of the others.
#[must_use]
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let rest = counted(text[end..].chars().count(), "more character");
            Cow::Owned(format!("{}… ({rest})", &text[..end]))
        }
    }
}

/// The first `max` characters on one line, with newlines and tabs as escapes.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    visible(&shorten(text, max))
        .replace('\n', "\\n")
        .replace('\t', "\\t")
}

/// Two values on one line each, shortened around the first difference.
#[must_use]
pub fn side_by_side(left: &str, right: &str, max: usize) -> (String, String) {
    let length = left.chars().count().max(right.chars().count());
    let common = left
        .chars()
        .zip(right.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let skipped = if length > max && common > max / 2 {
        common - max / 4
    } else {
        0
    };
    let side = |text: &str| {
        let from = text
            .char_indices()
            .nth(skipped)
            .map_or(text.len(), |(index, _)| index);
        let before = if skipped > 0 { "…" } else { "" };
        format!("{before}{}", one_line(&text[from..], max))
    };
    (side(left), side(right))
}

/// JSON or JSON lines with one value per line; the spelling of numbers, escapes and the order of
/// keys stay.
///
/// Text that does not begin like JSON is returned as it is, and broken JSON is laid out as far as
/// possible.
#[must_use]
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

/// The length of the string literal at the start; an open one ends with the text.
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

/// The length of the array at the start, if it contains only numbers and literals.
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
    if array.len() <= MAX_ARRAY_LINE {
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
    fn layout_keeps_number_spelling_escapes_and_order() {
        let laid_out = lay_out(r#"{"b":1.0,"a":"\u00e9, {x}","e":[],"v":[1,2]}"#);
        assert_eq!(
            laid_out,
            "{\n  \"b\": 1.0,\n  \"a\": \"\\u00e9, {x}\",\n  \"e\": [],\n  \"v\": [1, 2]\n}"
        );
    }

    #[test]
    fn layout_keeps_every_character_of_broken_json() {
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
    fn hidden_characters_become_visible() {
        assert_eq!(
            visible("a\u{1b}[31m\u{202e}b\n"),
            "a\\u{1b}[31m\\u{202e}b\n"
        );
        assert_eq!(shorten("abcdef", 4), "abcd… (2 more characters)");
        assert_eq!(shorten("abcdef", 5), "abcde… (1 more character)");
        assert_eq!(from_bytes(&[0xff, 0]), "hex:ff00");
    }

    #[test]
    fn long_values_are_shortened_around_the_difference() {
        let common = "a".repeat(1_000);
        let (left, right) = side_by_side(&format!("{common}bcd"), &format!("{common}xyz"), 40);
        assert_eq!(left, format!("…{}bcd", "a".repeat(10)));
        assert_eq!(right, format!("…{}xyz", "a".repeat(10)));
        let (left, right) = side_by_side(&common, "b\n", 4);
        assert_eq!(left, "aaaa… (996 more characters)");
        assert_eq!(right, "b\\n");
    }

    #[test]
    fn prose_marks_code_in_backticks() {
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
