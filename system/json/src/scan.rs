//! The grammar of RFC 8259, checked in one pass and without recursion, so that no nesting exhausts
//! the stack.

/// A complete value found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned {
    /// The byte offset after the value.
    pub end: usize,
    /// The number of levels of arrays and objects; 0 for a scalar.
    pub depth: usize,
}

/// No complete value starts at the given offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The byte offset at which the text leaves the grammar, or its length.
    pub at: usize,
    /// The byte offsets of the `{` that are open at that point, outermost first. None of them
    /// starts a complete object either, because scanning from each of them fails at the same point.
    pub open_objects: Vec<usize>,
    /// The element of the grammar that the text leaves out there.
    pub expected: Expected,
}

/// The element of the grammar that a broken value lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A member's name, or the end of the object where it has no member yet.
    Name,
    /// The colon after a member's name.
    Colon,
    /// A value, or the end of the array where it has no element yet.
    Value,
    /// A comma or the end of the container.
    CommaOrEnd,
    /// Another character of a string, or its closing quotation mark.
    StringCharacter,
    /// An escape; the place is that of its backslash.
    Escape,
}

/// Scans the value that starts at byte offset `start`, after optional white space. Ignores what
/// follows it.
///
/// # Errors
/// [`Broken`] when no complete value starts there.
pub fn scan_value(text: &str, start: usize) -> Result<Scanned, Broken> {
    scan(text, start, false)
}

/// Like [`scan_value`], but strings may have raw control characters, as language models write
/// them.
///
/// # Errors
/// [`Broken`] when no complete value starts there.
pub fn scan_drafted_value(text: &str, start: usize) -> Result<Scanned, Broken> {
    scan(text, start, true)
}

fn scan(text: &str, start: usize, allows_raw_controls: bool) -> Result<Scanned, Broken> {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: start,
        open: Vec::new(),
        open_objects: Vec::new(),
        depth: 0,
        expected: Expected::Value,
        allows_raw_controls,
    };
    match scanner.value() {
        Some(()) => Ok(Scanned {
            end: scanner.at,
            depth: scanner.depth,
        }),
        None => Err(Broken {
            at: scanner.at,
            open_objects: scanner.open_objects,
            expected: scanner.expected,
        }),
    }
}

/// Whether a byte is white space of the JSON grammar.
pub(super) fn is_json_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[derive(Clone, Copy, PartialEq)]
enum Container {
    Array,
    Object,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Container>,
    open_objects: Vec<usize>,
    depth: usize,
    expected: Expected,
    allows_raw_controls: bool,
}

