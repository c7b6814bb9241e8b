//! JSON paths as queries: RFC 9535 without filter expressions.

use std::collections::BTreeSet;

use jsonpath_rust::parser::model;
use jsonpath_rust::parser::parse_json_path;

use super::{Document, NodeId, Path, Segment, Tree};

/// A JSON path that selects values.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
struct Step {
    descend: bool,
    selectors: Vec<Selector>,
}

#[derive(Debug, Clone, PartialEq)]
enum Selector {
    Name(String),
    Every,
    Index(i64),
    Slice(Option<i64>, Option<i64>, Option<i64>),
}

/// Why a text is not a usable path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It is not a JSON path.
    #[error("`{path}` is not a JSON path: {reason}")]
    Syntax {
        /// The text.
        path: String,
        /// The parser's message.
        reason: String,
    },
    /// It has a filter expression.
    #[error("`{path}` has a filter expression, which is not supported")]
    Filter {
        /// The text.
        path: String,
    },
}

impl Query {
    /// Reads a path such as `$.vectors[*]`.
    ///
    /// # Errors
    ///
    /// A text that is not a JSON path, or one with a filter expression.
    pub fn read(text: &str) -> Result<Query, PathError> {
        let parsed = parse_json_path(text).map_err(|error| PathError::Syntax {
            path: text.to_owned(),
            reason: error.to_string().replace('\n', " "),
        })?;
        let steps = parsed.segments.iter().map(step).collect::<Option<_>>();
        Ok(Query {
            text: text.to_owned(),
            steps: steps.ok_or_else(|| PathError::Filter {
                path: text.to_owned(),
            })?,
        })
    }

    /// The path's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it selects at any depth.
    #[must_use]
    pub fn descends(&self) -> bool {
        self.steps.iter().any(|step| step.descend)
    }

    /// Whether a step of it is the name of a member.
    #[must_use]
    pub fn names_a_member(&self) -> bool {
        let is_name = |selector: &Selector| matches!(selector, Selector::Name(_));
        let mut steps = self.steps.iter();
        steps.any(|step| step.selectors.iter().all(is_name))
    }

    /// The values it selects, each once.
    #[must_use]
    pub fn select(&self, tree: &dyn Tree) -> Vec<NodeId> {
        let mut selected = vec![Document::ROOT];
        for step in &self.steps {
            let from = if step.descend {
                with_descendants(tree, &selected)
            } else {
                selected
            };
            let mut next = Vec::new();
            for id in from {
                for selector in &step.selectors {
                    next.extend(selector.select(tree, id));
                }
            }
            next.sort_unstable();
            next.dedup();
            selected = next;
        }
        selected
    }

    /// Whether the query can select a value at this path. Negative indices and slices depend on an
    /// array's length and match every index.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        matches(&self.steps, &path.0)
    }
}

/// Finds for each step the lengths of the path that the steps so far can select, so that the time is
/// linear in the path's length.
fn matches(steps: &[Step], path: &[Segment]) -> bool {
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for step in steps {
        let mut next = vec![false; path.len() + 1];
        let mut may_descend = false;
        for (at, segment) in path.iter().enumerate() {
            may_descend = reached[at] || (step.descend && may_descend);
            next[at + 1] = may_descend && step.selectors.iter().any(|s| s.matches(segment));
        }
        reached = next;
    }
    reached[path.len()]
}

fn step(segment: &model::Segment) -> Option<Step> {
    let (descend, selectors) = match segment {
        model::Segment::Descendant(inner) => (true, step(inner)?.selectors),
        model::Segment::Selector(one) => (false, vec![selector(one)?]),
        model::Segment::Selectors(many) => (
            false,
            many.iter().map(selector).collect::<Option<Vec<_>>>()?,
        ),
    };
    Some(Step { descend, selectors })
}

