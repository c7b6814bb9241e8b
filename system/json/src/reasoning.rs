//! What a model writes, without its reasoning (`extract_json.md`, "Reasoning").

mod marks;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use crate::scan_drafted_value;
use marks::{Mark, Marks};

/// A model's text without its reasoning: each hidden part is one space.
#[derive(Debug, PartialEq, Eq)]
pub struct Visible<'t> {
    text: Cow<'t, str>,
    /// The offset in the text and the offset in the raw text at which each part begins, visible or
    /// hidden.
    parts: Vec<(usize, usize)>,
    has_hidden: bool,
}

impl<'t> Visible<'t> {
    /// Hides the reasoning in a text.
    pub fn of(raw: &'t str) -> Self {
        let hidden = hidden_parts(raw);
        if hidden.is_empty() {
            return Self {
                text: Cow::Borrowed(raw),
                parts: vec![(0, 0)],
                has_hidden: false,
            };
        }
        let mut text = String::with_capacity(raw.len());
        let mut parts = Vec::with_capacity(2 * hidden.len() + 1);
        let mut shown_to = 0;
        for Range { start, end } in hidden {
            parts.push((text.len(), shown_to));
            text.push_str(&raw[shown_to..start]);
            parts.push((text.len(), start));
            text.push(' ');
            shown_to = end;
        }
        parts.push((text.len(), shown_to));
        text.push_str(&raw[shown_to..]);
        Self {
            text: Cow::Owned(text),
            parts,
            has_hidden: true,
        }
    }

    /// The text that is left.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The offset in the raw text of an offset in the text.
    pub fn offset_in_raw(&self, offset: usize) -> usize {
        let part = self.parts.partition_point(|(start, _)| *start <= offset);
        let (start, raw_start) = self.parts[part - 1];
        raw_start + (offset - start)
    }

    /// Whether there is reasoning, and nothing but white space besides.
    pub fn is_only_reasoning(&self) -> bool {
        self.has_hidden && self.text.trim_matches([' ', '\t', '\n', '\r']).is_empty()
    }
}

/// The hidden parts of a text, in order.
fn hidden_parts(text: &str) -> Vec<Range<usize>> {
    let marks = Marks::new(text);
    if !marks.are_possible() {
        return Vec::new();
    }
    let mut hidden = Vec::new();
    // The mark that is open, and where it begins.
    let mut open = marks.open_at_start().map(|at| (at, Mark::OpensChannel));
    let mut next = open.map_or(0, |(at, _)| at);
    let mut broken_objects = HashSet::new();
    while let Some(at) = marks.next_candidate(next, open.is_none()) {
        next = at + 1;
        if text.as_bytes()[at] == b'{' && open.is_none() {
            if let Some(end) = object_end(text, at, &mut broken_objects) {
                next = end;
            }
            continue;
        }
        let Some((mark, end)) = marks.at(at) else {
            continue;
        };
        match (open, mark) {
            (_, Mark::Final) => {
                hide_all_before(&mut hidden, end);
                open = None;
            }
            (None, mark) if mark.opens() => open = Some((at, mark)),
            (None, Mark::Closes(_) | Mark::ClosesHalfChannel) => hide_all_before(&mut hidden, end),
            (Some((start, opening)), mark) if opening.is_closed_by(mark) => {
                hidden.push(start..end);
                open = None;
            }
            _ => {}
        }
        next = end;
    }
    if let Some((start, _)) = open {
        hidden.push(start..text.len());
    }
    hidden
}

fn hide_all_before(hidden: &mut Vec<Range<usize>>, end: usize) {
    hidden.clear();
    hidden.push(0..end);
}