/// Every method consumes one element of the grammar at `at`, or returns `None`. `at` and `expected`
/// are then those of [`Broken`].
impl Scanner<'_> {
    fn value(&mut self) -> Option<()> {
        loop {
            self.expected = Expected::Value;
            self.space();
            let opened = match self.peek()? {
                b'{' => self.enter(Container::Object)?,
                b'[' => self.enter(Container::Array)?,
                b'"' => self.string().map(|()| false)?,
                b't' => self.literal(b"true").map(|()| false)?,
                b'f' => self.literal(b"false").map(|()| false)?,
                b'n' => self.literal(b"null").map(|()| false)?,
                _ => self.number().map(|()| false)?,
            };
            if !opened && self.leave()? {
                return Some(());
            }
        }
    }

    /// Enters a container; returns true when it is not empty and a value is next.
    fn enter(&mut self, container: Container) -> Option<bool> {
        if container == Container::Object {
            self.open_objects.push(self.at);
        }
        self.open.push(container);
        self.depth = self.depth.max(self.open.len());
        self.at += 1;
        if container == Container::Object {
            self.expected = Expected::Name;
        }
        self.space();
        match (container, self.peek()?) {
            (Container::Object, b'}') | (Container::Array, b']') => {
                self.close();
                Some(false)
            }
            (Container::Object, _) => self.name().map(|()| true),
            (Container::Array, _) => Some(true),
        }
    }

    /// After a value: closes the containers that end here, or consumes the comma before the next
    /// value. Returns true when the outermost value is complete.
    fn leave(&mut self) -> Option<bool> {
        while let Some(&container) = self.open.last() {
            self.expected = Expected::CommaOrEnd;
            self.space();
            match (container, self.peek()?) {
                (Container::Object, b'}') | (Container::Array, b']') => self.close(),
                (_, b',') => {
                    self.at += 1;
                    if container == Container::Object {
                        self.expected = Expected::Name;
                        self.space();
                        self.name()?;
                    }
                    return Some(false);
                }
                _ => return None,
            }
        }
        Some(true)
    }

    fn close(&mut self) {
        self.at += 1;
        if self.open.pop() == Some(Container::Object) {
            self.open_objects.pop();
        }
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Option<()> {
        self.string()?;
        self.expected = Expected::Colon;
        self.space();
        self.literal(b":")
    }

    fn string(&mut self) -> Option<()> {
        self.literal(b"\"")?;
        self.expected = Expected::StringCharacter;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.escape()?,
                0..0x20 if !self.allows_raw_controls => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        self.expected = Expected::Escape;
        self.token(Self::escape_characters)?;
        self.expected = Expected::StringCharacter;
        Some(())
    }

    fn escape_characters(&mut self) -> Option<()> {
        self.at += 1;
        let hex_digits = match self.peek()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 0,
            b'u' => 4,
            _ => return None,
        };
        self.at += 1;
        for _ in 0..hex_digits {
            self.peek().filter(u8::is_ascii_hexdigit)?;
            self.at += 1;
        }
        Some(())
    }

    /// Reads a token that is broken at its start, unless the text ends in it.
    fn token(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        let start = self.at;
        let read = read(self);
        if read.is_none() && self.at < self.bytes.len() {
            self.at = start;
        }
        read
    }

    fn number(&mut self) -> Option<()> {
        self.token(Self::number_characters)
    }

    fn number_characters(&mut self) -> Option<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        let run = self.bytes[self.at..]
            .iter()
            .take_while(|b| b.is_ascii_digit());
        let count = run.count();
        self.at += count;
        (count > 0).then_some(())
    }

    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        let rest = &self.bytes[self.at..];
        if !rest.starts_with(literal) {
            if literal.starts_with(rest) {
                self.at = self.bytes.len();
            }
            return None;
        }
        self.at += literal.len();
        Some(())
    }

    fn space(&mut self) {
        while self.peek().is_some_and(is_json_space) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_before_the_text_that_follows() {
        let cases = [
            ("{} trailing }", 0, 2, 1),
            ("  [1, {\"a\":[]}]x", 0, 15, 3),
            ("x{\"a\":\"}\"}", 1, 10, 1),
            ("12abc", 0, 2, 0),
            ("0123", 0, 1, 0),
        ];
        for (text, start, end, depth) in cases {
            assert_eq!(
                scan_value(text, start),
                Ok(Scanned { end, depth }),
                "{text}"
            );
        }
    }

    #[test]
    fn a_broken_value_reports_the_open_objects() {
        let cases: [(&str, usize, &[usize], Expected); 15] = [
            ("{\"a\":{},\"b\":[{\"c\":", 18, &[0, 13], Expected::Value),
            ("{\"a\":1,}", 7, &[0], Expected::Name),
            ("[1,]", 3, &[], Expected::Value),
            ("{{", 1, &[0], Expected::Name),
            ("{\"a\" 1}", 5, &[0], Expected::Colon),
            ("{\"a\":tru}", 5, &[0], Expected::Value),
            ("{\"a\":tru", 8, &[0], Expected::Value),
            ("{\"a\":-}", 5, &[0], Expected::Value),
            ("{\"a\":1.", 7, &[0], Expected::Value),
            ("{\"a\":01}", 6, &[0], Expected::CommaOrEnd),
            ("{\"a\":\"b\\x\"}", 7, &[0], Expected::Escape),
            ("{\"a\":\"b\\u12", 11, &[0], Expected::Escape),
            ("{\"a\":\"b\n\"}", 7, &[0], Expected::StringCharacter),
            ("[\"b", 3, &[], Expected::StringCharacter),
            ("{\"a\":[1}", 7, &[0], Expected::CommaOrEnd),
        ];
        for (text, at, open, expected) in cases {
            let want = Broken {
                at,
                open_objects: open.to_vec(),
                expected,
            };
            assert_eq!(scan_value(text, 0), Err(want), "{text}");
        }
    }

    #[test]
    fn a_drafted_string_may_have_raw_control_characters() {
        let text = "{\"a\n\":\"\u{0}\t\"}";
        let end = text.len();
        assert_eq!(scan_drafted_value(text, 0), Ok(Scanned { end, depth: 1 }));
        assert!(scan_value(text, 0).is_err());
        assert!(scan_drafted_value("{\"a\\\n\":1}", 0).is_err());
    }
}
