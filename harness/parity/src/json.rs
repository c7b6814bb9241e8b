//! Lossless JSON: number lexemes, escapes, key order, duplicate keys and byte offsets are kept.
//!
//! A [`Document`] is an arena of [`Node`]s rather than a tree of boxes, so that reading, walking and
//! dropping input nested ten thousand levels deep needs no call stack. Strings are decoded to
//! generalised UTF-8 (a lone surrogate keeps its three bytes), so that `"\ud800"` differs from
//! `"\ufffd"`. A document never changes; [`Marked`] records what normalisers hide in one.

mod changed;
mod number;
mod parse;
mod path;
mod select;
mod tree;

use std::ops::Range;

pub use changed::changed_paths;
pub use number::Decimal;
pub use parse::{SyntaxError, parse};
pub use path::{Path, Segment};
pub use select::{PathError, Query};
pub use tree::{Marked, Tree};

/// Index of a node in its document.
pub type NodeId = usize;

/// A parsed JSON text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    nodes: Vec<Node>,
    depth: usize,
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// The bytes of the text that it occupies.
    pub span: Range<usize>,
    /// The array or object that contains it, and its place there; none for the root.
    parent: Option<(NodeId, Segment)>,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number's text.
    Number(String),
    /// A string.
    String(Text),
    /// The elements.
    Array(Vec<NodeId>),
    /// The members, in order, duplicates included.
    Object(Vec<(Text, NodeId)>),
}

/// A string, decoded and as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Generalised UTF-8.
    pub decoded: Vec<u8>,
    /// The text between the quotes, with its escapes.
    pub raw: String,
}

impl Text {
    /// The text for messages; lone surrogates become U+FFFD.
    #[must_use]
    pub fn lossy(&self) -> String {
        String::from_utf8_lossy(&self.decoded).into_owned()
    }
}

impl Document {
    /// The root's id.
    pub const ROOT: NodeId = 0;

    /// The node of an id.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// The number of arrays and objects around the innermost value.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The value of an id.
    #[must_use]
    pub fn value(&self, id: NodeId) -> &Value {
        &self.nodes[id].value
    }

    /// The array or object that contains a value, and its place there; none for the root.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<(NodeId, &Segment)> {
        let (parent, segment) = self.nodes[id].parent.as_ref()?;
        Some((*parent, segment))
    }

    /// The path of a value.
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
