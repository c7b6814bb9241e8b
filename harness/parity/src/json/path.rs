//! Normalised paths, written `$.a[0]['strange key']`.

use std::fmt;

/// The way from the root to one value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(pub Vec<Segment>);

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// An object's member.
    Key(String),
    /// An array's element, from 0.
    Index(usize),
}

impl Path {
    /// This path with one more segment.
    #[must_use]
    pub fn with(&self, segment: Segment) -> Path {
        let mut segments = self.0.clone();
        segments.push(segment);
        Path(segments)
    }

    /// The path with every index as `[*]`.
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
                let escaped = key.replace('\\', "\\\\").replace('\'', "\\'");
                write!(f, "['{}']", escaped.replace('\n', "\\n"))
            }
        }
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

    #[test]
    fn written_so_that_it_can_be_read_back() {
        let path = Path(vec![
            Segment::Key("a_1".into()),
            Segment::Index(3),
            Segment::Key("it's".into()),
        ]);
        assert_eq!(path.to_string(), r"$.a_1[3]['it\'s']");
        assert_eq!(path.generalised(), r"$.a_1[*]['it\'s']");
    }
}
