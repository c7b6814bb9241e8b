//! Normalised paths, written `$.a[0]['strange key']`.

use std::fmt::{self, Write as _};

/// The path from the root to a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(pub Vec<Segment>);

/// A segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// An object's member.
    Key(String),
    /// An array's element, from 0.
    Index(usize),
}

impl Path {
    /// Reads the `Display` form of a path; none for any other text.
    #[must_use]
    pub fn read(text: &str) -> Option<Path> {
        let mut segments = Vec::new();
        let mut rest = text.strip_prefix('$')?;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("['") {
                let (key, after) = read_quoted(quoted)?;
                segments.push(Segment::Key(key));
                rest = after;
            } else if let Some(index) = rest.strip_prefix('[') {
                let (digits, after) = index.split_once(']')?;
                segments.push(Segment::Index(digits.parse().ok()?));
                rest = after;
            } else {
                let name = rest.strip_prefix('.')?;
                let end = name.find(['.', '[']).unwrap_or(name.len());
                segments.push(Segment::Key(name[..end].to_owned()));
                rest = &name[end..];
            }
        }
        Some(Path(segments))
    }

    /// This path with one more segment.
    #[must_use]
    pub fn with(&self, segment: Segment) -> Path {
        let mut segments = self.0.clone();
        segments.push(segment);
        Path(segments)
    }

    /// The path with `[*]` for indices.
    #[must_use]
    pub fn generalised(&self) -> String {
        self.0.iter().fold("$".to_owned(), |mut text, segment| {
            match segment {
                Segment::Index(_) => text.push_str("[*]"),
                key @ Segment::Key(_) => text.push_str(&key.to_string()),
            }
            text
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|segment| segment.fmt(f))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) if is_plain(key) => write!(f, ".{key}"),
            Segment::Key(key) => {
                f.write_str("['")?;
                for character in key.chars() {
                    match character {
                        '\\' | '\'' => write!(f, "\\{character}")?,
                        '\n' => f.write_str("\\n")?,
                        // A JSON path must not contain them.
                        '\0'..='\x1f' => write!(f, "\\u{:04x}", u32::from(character))?,
                        plain => f.write_char(plain)?,
                    }
                }
                f.write_str("']")
            }
        }
    }
}

fn read_quoted(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' => return Some((key, text[at + 1..].strip_prefix(']')?)),
            '\\' => key.push(unescaped(&mut characters.by_ref().map(|(_, c)| c))?),
            plain => key.push(plain),
        }
    }
    None
}

/// The character after a backslash in a quoted key; none if there is none.
fn unescaped(characters: &mut dyn Iterator<Item = char>) -> Option<char> {
    match characters.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'u' => {
            let digits: String = characters.take(4).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
        }
        escaped => Some(escaped),
    }
}

fn is_plain(key: &str) -> bool {
    let mut characters = key.chars();
    characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{Path, Segment};
    use crate::json::Query;

    #[test]
    fn displayed_paths_can_be_read() {
        for text in ["$", "$.a[0]", "$['a b'][3].c", "$['it\\'s']"] {
            let path = Path::read(text).expect("it is a path");
            assert_eq!(path.to_string(), text);
        }
        assert_eq!(Path::read("a"), None);
        assert_eq!(Path::read("$.a[*]"), None);
    }

    #[test]
    fn every_key_can_be_read_back() {
        for key in [
            "",
            "\0",
            "\u{1b}[0m",
            "a\tb\nc\r",
            "it's \\u0000",
            "\"\"",
            "'a'",
            "\\",
            "é 😀",
            "\u{2028}",
        ] {
            let path = Path(vec![Segment::Key(key.to_owned())]);
            assert_eq!(Path::read(&path.to_string()), Some(path.clone()), "{key:?}");
            let query = Query::read(&path.to_string());
            assert!(query.is_ok_and(|query| query.matches(&path)), "{key:?}");
        }
    }

    #[test]
    fn a_path_can_be_extended() {
        let path = Path::read("$.a").expect("it is a path");
        let longer = path.with(Segment::Index(1));
        assert_eq!(
            longer.with(Segment::Key("b".into())).to_string(),
            "$.a[1].b"
        );
    }

    #[test]
    fn unusual_keys_are_quoted() {
        let path = Path(vec![
            Segment::Key("a_1".into()),
            Segment::Index(3),
            Segment::Key("it's".into()),
        ]);
        assert_eq!(path.to_string(), r"$.a_1[3]['it\'s']");
        assert_eq!(path.generalised(), r"$.a_1[*]['it\'s']");
    }
}
