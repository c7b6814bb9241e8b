//! Writing compactly, with members in the given order and one way to escape strings.

use std::fmt::Write as _;

/// A string as JSON, quotes included.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

/// Appends a string as JSON, quotes included. Only `"`, `\` and the characters below U+0020 are
/// escaped.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut kept_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0C => "\\f",
            b'\r' => "\\r",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[kept_from..at]);
        kept_from = at + 1;
        if escape.is_empty() {
            push_display(out, format_args!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[kept_from..]);
    out.push('"');
}

/// Appends a finite number with the fewest digits that parse to the same `f32`.
pub fn push_f32(out: &mut String, value: f32) {
    // `Debug` uses an exponent where the plain decimal would be long.
    push_display(out, format_args!("{value:?}"));
}

/// Appends a finite number with the fewest digits that parse to the same `f64`.
pub fn push_f64(out: &mut String, value: f64) {
    push_display(out, format_args!("{value:?}"));
}

/// Writes one object, member by member.
///
/// ```
/// let mut out = String::new();
/// let mut object = lakehouse_json::ObjectWriter::new(&mut out);
/// object.string("kind", "fill").integer("count", 2);
/// object.finish();
/// assert_eq!(out, r#"{"kind":"fill","count":2}"#);
/// ```
#[derive(Debug)]
pub struct ObjectWriter<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Starts an object at the end of `out`.
    pub fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self {
            out,
            is_empty: true,
        }
    }

    /// A member whose value `write` appends; it must append exactly one JSON value.
    pub fn member(&mut self, name: &str, write: impl FnOnce(&mut String)) -> &mut Self {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        push_string(self.out, name);
        self.out.push(':');
        write(self.out);
        self
    }

    /// A string.
    pub fn string(&mut self, name: &str, value: &str) -> &mut Self {
        self.member(name, |out| push_string(out, value))
    }

    /// A string, or `null`.
    pub fn optional_string(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.string(name, value),
            None => self.raw(name, "null"),
        }
    }

    /// An integer, in plain decimal.
    pub fn integer(&mut self, name: &str, value: i64) -> &mut Self {
        self.member(name, |out| push_display(out, format_args!("{value}")))
    }

    /// A count, in plain decimal.
    pub fn count(&mut self, name: &str, value: usize) -> &mut Self {
        self.member(name, |out| push_display(out, format_args!("{value}")))
    }

    /// A finite number, as [`push_f32`] writes it.
    pub fn f32(&mut self, name: &str, value: f32) -> &mut Self {
        self.member(name, |out| push_f32(out, value))
    }

    /// `true` or `false`.
    pub fn bool(&mut self, name: &str, value: bool) -> &mut Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    /// A value that already is JSON.
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.member(name, |out| out.push_str(json))
    }

    /// Ends the object.
    pub fn finish(self) {
        self.out.push('}');
    }
}

/// Writes one array, element by element.
#[derive(Debug)]
pub struct ArrayWriter<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl<'o> ArrayWriter<'o> {
    /// Starts an array at the end of `out`.
    pub fn new(out: &'o mut String) -> Self {
        out.push('[');
        Self {
            out,
            is_empty: true,
        }
    }

    /// An element that `write` appends; it must append exactly one JSON value.
    pub fn element(&mut self, write: impl FnOnce(&mut String)) -> &mut Self {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        write(self.out);
        self
    }

    /// Ends the array.
    pub fn finish(self) {
        self.out.push(']');
    }
}

fn push_display(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_escaped_as_serde_json_does() {
        for c in char::MIN..=char::MAX {
            let text = format!("a{c}b");
            assert_eq!(
                string(&text),
                serde_json::to_string(&text).unwrap(),
                "{c:?}"
            );
        }
    }

    #[test]
    fn escapes_follow_the_contract() {
        let cases = [
            (
                "\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}",
                r#""\u0000\b\t\n\u000b\f\r\u001f""#,
            ),
            ("\"\\/<>&", r#""\"\\/<>&""#),
            (
                "\u{7F}\u{2028}\u{2029}\u{FEFF}😀",
                "\"\u{7F}\u{2028}\u{2029}\u{FEFF}😀\"",
            ),
        ];
        for (text, want) in cases {
            assert_eq!(string(text), want);
        }
    }

    #[test]
    fn floats_survive_a_round_trip() {
        let cases = [
            0.0,
            -0.0,
            0.1,
            0.25,
            1.0,
            2.0 / 3.0,
            1e-7,
            1e15,
            f32::MIN_POSITIVE,
            f32::MAX,
            -f32::from_bits(1),
        ];
        for value in cases {
            let mut text = String::new();
            push_f32(&mut text, value);
            let read: f32 = serde_json::from_str(&text).unwrap();
            assert_eq!(read.to_bits(), value.to_bits(), "{text}");
            assert!(text.len() <= 18, "{text}");
        }
    }

    #[test]
    fn members_and_elements_are_separated_by_commas() {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        object
            .optional_string("a", None)
            .bool("b", true)
            .integer("c", -7);
        object.member("d", |out| {
            let mut array = ArrayWriter::new(out);
            array
                .element(|out| push_string(out, "x"))
                .element(|out| out.push_str("{}"));
            array.finish();
        });
        object.member("e", |out| ArrayWriter::new(out).finish());
        object.finish();
        assert_eq!(out, r#"{"a":null,"b":true,"c":-7,"d":["x",{}],"e":[]}"#);
    }
}