fn selector(selector: &model::Selector) -> Option<Selector> {
    Some(match selector {
        model::Selector::Name(name) => Selector::Name(name.clone()),
        model::Selector::Wildcard => Selector::Every,
        model::Selector::Index(index) => Selector::Index(*index),
        model::Selector::Slice(start, end, step) => Selector::Slice(*start, *end, *step),
        model::Selector::Filter(_) => return None,
    })
}

impl Selector {
    fn select(&self, tree: &dyn Tree, id: NodeId) -> Vec<NodeId> {
        match self {
            Selector::Every => tree.children(id),
            Selector::Name(name) => {
                let members = tree.members(id).unwrap_or_default().into_iter();
                members
                    .filter(|(key, _)| key.decoded == name.as_bytes())
                    .map(|(_, member)| member)
                    .collect()
            }
            Selector::Index(index) => {
                let elements = tree.elements(id).unwrap_or_default();
                let at = from_either_end(*index, elements.len());
                let found = at.and_then(|at| elements.get(at).copied());
                found.into_iter().collect()
            }
            Selector::Slice(start, end, step) => {
                let elements = tree.elements(id).unwrap_or_default();
                slice(&elements, *start, *end, step.unwrap_or(1))
            }
        }
    }

    fn matches(&self, segment: &Segment) -> bool {
        match (self, segment) {
            (Selector::Every, _) | (Selector::Slice(..), Segment::Index(_)) => true,
            (Selector::Name(name), Segment::Key(key)) => name == key,
            (Selector::Index(index), Segment::Index(at)) => {
                *index < 0 || usize::try_from(*index) == Ok(*at)
            }
            _ => false,
        }
    }
}

fn from_either_end(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    usize::try_from(if index < 0 { length + index } else { index }).ok()
}

