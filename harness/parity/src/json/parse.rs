//! A strict RFC 8259 parser without recursion.

use super::{Document, Node, NodeId, Segment, Text, Value};

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {offset}")]
pub struct SyntaxError {
    /// The mistake.
    pub what: &'static str,
    /// Its place, in bytes.
    pub offset: usize,
}

/// Reads one JSON value with white space around it.
///
/// # Errors
///
/// Any text that is not JSON by RFC 8259, including invalid UTF-8.
pub fn parse(bytes: &[u8]) -> Result<Document, SyntaxError> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(SyntaxError {
            what: "a byte order mark",
            offset: 0,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| SyntaxError {
        what: "invalid UTF-8",
        offset: error.valid_up_to(),
    })?;
    Reader {
        text,
        at: 0,
        nodes: Vec::new(),
        open: Vec::new(),
        depth: 0,
    }
    .document()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// The arrays and objects that are not closed yet.
    open: Vec<NodeId>,
    /// The greatest number of them at one time.
    depth: usize,
}

impl Reader<'_> {
    fn document(mut self) -> Result<Document, SyntaxError> {
        self.white_space();
        self.value(None)?;
        while let Some(&container) = self.open.last() {
            self.depth = self.depth.max(self.open.len());
            self.next_in(container)?;
        }
        self.white_space();
        if self.at < self.text.len() {
            return Err(self.error("unexpected text after the value"));
        }
        Ok(Document {
            nodes: self.nodes,
            depth: self.depth,
        })
    }

    /// Reads the next element or member of an open container, or closes it.
    fn next_in(&mut self, container: NodeId) -> Result<(), SyntaxError> {
        self.white_space();
        let (is_array, count) = match &self.nodes[container].value {
            Value::Array(elements) => (true, elements.len()),
            Value::Object(members) => (false, members.len()),
            _ => (true, 0),
        };
        if self.peek() == Some(if is_array { b']' } else { b'}' }) {
            self.at += 1;
            self.nodes[container].span.end = self.at;
            self.open.pop();
            return Ok(());
        }
        if count > 0 {
            if self.peek() != Some(b',') {
                return Err(self.error("expected `,` or the end of the array or object"));
            }
            self.at += 1;
            self.white_space();
        }
        if is_array {
            let id = self.value(Some((container, Segment::Index(count))))?;
            if let Value::Array(elements) = &mut self.nodes[container].value {
                elements.push(id);
            }
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return Err(self.error("expected a key"));
        }
        let key = self.string()?;
        self.white_space();
        if self.peek() != Some(b':') {
            return Err(self.error("expected `:`"));
        }
        self.at += 1;
        self.white_space();
        let id = self.value(Some((container, Segment::Key(key.lossy()))))?;
        if let Value::Object(members) = &mut self.nodes[container].value {
            members.push((key, id));
        }
        Ok(())
    }

    /// Reads a scalar, or opens an array or object.
    fn value(&mut self, parent: Option<(NodeId, Segment)>) -> Result<NodeId, SyntaxError> {
        let start = self.at;
        let id = self.nodes.len();
        let value = match self.peek() {
            Some(b'"') => Value::String(self.string()?),
            Some(b'[') => {
                self.at += 1;
                self.open.push(id);
                Value::Array(Vec::new())
            }
            Some(b'{') => {
                self.at += 1;
                self.open.push(id);
                Value::Object(Vec::new())
            }
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => return Err(self.error("expected a value")),
            None => return Err(self.error("the text ends where a value is expected")),
        };
        self.nodes.push(Node {
            value,
            span: start..self.at,
            parent,
        });
        Ok(id)
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, SyntaxError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.error("a number begins with a zero"));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Value::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if start == self.at {
            return Err(self.error("expected a digit"));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<Text, SyntaxError> {
        self.at += 1;
        let start = self.at;
        let mut decoded = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.error("the text ends inside a string")),
                Some(b'"') => {
                    let raw = self.text[start..self.at].to_owned();
                    self.at += 1;
                    return Ok(Text { decoded, raw });
                }
                Some(b'\\') => self.escape(&mut decoded)?,
                Some(0..=0x1f) => return Err(self.error("a control character inside a string")),
                Some(byte) => {
                    decoded.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, decoded: &mut Vec<u8>) -> Result<(), SyntaxError> {
        self.at += 1;
        let simple = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let code = self.unicode()?;
                push_code_point(decoded, code);
                return Ok(());
            }
            _ => return Err(self.error("an unknown escape")),
        };
        decoded.push(simple);
        self.at += 1;
        Ok(())
    }

    /// The code point of `\uXXXX`, of a surrogate pair, or of a lone surrogate.
    fn unicode(&mut self) -> Result<u32, SyntaxError> {
        let first = self.four_hex()?;
        if !(0xd800..0xdc00).contains(&first) || !self.text[self.at..].starts_with("\\u") {
            return Ok(first);
        }
        let before = self.at;
        self.at += 2;
        let second = self.four_hex()?;
        if (0xdc00..0xe000).contains(&second) {
            return Ok(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        }
        self.at = before;
        Ok(first)
    }

    fn four_hex(&mut self) -> Result<u32, SyntaxError> {
        let hex = self.text.as_bytes().get(self.at..self.at + 4);
        let valid = hex.filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let Some(valid) = valid else {
            return Err(self.error("expected four hexadecimal digits"));
        };
        let code = valid.iter().fold(0, |code, digit| {
            code * 16 + char::from(*digit).to_digit(16).unwrap_or(0)
        });
        self.at += 4;
        Ok(code)
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn error(&self, what: &'static str) -> SyntaxError {
        SyntaxError {
            what,
            offset: self.at,
        }
    }
}

/// Encodes a code point as UTF-8, a surrogate too.
fn push_code_point(decoded: &mut Vec<u8>, code: u32) {
    if let Some(character) = char::from_u32(code) {
        let mut buffer = [0; 4];
        decoded.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        return;
    }
    let low_six = |shift: u32| u8::try_from((code >> shift) & 0x3f).unwrap_or(0);
    decoded.extend([0xe0 | low_six(12), 0x80 | low_six(6), 0x80 | low_six(0)]);
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Tree as _, Value};
    use super::parse;

    #[test]
    fn order_duplicates_and_lexemes_are_kept() {
        let text = br#" {"b":1.0,"a":"\u00e9","b":[true,null]} "#;
        let document = parse(text).expect("it is JSON");
        assert_eq!(
            document.show(Document::ROOT, 1000),
            r#"{"b":1.0,"a":"\u00e9","b":[true,null]}"#
        );
        let array = document.member(Document::ROOT, "b").expect("the last `b`");
        assert_eq!(&text[document.node(array).span.clone()], b"[true,null]");
        let element = document.children(array)[1];
        assert_eq!(document.path(element).to_string(), "$.b[1]");
    }

    fn decoded(text: &str) -> Vec<u8> {
        match parse(text.as_bytes()).map(|d| d.value(0).clone()) {
            Ok(Value::String(text)) => text.decoded,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_escape_is_decoded() {
        let text = r#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\uD83d\ude00""#;
        let expected: String = serde_json::from_str(text).expect("it is JSON");
        assert_eq!(decoded(text), expected.as_bytes());
    }

    #[test]
    fn lone_surrogates_are_encoded_as_generalised_utf_8() {
        assert_eq!(decoded(r#""\ud800""#), b"\xed\xa0\x80");
        assert_eq!(decoded(r#""\udead""#), b"\xed\xba\xad");
        assert_eq!(decoded(r#""\udfff""#), b"\xed\xbf\xbf");
    }

    #[test]
    fn lone_surrogates_are_not_the_replacement_character() {
        assert_ne!(decoded(r#""\ud800""#), decoded(r#""\ufffd""#));
        assert_ne!(decoded(r#""\ud800""#), decoded(r#""\ud801""#));
        assert_eq!(decoded(r#""\ud83d\ude00""#), "😀".as_bytes());
        assert_eq!(decoded(r#""\ud83dx""#).len(), 4);
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let depth = 200_000;
        let text = format!("{}1{}", r#"{"a":["#.repeat(depth), "]}".repeat(depth));
        let document = parse(text.as_bytes()).expect("it is JSON");
        assert_eq!(document.show(0, text.len()), text);
        assert_eq!(document.depth(), 2 * depth);
    }

    #[test]
    fn the_depth_is_that_of_the_innermost_value() {
        for (text, depth) in [
            ("1", 0),
            ("[]", 1),
            ("[1,[2],{}]", 2),
            (r#"{"a":[[]],"b":1}"#, 3),
        ] {
            let document = parse(text.as_bytes()).expect("it is JSON");
            assert_eq!(document.depth(), depth, "{text}");
        }
    }

    #[test]
    fn malformed_json_is_rejected() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            "+1",
            "nul",
            "\"\\x\"",
            "\"\n\"",
            "[1 2]",
            "{} {}",
            "\"\\u12g4\"",
            "]",
            "{\"a\":1]",
            "-",
            "1e",
            "'a'",
            "\"\\u12\"",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(parse(b"\"\xff\"").map_err(|error| error.offset), Err(1));
    }
}
