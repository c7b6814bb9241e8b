//! The path of an entry: a prefix, then a JSON path that may select many values.

use crate::json::{self, Query};

/// The prefix for every step of a case of several steps.
const ANY_STEP: &str = "step[*]:";

/// A path that may match many paths.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    /// Length of the prefix.
    prefix: usize,
    query: Option<Query>,
}

impl Pattern {
    pub(crate) fn read(text: &str) -> Result<Pattern, String> {
        let prefix = text.find('$').unwrap_or(text.len());
        let query = match &text[prefix..] {
            "" => None,
            path => Some(Query::read(path).map_err(|error| error.to_string())?),
        };
        Ok(Pattern {
            text: text.to_owned(),
            prefix,
            query,
        })
    }

    /// Whether the pattern matches a difference's path.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let (prefix, path) = match self.text[..self.prefix].strip_prefix(ANY_STEP) {
            Some(prefix) => match without_step(path) {
                Some(path) => (prefix, path),
                None => return false,
            },
            None => (&self.text[..self.prefix], path),
        };
        let Some(rest) = path.strip_prefix(prefix) else {
            return false;
        };
        match &self.query {
            None => rest.is_empty(),
            Some(query) => json::Path::read(rest).is_some_and(|path| query.matches(&path)),
        }
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches at any depth.
    pub(super) fn descends(&self) -> bool {
        self.query.as_ref().is_some_and(Query::descends)
    }

    /// Whether it is limited to a member of an answer or to a header.
    pub(super) fn names_a_place(&self) -> bool {
        let part = self.text.strip_prefix(ANY_STEP).unwrap_or(&self.text);
        let part = without_step(part).unwrap_or(part);
        let is_header = part.starts_with("header:") || part.starts_with("trailer:");
        is_header || self.query.as_ref().is_some_and(Query::names_a_member)
    }
}

/// A path without its `step[1]:`; `None` if it has none.
fn without_step(path: &str) -> Option<&str> {
    let (number, rest) = path.strip_prefix("step[")?.split_once("]:")?;
    number
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, expected) in [
            ("body:$.vectors[*]", "body:$.vectors[12]", true),
            ("body:$.vectors[*]", "body:$.vectors[12].x", false),
            ("body:$.vectors[*]", "upstream:$.vectors[12]", false),
            ("body:$.vectors[*]", "step[1]:body:$.vectors[12]", false),
            ("step[*]:body:$.a", "step[1]:body:$.a", true),
            ("step[*]:body:$.a", "step[10]:body:$.b", false),
            ("step[*]:body:$.a", "body:$.a", false),
            ("step[*]:status", "step[0]:status", true),
            ("step[1]:status", "step[0]:status", false),
            ("status", "status", true),
            ("status", "status2", false),
            ("header:x", "header:x", true),
            ("file:a.jsonl:$[*].x", "file:a.jsonl:$[0].x", true),
            ("file:a.jsonl", "file:a.jsonl:$[0].x", false),
            ("body:$['it\\'s'].a", "body:$['it\\'s'].a", true),
        ] {
            let read = Pattern::read(pattern).expect("it is a pattern");
            assert_eq!(read.matches(path), expected, "{pattern} {path}");
        }
        assert!(Pattern::read("body:$.a[?@.b]").is_err());
    }
}