/// RFC 9535, section 2.3.4.2. The order of the result does not matter.
fn slice(elements: &[NodeId], start: Option<i64>, end: Option<i64>, step: i64) -> Vec<NodeId> {
    let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let absolute = |at: i64| if at < 0 { length + at } else { at };
    let mut selected = Vec::new();
    let mut at;
    if step > 0 {
        at = absolute(start.unwrap_or(0)).clamp(0, length);
        let last = absolute(end.unwrap_or(length)).clamp(0, length);
        while at < last {
            selected.extend(usize::try_from(at).ok().map(|at| elements[at]));
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        at = absolute(start.unwrap_or(length - 1)).clamp(-1, length - 1);
        let last = end.map_or(-1, absolute).max(-1);
        while at > last {
            selected.extend(usize::try_from(at).ok().map(|at| elements[at]));
            at = at.saturating_add(step);
        }
    }
    selected
}

fn with_descendants(tree: &dyn Tree, from: &[NodeId]) -> Vec<NodeId> {
    let mut todo = from.to_vec();
    let mut all = BTreeSet::new();
    while let Some(id) = todo.pop() {
        // The values of `from` may contain each other.
        if all.insert(id) {
            todo.extend(tree.children(id));
        }
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Path, Tree as _, parse};
    use super::Query;

    fn selected(query: &str, text: &str) -> Vec<String> {
        let document = parse(text.as_bytes()).expect("it is JSON");
        let query = Query::read(query).expect("it is a path");
        let ids = query.select(&document);
        for id in &ids {
            assert!(
                query.matches(&document.path(*id)),
                "{} is selected but does not match",
                document.path(*id)
            );
        }
        ids.into_iter().map(|id| document.show(id, 100)).collect()
    }

    #[test]
    fn queries_select_as_in_rfc_9535() {
        let text = r#"{"a":[{"b":1},{"b":2},{"c":{"b":3}}],"it's":4}"#;
        assert_eq!(selected("$.a[*].b", text), ["1", "2"]);
        assert_eq!(selected("$..b", text), ["1", "2", "3"]);
        assert_eq!(selected("$.a[-1].c", text), [r#"{"b":3}"#]);
        assert_eq!(selected("$.a[0,1].b", text), ["1", "2"]);
        assert_eq!(selected("$.a[1:].b", text), ["2"]);
        assert_eq!(
            selected("$.a[::-2]", text),
            [r#"{"b":1}"#, r#"{"c":{"b":3}}"#]
        );
        assert_eq!(selected(r"$['it\'s']", text), ["4"]);
        assert_eq!(selected("$.nothing", text), [""; 0]);
        assert_eq!(selected("$", "1"), ["1"]);
    }

    #[test]
    fn slices_select_as_in_rfc_9535() {
        for (slice, expected) in [
            ("1:3", &["1", "2"][..]),
            ("0:1", &["0"]),
            (":2", &["0", "1"]),
            ("4:", &["4", "5"]),
            ("-2:", &["4", "5"]),
            ("-20:1", &["0"]),
            ("4:20", &["4", "5"]),
            (":-4", &["0", "1"]),
            ("3:3", &[]),
            ("::4", &["0", "4"]),
            ("1::4", &["1", "5"]),
            ("5:1:-2", &["3", "5"]),
            ("::-3", &["2", "5"]),
            (":3:-1", &["4", "5"]),
            ("20::-5", &["0", "5"]),
            ("1::-1", &["0", "1"]),
            ("-2:0:-3", &["1", "4"]),
            ("1:-20:-1", &["0", "1"]),
            ("::0", &[]),
        ] {
            assert_eq!(
                selected(&format!("$[{slice}]"), "[0,1,2,3,4,5]"),
                expected,
                "{slice}"
            );
        }
        assert_eq!(selected("$[::-1]", "[]"), [""; 0]);
    }

    #[test]
    fn an_index_matches_its_own_place() {
        let matches = |query: &str, path: &str| {
            let query = Query::read(query).expect("it is a path");
            query.matches(&Path::read(path).expect("it is a path"))
        };
        assert!(matches("$.a[0]", "$.a[0]"));
        assert!(matches("$.a[1]", "$.a[1]"));
        assert!(!matches("$.a[0]", "$.a[1]"));
        assert!(!matches("$.a[1]", "$.a[0]"));
        assert!(!matches("$.a[0]", "$.a.b"));
        assert!(!matches("$.a.b", "$.a[0]"));
        // A path does not have the length of the list.
        assert!(matches("$.a[-1]", "$.a[1]"));
    }

    #[test]
    fn queries_do_not_match_other_paths() {
        let document = parse(br#"{"a":[[1]],"b":[1]}"#).expect("it is JSON");
        let query = Query::read("$.a[*]").expect("it is a path");
        let ids = query.select(&document);
        assert_eq!(ids.len(), 1);
        let inner = document.children(ids[0])[0];
        assert!(!query.matches(&document.path(inner)));
        assert!(!query.matches(&document.path(Document::ROOT)));
    }

    #[test]
    fn several_descents_match_paths_as_they_select() {
        let text = r#"{"a":{"a":{"b":1,"c":[{"a":{"b":2}}]},"b":3},"b":4}"#;
        assert_eq!(selected("$..a..b", text), ["1", "2", "3"]);
        assert_eq!(selected("$..a.a..b", text), ["1", "2"]);
        let document = parse(text.as_bytes()).expect("it is JSON");
        let query = Query::read("$..a..b").expect("it is a path");
        let selected = query.select(&document);
        let mut todo = vec![Document::ROOT];
        while let Some(id) = todo.pop() {
            let path = document.path(id);
            assert_eq!(query.matches(&path), selected.contains(&id), "{path}");
            todo.extend(document.children(id));
        }
    }

    #[test]
    fn filters_are_rejected() {
        let error = Query::read("$.a[?(@.b == 1)]").expect_err("it has a filter");
        assert!(error.to_string().contains("filter expression"), "{error}");
        assert!(Query::read("a.b").is_err());
    }
}
