//! Documents whose values may be marked as removed or replaced, for queries and comparators.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Decimal, Document, NodeId, Text, Value, cut};

/// A JSON document, in which values may be removed or replaced.
pub trait Tree {
    /// The document without marks.
    fn document(&self) -> &Document;

    /// Whether a value is removed.
    fn is_removed(&self, _id: NodeId) -> bool {
        false
    }

    /// The placeholder of a replaced value.
    fn replacement(&self, _id: NodeId) -> Option<&str> {
        None
    }

    /// The value; none if it is replaced.
    fn json(&self, id: NodeId) -> Option<&Value> {
        match self.replacement(id) {
            Some(_) => None,
            None => Some(self.document().value(id)),
        }
    }

    /// The elements of an array.
    fn elements(&self, id: NodeId) -> Option<Vec<NodeId>> {
        let Value::Array(elements) = self.json(id)? else {
            return None;
        };
        let kept = elements.iter().filter(|id| !self.is_removed(**id));
        Some(kept.copied().collect())
    }

    /// The members of an object, in order, duplicates included.
    fn members(&self, id: NodeId) -> Option<Vec<(&Text, NodeId)>> {
        let Value::Object(members) = self.json(id)? else {
            return None;
        };
        let kept = members.iter().filter(|(_, id)| !self.is_removed(*id));
        Some(kept.map(|(key, id)| (key, *id)).collect())
    }

    /// The values directly below a value, in order.
    fn children(&self, id: NodeId) -> Vec<NodeId> {
        if let Some(elements) = self.elements(id) {
            return elements;
        }
        let members = self.members(id).unwrap_or_default();
        members.into_iter().map(|(_, id)| id).collect()
    }

    /// The last member with this name.
    fn member(&self, id: NodeId, name: &str) -> Option<NodeId> {
        let members = self.members(id)?;
        let found = members
            .iter()
            .rev()
            .find(|(key, _)| key.decoded == name.as_bytes());
        found.map(|(_, member)| *member)
    }

    /// The text of a number.
    fn number(&self, id: NodeId) -> Option<&str> {
        match self.json(id)? {
            Value::Number(lexeme) => Some(lexeme),
            _ => None,
        }
    }

    /// The numbers of an array that is not empty and has no other elements; none if one of them is
    /// beyond the range of floats.
    fn numbers(&self, id: NodeId) -> Option<Vec<f64>> {
        let elements = self.elements(id)?;
        if elements.is_empty() {
            return None;
        }
        elements.iter().map(|id| float(self.number(*id)?)).collect()
    }

    /// The value as compact JSON, cut after about `limit` bytes. Lexemes and escapes are kept. The
    /// time depends on the limit, not on the size of the value.
    fn show(&self, id: NodeId, limit: usize) -> String {
        let mut out = String::new();
        let mut open: Vec<Open<'_>> = Vec::new();
        let is_kept = |id: NodeId| !self.is_removed(id);
        let mut next = Some((false, None, id));
        loop {
            if next.is_none() && open.is_empty() {
                return out;
            }
            if out.len() > limit {
                out.push('…');
                return out;
            }
            let Some((has_comma, key, id)) = next else {
                out.extend(open.pop().map(|container| container.brackets.1));
                next = open
                    .last_mut()
                    .and_then(|container| container.next(&is_kept));
                continue;
            };
            if has_comma {
                out.push(',');
            }
            if let Some(key) = key {
                let _ = write!(out, "\"{key}\":");
            }
            if out.len() > limit {
                out.push('…');
                return out;
            }
            match Open::new(self.json(id)) {
                Some(container) => {
                    out.push(container.brackets.0);
                    open.push(container);
                }
                None => show_scalar(&mut out, self.json(id), self.replacement(id), limit),
            }
            next = open
                .last_mut()
                .and_then(|container| container.next(&is_kept));
        }
    }
}

/// A number as a float; none if it is beyond their range.
fn float(lexeme: &str) -> Option<f64> {
    let float: f64 = lexeme.parse().ok()?;
    let is_lost =
        !float.is_finite() || (float == 0.0 && Decimal::read(lexeme) != Decimal::read("0"));
    (!is_lost).then_some(float)
}

/// An array or object that is being written.
struct Open<'a> {
    brackets: (char, char),
    items: Box<dyn Iterator<Item = (Option<&'a str>, NodeId)> + 'a>,
    is_first: bool,
}

