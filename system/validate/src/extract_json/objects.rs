//! The objects of one piece of text: complete ones, and broken ones, whose inside is skipped.

use std::ops::Range;

use lakehouse_json::{Broken, MAX_DEPTH, scan_drafted_value};

/// An object that was begun in a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// A complete object.
    Object(Range<usize>),
    /// An object that is not valid.
    Broken(Broken),
    /// An object with more than 128 levels, which ends the search.
    TooDeep,
}

/// The objects of a piece, from the left. Takes linear time: extents do not overlap, and a scan
/// does not go beyond the extent of what it scans.
pub(super) struct Objects<'t> {
    piece: &'t str,
    next: usize,
}

impl<'t> Objects<'t> {
    pub(super) fn of(piece: &'t str) -> Self {
        Self { piece, next: 0 }
    }
}

impl Iterator for Objects<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        while let Some(distance) = self.piece.get(self.next..)?.find('{') {
            let start = self.next + distance;
            match scan_drafted_value(self.piece, start) {
                Ok(scanned) if scanned.depth > MAX_DEPTH => {
                    self.next = self.piece.len();
                    return Some(Found::TooDeep);
                }
                Ok(scanned) => {
                    self.next = scanned.end;
                    return Some(Found::Object(start..scanned.end));
                }
                Err(broken) if is_begun(self.piece, start) => {
                    self.next = extent_end(self.piece, start);
                    return Some(Found::Broken(broken));
                }
                Err(_) => self.next = start + 1,
            }
        }
        None
    }
}

/// Whether a JSON object, rather than prose, was begun by the brace at `start`.
fn is_begun(piece: &str, start: usize) -> bool {
    let rest = skip_blanks(&piece[start + 1..]);
    let Some(first) = rest.chars().next() else {
        return true;
    };
    if first == '"' && piece[..start].ends_with('{') {
        return has_colon_after_string(&rest[1..]);
    }
    is_quotation_mark(first)
        || matches!(first, '\\' | ',' | '#')
        || rest.starts_with("//")
        || rest.starts_with("/*")
        || is_bare_name(rest)
}

/// Whether a colon follows the string whose characters begin here, or could if the text went on.
fn has_colon_after_string(text: &str) -> bool {
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => {
                let after = skip_blanks(&text[at + 1..]);
                return after.is_empty() || after.starts_with(':');
            }
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    true
}

/// Whether a text begins with a name without quotation marks, a colon, and a value other than an
/// object.
fn is_bare_name(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let after = text.trim_start_matches(is_name);
    if after.len() == text.len() {
        return false;
    }
    let value = skip_blanks(after).strip_prefix(':').map(skip_blanks);
    value.is_some_and(|value| !value.starts_with('{'))
}

/// The end of the broken object at `start`: after the brace that closes it, or the end.
fn extent_end(piece: &str, start: usize) -> usize {
    let mut level = 0_usize;
    let mut in_string = false;
    let mut bytes = piece.bytes().enumerate().skip(start);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            // The bytes of a character of several bytes are none of those below.
            b'\\' => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            b'{' if !in_string => level += 1,
            b'}' if !in_string => {
                level -= 1;
                if level == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    piece.len()
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches(|c| {
        matches!(
            c,
            '\u{9}'..='\u{D}'
                | ' '
                | '\u{85}'
                | '\u{A0}'
                | '\u{1680}'
                | '\u{2000}'..='\u{200D}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202F}'
                | '\u{205F}'
                | '\u{2060}'
                | '\u{3000}'
                | '\u{FEFF}'
        )
    })
}

fn is_quotation_mark(c: char) -> bool {
    matches!(c, '"') || is_single_quotation_mark(c) || is_typographic_quotation_mark(c)
}

/// A mark that stands for a single one.
pub(super) fn is_single_quotation_mark(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '\u{B4}' | '\u{2018}'..='\u{201B}' | '\u{FF07}'
    )
}

/// A mark that stands for a double one.
pub(super) fn is_typographic_quotation_mark(c: char) -> bool {
    matches!(
        c,
        '\u{AB}' | '\u{BB}' | '\u{201C}'..='\u{201F}' | '\u{2039}' | '\u{203A}' | '\u{FF02}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(piece: &str) -> Vec<&str> {
        let range = |found| match found {
            Found::Object(range) => Some(&piece[range]),
            _ => None,
        };
        Objects::of(piece).filter_map(range).collect()
    }

    #[test]
    fn the_inside_of_a_broken_object_is_skipped() {
        let cases: [(&str, &[&str]); 34] = [
            (
                "{} {\"a\":{}} x {\"b\":1}",
                &["{}", "{\"a\":{}}", "{\"b\":1}"],
            ),
            ("{\"a\":{},} {\"b\":1}", &["{\"b\":1}"]),
            ("{\"a\":[{\"b\":1},{\"c\":", &[]),
            ("{\"a\":\"}\",\"b\":{},} {}", &["{}"]),
            ("{\"a\":\"\\\"}\",\"b\":{},} {}", &["{}"]),
            ("{\"a\":{} \"b\":{}} {\"c\":1}", &["{\"c\":1}"]),
            ("{\"a\" {\"b\":1}}", &[]),
            ("{\"x: {} ", &[]),
            ("{\"fills: [{\"a\":1}]}", &[]),
            ("{'a':{\"b\":1}} {\"c\":1}", &["{\"c\":1}"]),
            ("{“a”:{\"b\":1}}", &[]),
            ("{\u{A0}\"a\":{\"b\":1}}", &[]),
            ("{\\\"a\\\":\\\"x\\\",\\\"b\\\":{}} {}", &["{}"]),
            ("{,\"a\":{\"b\":1}}", &[]),
            ("{/* x */\"a\":{\"b\":1}}", &[]),
            ("{ // x\n\"a\":{\"b\":1}}", &[]),
            ("{ # x\n\"a\":{\"b\":1}}", &[]),
            ("{a:[{\"b\":1}]} {\"c\":1}", &["{\"c\":1}"]),
            ("{a: 1, b: {\"c\":1}}", &[]),
            ("{a:", &[]),
            ("{ note: {\"a\":1} }", &["{\"a\":1}"]),
            ("use {this} form: {\"a\":1}", &["{\"a\":1}"]),
            ("{a b: {\"a\":1}}", &["{\"a\":1}"]),
            ("{ {\"a\":1}", &["{\"a\":1}"]),
            ("{{ \"x\" }} {\"a\":1}", &["{\"a\":1}"]),
            ("{{{{ \"x\" {{ {\"a\":1} }}", &["{\"a\":1}"]),
            ("{{\"a\":{\"b\":1}}}", &["{\"a\":{\"b\":1}}"]),
            ("{{\"a\":{\"b\":1},}}", &[]),
            ("{{\"a\" \u{2003}", &[]),
            ("{{\"a", &[]),
            ("[{\"a\":1},{\"b\":2},]", &["{\"a\":1}", "{\"b\":2}"]),
            ("{", &[]),
            ("} {}", &["{}"]),
            ("{\"a\":\"é\\", &[]),
        ];
        for (piece, want) in cases {
            assert_eq!(objects(piece), want, "{piece}");
        }
    }

    #[test]
    fn an_object_that_is_too_deep_ends_the_search() {
        let deep = format!("{}1{}", "{\"a\":".repeat(129), "}".repeat(129));
        let found: Vec<_> = Objects::of(&format!("{{}} {deep} {{}}")).collect();
        assert_eq!(found, [Found::Object(0..2), Found::TooDeep]);
    }
}
