//! The JSON objects in a text that a language model wrote (`extract_json.md`).
//!
//! [`extract_json`] returns the first one. [`Reply`] has all of them, and what is wrong where there
//! is none.

mod fault;
mod objects;
mod pieces;

use lakehouse_json::{Visible, carried_over, string};

use fault::Fault;
use objects::{Found, Objects};
use pieces::{Piece, passes};

/// Finds the first JSON object outside of the model's reasoning: in the fences tagged `json`, then
/// in those without a tag, then in the whole text. Returns its text, carried over.
pub fn extract_json(text: &str) -> Option<String> {
    Reply::new(text).objects().next()
}

/// A model's reply without its reasoning.
pub(crate) struct Reply<'t> {
    raw: &'t str,
    visible: Visible<'t>,
}

/// The reason why a reply has no object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoObject {
    /// An object is not valid JSON.
    Invalid {
        /// The line of the fault in the reply, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
        /// What is wrong.
        fault: &'static str,
    },
    /// An object has more than 128 levels.
    TooDeep,
    /// There is reasoning and nothing else.
    OnlyReasoning,
    /// No object was begun.
    Absent,
}

impl<'t> Reply<'t> {
    pub(crate) fn new(raw: &'t str) -> Self {
        let visible = Visible::of(raw);
        Self { raw, visible }
    }

    /// The objects in the order in which they count, carried over. Objects of fences are also those
    /// of the whole text and repeat there.
    pub(crate) fn objects(&self) -> impl Iterator<Item = String> {
        let pieces = passes(self.visible.text()).into_iter().flatten();
        pieces.flat_map(|piece| {
            Objects::of(piece.text).filter_map(move |found| match found {
                Found::Object(range) => Some(written(&piece.text[range])),
                Found::Broken { .. } | Found::TooDeep => None,
            })
        })
    }

    /// The reason why there is no object.
    pub(crate) fn no_object(&self) -> NoObject {
        let mut too_deep = false;
        for pass in passes(self.visible.text()) {
            let mut last_fault = None;
            for Piece { start, text } in pass {
                for found in Objects::of(text) {
                    match found {
                        Found::Broken(broken) => {
                            let Fault { at, what } = Fault::of(text, &broken);
                            last_fault = Some((start + at, what));
                        }
                        Found::TooDeep => too_deep = true,
                        Found::Object(_) => {}
                    }
                }
            }
            if let Some((at, fault)) = last_fault {
                let (line, column) = place(&self.raw[..self.visible.offset_in_raw(at)]);
                return NoObject::Invalid {
                    line,
                    column,
                    fault,
                };
            }
        }
        if too_deep {
            NoObject::TooDeep
        } else if self.visible.is_only_reasoning() {
            NoObject::OnlyReasoning
        } else {
            NoObject::Absent
        }
    }
}

/// An object of a reply, carried over, with the raw control characters of its strings as escapes.
fn written(object: &str) -> String {
    let compact = carried_over(object);
    if !compact.bytes().any(|byte| byte < 0x20) {
        return compact;
    }
    let mut out = String::with_capacity(compact.len() + 16);
    // Outside of strings there is no control character left.
    for piece in compact.split_inclusive(|c| c < ' ') {
        let (text, control) = match piece.char_indices().next_back() {
            Some((at, c)) if c < ' ' => piece.split_at(at),
            _ => (piece, ""),
        };
        out.push_str(text);
        out.push_str(string(control).trim_matches('"'));
    }
    out
}

/// The line and the column, both from 1, of the end of a text.
fn place(before: &str) -> (usize, usize) {
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}