impl<'a> Open<'a> {
    fn new(value: Option<&'a Value>) -> Option<Open<'a>> {
        let (brackets, items): (_, Box<dyn Iterator<Item = _>>) = match value? {
            Value::Array(elements) => (('[', ']'), Box::new(elements.iter().map(|id| (None, *id)))),
            Value::Object(members) => {
                let items = members.iter();
                (
                    ('{', '}'),
                    Box::new(items.map(|(key, id)| (Some(key.raw.as_str()), *id))),
                )
            }
            _ => return None,
        };
        Some(Open {
            brackets,
            items,
            is_first: true,
        })
    }

    /// The next item that is kept: whether a comma precedes it, its key and its value.
    fn next(
        &mut self,
        is_kept: &dyn Fn(NodeId) -> bool,
    ) -> Option<(bool, Option<&'a str>, NodeId)> {
        let (key, id) = self.items.find(|(_, id)| is_kept(*id))?;
        Some((!std::mem::take(&mut self.is_first), key, id))
    }
}

fn show_scalar(out: &mut String, value: Option<&Value>, replacement: Option<&str>, limit: usize) {
    match value {
        None => {
            let _ = write!(out, "<{}>", replacement.unwrap_or_default());
        }
        Some(Value::Null) => out.push_str("null"),
        Some(Value::Bool(value)) => out.push_str(if *value { "true" } else { "false" }),
        Some(Value::Number(lexeme)) => out.push_str(lexeme),
        Some(Value::String(text)) => {
            let _ = write!(out, "\"{}\"", cut(&text.raw, limit));
        }
        Some(Value::Array(_) | Value::Object(_)) => {}
    }
}

impl Tree for Document {
    fn document(&self) -> &Document {
        self
    }
}

/// A document with marks on some of its values.
#[derive(Debug, Clone)]
pub struct Marked {
    document: Document,
    removed: BTreeSet<NodeId>,
    replaced: BTreeMap<NodeId, &'static str>,
}

impl Marked {
    /// A document without marks.
    #[must_use]
    pub fn new(document: Document) -> Marked {
        Marked {
            document,
            removed: BTreeSet::new(),
            replaced: BTreeMap::new(),
        }
    }

    /// Marks a value as removed. The root is replaced instead.
    pub fn remove(&mut self, id: NodeId) {
        if id == Document::ROOT {
            self.replace(id, "removed");
        } else {
            self.removed.insert(id);
        }
    }

    /// Marks a value as replaced by a placeholder.
    pub fn replace(&mut self, id: NodeId, by: &'static str) {
        self.replaced.insert(id, by);
    }
}

impl Tree for Marked {
    fn document(&self) -> &Document {
        &self.document
    }

    fn is_removed(&self, id: NodeId) -> bool {
        self.removed.contains(&id)
    }

    fn replacement(&self, id: NodeId) -> Option<&str> {
        self.replaced.get(&id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Marked, Tree as _};
    use crate::json::{Document, Query, parse};

    #[test]
    fn marks_hide_values_from_every_reader() {
        let document = parse(br#"{"a":[1,2,3],"b":{"c":1},"c":4}"#).expect("it is JSON");
        let select = |tree: &Marked, path: &str| {
            let query = Query::read(path).expect("it is a path");
            let found = query.select(tree).into_iter();
            found.map(|id| tree.show(id, 100)).collect::<Vec<_>>()
        };
        let mut marked = Marked::new(document);
        let first = |marked: &Marked, path: &str| {
            let query = Query::read(path).expect("it is a path");
            query.select(marked)[0]
        };
        marked.remove(first(&marked, "$.a[0]"));
        marked.replace(first(&marked, "$.b"), "text");
        assert_eq!(
            marked.show(Document::ROOT, 100),
            r#"{"a":[2,3],"b":<text>,"c":4}"#
        );
        assert_eq!(select(&marked, "$.a[0]"), ["2"]);
        assert_eq!(select(&marked, "$..c"), ["4"]);
        let list = first(&marked, "$.a");
        assert_eq!(marked.numbers(list), Some(vec![2.0, 3.0]));
    }

    #[test]
    fn lists_with_numbers_beyond_floats_are_no_vectors() {
        let numbers = |text: &str| {
            let document = parse(text.as_bytes()).expect("it is JSON");
            document.numbers(Document::ROOT)
        };
        assert_eq!(numbers("[0,-0.0,1e308]"), Some(vec![0.0, -0.0, 1e308]));
        for text in ["[1,1e999]", "[1,1e-999]", "[1,\"2\"]", "[]", "1"] {
            assert_eq!(numbers(text), None, "{text}");
        }
    }

    #[test]
    fn long_values_are_cut() {
        let document = parse(format!("[{}]", vec!["12345"; 100].join(",")).as_bytes());
        let document = document.expect("it is JSON");
        for limit in 0..50 {
            let shown = document.show(Document::ROOT, limit);
            assert!(shown.ends_with('…'), "{shown}");
            assert!(
                (limit..limit + 10).contains(&(shown.len() - '…'.len_utf8())),
                "{shown}"
            );
        }
    }
}
