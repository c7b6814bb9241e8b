//! What is wrong with an object that is not valid JSON, in the words of `iterate.md`.

use lakehouse_json::{Broken, Expected};

use super::objects::{is_single_quotation_mark, is_typographic_quotation_mark};

/// A fault and its byte offset in the piece.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

impl Fault {
    /// The fault of a broken object of a piece.
    pub(super) fn of(piece: &str, broken: &Broken) -> Self {
        let at = broken.at;
        let rest = &piece[at..];
        let Some(c) = rest.chars().next() else {
            let what = "the text ends before the object does";
            return Self { at, what };
        };
        let before = piece[..at].trim_end_matches([' ', '\t', '\n', '\r']);
        let is_name_or_value = matches!(broken.expected, Expected::Name | Expected::Value);
        if is_name_or_value && matches!(c, '}' | ']') && before.ends_with(',') {
            return Self {
                at: before.len() - 1,
                what: "trailing comma",
            };
        }
        let what = match broken.expected {
            Expected::Escape => "unknown escape",
            _ if is_typographic_quotation_mark(c) => "typographic quotation mark, write \"",
            _ if is_single_quotation_mark(c) => "single quotation mark, write \"",
            _ if is_comment(rest) => "comment",
            Expected::Name if c.is_ascii_alphanumeric() || matches!(c, '_' | '$') => {
                "name without quotation marks"
            }
            Expected::Name => "a name in quotation marks is expected",
            Expected::Colon => "a colon is expected",
            Expected::Value => "a value is expected",
            _ if matches!(c, '"' | '{' | '[') => "a comma is expected",
            _ if matches!(c, '}' | ']') => "wrong closing bracket",
            _ if before.ends_with('"') => {
                "unescaped quotation mark in the string before it, write \\\""
            }
            // A string of a draft has any character, so no string character is ever missing here.
            Expected::CommaOrEnd | Expected::StringCharacter => {
                "a comma or a closing bracket is expected"
            }
        };
        Self { at, what }
    }
}

fn is_comment(text: &str) -> bool {
    text.starts_with('#') || text.starts_with("//") || text.starts_with("/*")
}

#[cfg(test)]
mod tests {
    use lakehouse_json::scan_drafted_value;

    use super::*;

    #[test]
    fn each_fault_has_its_words_and_its_place() {
        let cases = [
            ("{\"a\":1", 6, "the text ends before the object does"),
            ("{\"a\":\"b", 7, "the text ends before the object does"),
            ("{\"a\":\"b\\", 8, "the text ends before the object does"),
            ("{\"a\":tr", 7, "the text ends before the object does"),
            ("{\"a\":1.", 7, "the text ends before the object does"),
            ("{", 1, "the text ends before the object does"),
            ("{\"a\":1 ,\n}", 7, "trailing comma"),
            ("{\"a\":[1,]}", 7, "trailing comma"),
            ("{,}", 1, "a name in quotation marks is expected"),
            ("{\"a\":\"\\x\"}", 6, "unknown escape"),
            ("{\"a\":\"\\\n\"}", 6, "unknown escape"),
            ("{“a”:1}", 1, "typographic quotation mark, write \""),
            ("{\"a\":«b»}", 5, "typographic quotation mark, write \""),
            ("{'a':1}", 1, "single quotation mark, write \""),
            ("{\"a\":1 ‘", 7, "single quotation mark, write \""),
            ("{\"a\":1 // x\n}", 7, "comment"),
            ("{/* x */}", 1, "comment"),
            ("{\"a\": # x\n1}", 6, "comment"),
            ("{a:1}", 1, "name without quotation marks"),
            ("{\"a\":1,$b:1}", 7, "name without quotation marks"),
            (
                "{\u{A0}\"a\":1}",
                1,
                "a name in quotation marks is expected",
            ),
            ("{\"a\" 1}", 5, "a colon is expected"),
            ("{\"a\",\"b\"}", 4, "a colon is expected"),
            ("{\"a\":True}", 5, "a value is expected"),
            ("{\"a\":truE}", 5, "a value is expected"),
            ("{\"a\":}", 5, "a value is expected"),
            ("{\"a\":+1}", 5, "a value is expected"),
            ("{\"a\":1 \"b\":2}", 7, "a comma is expected"),
            ("{\"a\":[{} {}]}", 9, "a comma is expected"),
            ("{\"a\":[1}", 7, "wrong closing bracket"),
            (
                "{\"a\":\"say \"hi\"\"}",
                11,
                "unescaped quotation mark in the string before it, write \\\"",
            ),
            ("{\"a\":01}", 6, "a comma or a closing bracket is expected"),
            ("{\"a\":1;}", 6, "a comma or a closing bracket is expected"),
        ];
        for (piece, at, what) in cases {
            let broken = scan_drafted_value(piece, 0).unwrap_err();
            assert_eq!(Fault::of(piece, &broken), Fault { at, what }, "{piece}");
        }
    }
}
