//! JSON that loses nothing: number lexemes, escapes, key order, duplicate keys and byte offsets.
//!
//! A [`Document`] is an arena of [`Node`]s rather than a tree of boxes, so that neither reading
//! nor dropping nor walking input nested ten thousand levels deep needs the call stack. Strings
//! are decoded to generalised UTF-8 (a lone surrogate keeps its three bytes), so that `"\ud800"`
//! differs from `"\ufffd"`.

mod number;
mod parse;
mod path;
mod select;

use std::fmt::Write as _;
use std::ops::Range;

pub use number::Decimal;
pub use parse::{SyntaxError, parse};
pub use path::{Path, Segment};
pub use select::{PathError, Query};

/// Index of a node in its document.
pub type NodeId = usize;

/// A parsed JSON text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    nodes: Vec<Node>,
}

/// One value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// The array or object it is in, and its place there; none for the root.
    parent: Option<(NodeId, Segment)>,
}

/// A JSON value, or what took a value's place before comparing.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A string.
    String(Text),
    /// The elements.
    Array(Vec<NodeId>),
    /// The members, in order, duplicates included.
    Object(Vec<(Text, NodeId)>),
    /// A value that a normaliser replaced, by what it was checked to be.
    Replaced(String),
    /// An array of numbers that is compared as one vector.
    Vector(Vec<f64>),
    /// A number that need not be exact, as it is written.
    Near {
        /// As it is written.
        lexeme: String,
        /// How far away another may be and still be the same; a share of them beyond ±1.
        tolerance: f64,
    },
    /// An array that is compared as a ranking.
    Ranking(Ranked),
}

/// A list of elements each of which has an id of its own and a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Index of the rule by which it is compared.
    pub rule: usize,
    /// In their order.
    pub elements: Vec<NodeId>,
    /// Their ids, as texts that are equal when the ids are.
    pub ids: Vec<String>,
    /// Their scores.
    pub scores: Vec<f64>,
}

/// A string, decoded and as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Generalised UTF-8.
    pub decoded: Vec<u8>,
    /// Between the quotes, escapes and all.
    pub raw: String,
}

impl Text {
    /// The text for showing; lone surrogates become U+FFFD.
    #[must_use]
    pub fn lossy(&self) -> String {
        String::from_utf8_lossy(&self.decoded).into_owned()
    }
}

impl Document {
    /// The root's id.
    pub const ROOT: NodeId = 0;

    /// The node behind an id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// The value behind an id.
    #[must_use]
    pub fn value(&self, id: NodeId) -> &Value {
        &self.nodes[id].value
    }

    /// Puts another value in a node's place.
    pub fn replace(&mut self, id: NodeId, value: Value) {
        self.nodes[id].value = value;
    }

    /// Takes a node out of the array or object that holds it. The root stays, as `null`.
    pub fn remove(&mut self, id: NodeId) {
        let Some((parent, _)) = self.nodes[id].parent else {
            self.nodes[id].value = Value::Null;
            return;
        };
        match &mut self.nodes[parent].value {
            Value::Array(elements) => elements.retain(|element| *element != id),
            Value::Object(members) => members.retain(|(_, member)| *member != id),
            _ => {}
        }
    }

    /// The path of a node in the text as it was parsed.
    #[must_use]
    pub fn path(&self, id: NodeId) -> Path {
        let mut segments = Vec::new();
        let mut at = id;
        while let Some((parent, segment)) = &self.nodes[at].parent {
            segments.push(segment.clone());
            at = *parent;
        }
        segments.reverse();
        Path(segments)
    }

    /// The ids of the values directly below a node, in order.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Vec<NodeId> {
        match self.value(id) {
            Value::Array(elements) | Value::Ranking(Ranked { elements, .. }) => elements.clone(),
            Value::Object(members) => members.iter().map(|(_, member)| *member).collect(),
            _ => Vec::new(),
        }
    }

    /// The last member with this name.
    #[must_use]
    pub fn member(&self, id: NodeId, name: &str) -> Option<NodeId> {
        match self.value(id) {
            Value::Object(members) => members
                .iter()
                .rev()
                .find(|(key, _)| key.decoded == name.as_bytes())
                .map(|(_, member)| *member),
            _ => None,
        }
    }

    /// The numbers of an array that holds nothing else and is not empty.
    #[must_use]
    pub fn numbers(&self, id: NodeId) -> Option<Vec<f64>> {
        let Value::Array(elements) = self.value(id) else {
            return None;
        };
        if elements.is_empty() {
            return None;
        }
        elements
            .iter()
            .map(|element| match self.value(*element) {
                Value::Number(lexeme) => lexeme.parse().ok(),
                _ => None,
            })
            .collect()
    }

    /// The value as compact JSON, cut after about `limit` bytes. Lexemes and escapes are kept.
    #[must_use]
    pub fn show(&self, id: NodeId, limit: usize) -> String {
        enum Piece {
            Node(NodeId),
            Text(String),
        }
        let mut out = String::new();
        let mut todo = vec![Piece::Node(id)];
        while let Some(piece) = todo.pop() {
            if out.len() > limit {
                out.push('…');
                break;
            }
            let id = match piece {
                Piece::Text(text) => {
                    out.push_str(&text);
                    continue;
                }
                Piece::Node(id) => id,
            };
            match self.value(id) {
                Value::Null => out.push_str("null"),
                Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
                Value::Number(lexeme) | Value::Near { lexeme, .. } => out.push_str(lexeme),
                Value::String(text) => {
                    let _ = write!(out, "\"{}\"", cut(&text.raw, limit));
                }
                Value::Replaced(what) => {
                    let _ = write!(out, "<{what}>");
                }
                Value::Vector(numbers) => {
                    let _ = write!(out, "{numbers:?}");
                }
                Value::Array(elements) | Value::Ranking(Ranked { elements, .. }) => {
                    out.push('[');
                    todo.push(Piece::Text("]".to_owned()));
                    for (index, element) in elements.iter().enumerate().rev() {
                        todo.push(Piece::Node(*element));
                        if index > 0 {
                            todo.push(Piece::Text(",".to_owned()));
                        }
                    }
                }
                Value::Object(members) => {
                    out.push('{');
                    todo.push(Piece::Text("}".to_owned()));
                    for (index, (key, member)) in members.iter().enumerate().rev() {
                        todo.push(Piece::Node(*member));
                        let comma = if index > 0 { "," } else { "" };
                        todo.push(Piece::Text(format!("{comma}\"{}\":", key.raw)));
                    }
                }
            }
        }
        out
    }
}

/// The text, or its first `limit` bytes with an ellipsis.
#[must_use]
pub fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = (0..=limit)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    format!("{}…", &text[..end])
}
