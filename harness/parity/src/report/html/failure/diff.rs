//! The line diff of a failure's raw responses.

use lakehouse_rig::text::{counted, shorten, visible};
use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use super::Detail;
use crate::observation::Observation;
use crate::outcome::CaseOutcome;
use crate::report::text::{self, Layout};
use crate::report::text_diff::{self, Line, LineSide};

/// Bytes of an observation that are indented and compared line by line.
const MAX_OBSERVATION: usize = 100_000;

/// Characters of a piece of a line.
const MAX_PIECE: usize = 1_000;

/// One line: the side that has it, and its pieces, of which `true` ones changed.
pub(super) struct LineView {
    pub(super) class: &'static str,
    pub(super) pieces: Vec<(bool, String)>,
}

/// The diff, and whether it is empty although the answers differ.
pub(super) fn lines(case: &CaseOutcome, detail: Detail) -> (Vec<LineView>, bool) {
    let (Some(left), Some(right)) = (&case.left, &case.right) else {
        return (Vec::new(), false);
    };
    // A failed answer has nothing to compare.
    if left.failure().is_some() || right.failure().is_some() {
        return (Vec::new(), false);
    }
    let lines = text_diff::diff(&indented(left), &indented(right), max_lines(detail));
    let same_when_indented = lines.is_empty() && left != right;
    (fitting(lines, detail), same_when_indented)
}

fn indented(observation: &Observation) -> String {
    let text = text::of_observation(observation, Layout::Indented);
    visible(&text[..text.floor_char_boundary(MAX_OBSERVATION)]).into_owned()
}

fn max_lines(detail: Detail) -> usize {
    match detail {
        Detail::Full => 150,
        Detail::Brief | Detail::Short => 40,
    }
}

/// The lines up to twice the length of an answer: a diff has both sides.
fn fitting(lines: Vec<Line>, detail: Detail) -> Vec<LineView> {
    let all = lines.len();
    let mut room = detail.max_text() * 2;
    let mut views = Vec::new();
    for line in lines {
        let view = LineView::new(line);
        let length: usize = view.pieces.iter().map(|(_, text)| text.len()).sum();
        if length > room && !views.is_empty() {
            let rest = counted(all - views.len(), "more line");
            views.push(LineView {
                class: "gap",
                pieces: vec![(false, rest)],
            });
            break;
        }
        room = room.saturating_sub(length);
        views.push(view);
    }
    views
}

impl LineView {
    fn new(line: Line) -> LineView {
        LineView {
            class: match line.side {
                LineSide::Both => "both",
                LineSide::Left => "left",
                LineSide::Right => "right",
                LineSide::Gap => "gap",
            },
            pieces: line
                .pieces
                .into_iter()
                .map(|piece| (piece.changed, shorten(&piece.text, MAX_PIECE).into_owned()))
                .collect(),
        }
    }
}

/// `["left", "unchanged", "changed", "unchanged", …]`; a piece may be empty.
impl Serialize for LineView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        sequence.serialize_element(self.class)?;
        let mut next_changed = false;
        for (changed, text) in &self.pieces {
            if *changed != next_changed {
                sequence.serialize_element("")?;
            }
            sequence.serialize_element(text)?;
            next_changed = !changed;
        }
        sequence.end()
    }
}
