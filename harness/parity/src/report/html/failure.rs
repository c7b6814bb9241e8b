//! One failing case in full: input, differences by path, text diff, both answers, how to run it.

use askama::Template;
use lakehouse_rig::text::{Prose, counted, prose, shorten, side_by_side, visible};

use crate::observation::Observation;
use crate::outcome::{CaseOutcome, JudgedDifference};
use crate::report::text::{self, Layout};
use crate::report::text_diff::{self, LineSide};

/// How much of a page a failure may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// The example that is open.
    Wide,
    /// One of the folded ones, of which there may be hundreds.
    Narrow,
}

impl Room {
    fn text(self) -> usize {
        match self {
            Room::Wide => 8_000,
            Room::Narrow => 2_000,
        }
    }

    fn lines(self) -> usize {
        match self {
            Room::Wide => 150,
            Room::Narrow => 40,
        }
    }

    fn differences(self) -> usize {
        match self {
            Room::Wide => 40,
            Room::Narrow => 12,
        }
    }
}

/// Characters of a value in the table of differences.
const TABLE_VALUE: usize = 400;

/// Longest text that is laid out and compared line by line.
const MAX_OBSERVATION: usize = 100_000;

#[derive(Template)]
#[template(path = "failure.html")]
pub(super) struct FailureView {
    pub(super) anchor: String,
    pub(super) case: String,
    pub(super) transport: String,
    pub(super) why: String,
    pub(super) attribution: String,
    pub(super) reasons: Vec<Prose>,
    inputs: Vec<(String, String)>,
    differences: Vec<DifferenceView>,
    more_differences: String,
    diff: Vec<LineView>,
    same_when_laid_out: bool,
    sides: Vec<SideView>,
    pins: Vec<String>,
    rerun: String,
    left_name: String,
    right_name: String,
}

struct DifferenceView {
    path: String,
    kind: String,
    left: String,
    right: String,
    declared: bool,
}

struct LineView {
    class: &'static str,
    sign: &'static str,
    pieces: Vec<(bool, String)>,
}

struct SideView {
    name: String,
    text: String,
    stderr: String,
}

impl FailureView {
    pub(super) fn of(case: &CaseOutcome, anchor: String, room: Room) -> FailureView {
        let (diff, same_when_laid_out) = diff(case, room);
        FailureView {
            anchor,
            case: case.case.clone(),
            transport: case.transport.to_string(),
            why: case.why.clone().unwrap_or_default(),
            attribution: case.attribution.clone().unwrap_or_default(),
            reasons: case.reasons.iter().map(|reason| prose(reason)).collect(),
            inputs: case
                .inputs
                .iter()
                .map(|input| (input.request.clone(), shown(&input.text, room)))
                .collect(),
            differences: case
                .differences
                .iter()
                .take(room.differences())
                .map(DifferenceView::of)
                .collect(),
            more_differences: match case.differences.len().saturating_sub(room.differences()) {
                0 => String::new(),
                rest => counted(rest, "more difference"),
            },
            diff,
            same_when_laid_out,
            sides: [
                (&case.reference, case.left.as_deref()),
                (&case.implementation, case.right.as_deref()),
            ]
            .into_iter()
            .map(|(name, observation)| SideView::of(name, observation, room))
            .collect(),
            pins: case.suggested_pins.clone(),
            rerun: case.rerun.clone(),
            left_name: case.reference.clone(),
            right_name: case.implementation.clone(),
        }
    }
}

impl DifferenceView {
    fn of(judged: &JudgedDifference) -> DifferenceView {
        let difference = &judged.difference;
        let (left, right) =
            side_by_side(&difference.left.text, &difference.right.text, TABLE_VALUE);
        DifferenceView {
            path: visible(&difference.path).into_owned(),
            kind: difference.kind.to_string(),
            left,
            right,
            declared: judged.pin.is_some(),
        }
    }
}

impl SideView {
    fn of(name: &str, observation: Option<&Observation>, room: Room) -> SideView {
        let Some(observation) = observation else {
            return SideView {
                name: name.to_owned(),
                text: "no answer".to_owned(),
                stderr: String::new(),
            };
        };
        let stderr: Vec<&str> = observation
            .steps
            .iter()
            .map(|step| step.stderr_tail.trim_end())
            .filter(|tail| !tail.is_empty())
            .collect();
        SideView {
            name: name.to_owned(),
            text: shown(&text::of_observation(observation, Layout::Kept), room),
            stderr: shown(&stderr.join("\n"), room),
        }
    }
}

/// The text diff, and whether it is empty although the answers are not the same bytes.
fn diff(case: &CaseOutcome, room: Room) -> (Vec<LineView>, bool) {
    let (Some(left), Some(right)) = (&case.left, &case.right) else {
        return (Vec::new(), false);
    };
    // An answer beside a failure has nothing to compare it with.
    if left.failure().is_some() || right.failure().is_some() {
        return (Vec::new(), false);
    }
    let laid_out = |observation: &Observation| {
        let text = text::of_observation(observation, Layout::Indented);
        visible(&text[..text.floor_char_boundary(MAX_OBSERVATION)]).into_owned()
    };
    let lines = text_diff::diff(&laid_out(left), &laid_out(right), room.lines());
    let same_when_laid_out = lines.is_empty() && left != right;
    let views = lines
        .into_iter()
        .map(|line| {
            let (class, sign) = match line.side {
                LineSide::Both => ("both", " "),
                LineSide::Left => ("left", "-"),
                LineSide::Right => ("right", "+"),
                LineSide::Gap => ("gap", "⋯"),
            };
            LineView {
                class,
                sign,
                pieces: line
                    .pieces
                    .into_iter()
                    .map(|piece| (piece.changed, piece.text))
                    .collect(),
            }
        })
        .collect();
    (views, same_when_laid_out)
}

fn shown(text: &str, room: Room) -> String {
    visible(&shorten(text, room.text())).into_owned()
}