/// The end of the complete object at `start`, of any nesting. Remembers the objects that are broken
/// because the one at `start` is, which keeps the search linear on texts like `{"a":{"a":{"a":…`.
fn object_end(text: &str, start: usize, broken_objects: &mut HashSet<usize>) -> Option<usize> {
    if broken_objects.contains(&start) {
        return None;
    }
    match scan_drafted_value(text, start) {
        Ok(scanned) => Some(scanned.end),
        Err(broken) => {
            broken_objects.extend(broken.open_objects.into_iter().skip(1));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasoning_becomes_one_space() {
        let cases = [
            ("a<think>b</think>c", "a c"),
            ("<THINK>b</Think>c", " c"),
            ("a<think depth=\"2\">b</think\n>c", "a c"),
            ("a<seed:think>b</seed:think>c", "a c"),
            ("a<thinking>b</thought>c", "a c"),
            ("a<reasoning>b</think>c", "a "),
            ("a<inner-monologue>b</inner_monologue>c", "a c"),
            ("a<think/>b", "a<think/>b"),
            ("a<think />b", "a<think />b"),
            ("a<thinker>b", "a<thinker>b"),
            ("a< think>b", "a< think>b"),
            ("a<think b", "a<think b"),
            ("a<think<think>b", "a<think "),
            ("a<think>b", "a "),
            ("b</think>c", " c"),
            ("b<channel|>c", " c"),
            ("<think>a</think>b</think>c", " c"),
            ("<think>a<think>b</think>c</think>d", " d"),
            ("<think>a</think><think>b</think>c", "  c"),
            ("<thinking>a<reflection>b</reflection>c</thinking>d", " d"),
            ("a<|think|>b<|/think|>c", "a c"),
            ("a<|think|>b<|end|>c", "a c"),
            ("a<|begin_of_thought|>b<|end_of_thought|>c", "a c"),
            ("a<|START_THINKING|>b<|END_THINKING|>c", "a c"),
            ("a<start_thinking>b", "a<start_thinking>b"),
            ("a[THINK]b[/THINK]c", "a c"),
            ("a[thought]b", "a[thought]b"),
            ("a[think]b</think>c", "a c"),
            ("a◁think▷b◁/think▷c", "a c"),
            ("a<|channel>thought\nb<channel|>c", "a c"),
            (
                "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>",
                " <|message|>b<|return|>",
            ),
            ("a<|end|>b<|channel|> Final b", "  b"),
            ("a<|channel|>finally b", "a "),
            ("<|channel|>commentary to=f<|message|>a<|call|>b", " b"),
            (
                "<|channel|>analysis<|message|>a<think></think>b<|end|>c",
                " c",
            ),
            ("a<|end|>b", "a<|end|>b"),
            ("<think>a<|end|>b</think>c", " c"),
            ("\n analysisWe need assistantfinal b", "  b"),
            ("analysisWe need b", " "),
            ("analysisWe need<|end|>b", " b"),
            (
                "analysis we need assistantfinal b",
                "analysis we need assistantfinal b",
            ),
            ("assistantfinal b", "assistantfinal b"),
            ("{\"a\":\"<think>\"} b", "{\"a\":\"<think>\"} b"),
            ("{\"a\":\"</think>\"} b", "{\"a\":\"</think>\"} b"),
            (
                "{\"a\":\"<|channel|>final\"} b",
                "{\"a\":\"<|channel|>final\"} b",
            ),
            (
                "{ note: {\"a\":\"<think>\"}} b",
                "{ note: {\"a\":\"<think>\"}} b",
            ),
            ("{\"a\":\"<think>\",} b", "{\"a\":\" "),
            ("<think>{\"a\":\"</think>\"}b</think>c", " c"),
        ];
        for (raw, want) in cases {
            assert_eq!(Visible::of(raw).text(), want, "{raw}");
        }
    }

    #[test]
    fn places_are_those_of_the_raw_text() {
        let visible = Visible::of("ab<think>cd</think>ef<think>gh");
        assert_eq!(visible.text(), "ab ef ");
        let offsets: Vec<_> = (0..=6).map(|at| visible.offset_in_raw(at)).collect();
        assert_eq!(offsets, [0, 1, 2, 19, 20, 21, 30]);
        assert_eq!(Visible::of("ab").offset_in_raw(2), 2);
    }

    #[test]
    fn only_reasoning_is_recognised() {
        assert!(Visible::of("<think>a</think>\n ").is_only_reasoning());
        assert!(!Visible::of("<think>a</think>b").is_only_reasoning());
        assert!(!Visible::of(" ").is_only_reasoning());
    }
}
