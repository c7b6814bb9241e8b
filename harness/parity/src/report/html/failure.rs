//! One failing case in full: input, differences by path, line diff, both answers, command.

use askama::Template;
use lakehouse_rig::text::{Prose, counted, prose, shorten, side_by_side, visible};

use crate::observation::Observation;
use crate::outcome::{CaseOutcome, JudgedDifference};
use crate::report::text::{self, Layout};
use crate::report::text_diff::{self, LineSide};

/// How much of a failure is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// For the first example of a group.
    Full,
    /// For the folded examples, of which there may be hundreds.
    Brief,
}

impl Detail {
    /// The detail for a group's example.
    pub(super) fn of_example(index: usize) -> Detail {
        if index == 0 {
            Detail::Full
        } else {
            Detail::Brief
        }
    }

    fn max_text(self) -> usize {
        match self {
            Detail::Full => 8_000,
            Detail::Brief => 2_000,
        }
    }

    fn max_lines(self) -> usize {
        match self {
            Detail::Full => 150,
            Detail::Brief => 40,
        }
    }

    fn max_differences(self) -> usize {
        match self {
            Detail::Full => 40,
            Detail::Brief => 12,
        }
    }
}

/// Characters of a value in the table of differences.
const MAX_TABLE_VALUE: usize = 400;

/// Bytes of an observation that are indented and compared line by line.
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
    same_when_indented: bool,
    sides: Vec<SideView>,
    pins: Vec<String>,
    rerun: String,
    left_name: String,
    right_name: String,
}

struct DifferenceView {
    path: String,
    kind: &'static str,
    left: String,
    right: String,
    accepted: bool,
}

struct LineView {
    class: &'static str,
    /// The side that has the line; empty for both.
    side: String,
    pieces: Vec<(bool, String)>,
}

struct SideView {
    name: String,
    text: String,
    stderr: String,
}

impl FailureView {
    pub(super) fn new(case: &CaseOutcome, anchor: String, detail: Detail) -> FailureView {
        let (diff, same_when_indented) = diff(case, detail);
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
                .map(|input| (input.request.clone(), shown(&input.text, detail)))
                .collect(),
            differences: case
                .differences
                .iter()
                .take(detail.max_differences())
                .map(DifferenceView::new)
                .collect(),
            more_differences: match case
                .differences
                .len()
                .saturating_sub(detail.max_differences())
            {
                0 => String::new(),
                rest => counted(rest, "more difference"),
            },
            diff,
            same_when_indented,
            sides: [
                (&case.reference, case.left.as_deref()),
                (&case.implementation, case.right.as_deref()),
            ]
            .into_iter()
            .map(|(name, observation)| SideView::new(name, observation, detail))
            .collect(),
            pins: case.suggested_pins.clone(),
            rerun: case.rerun.clone(),
            left_name: case.reference.clone(),
            right_name: case.implementation.clone(),
        }
    }
}

impl DifferenceView {
    fn new(judged: &JudgedDifference) -> DifferenceView {
        let difference = &judged.difference;
        let (left, right) = side_by_side(
            &difference.left.text,
            &difference.right.text,
            MAX_TABLE_VALUE,
        );
        DifferenceView {
            path: visible(&difference.path).into_owned(),
            kind: difference.kind.label(),
            left,
            right,
            accepted: judged.pin.is_some(),
        }
    }
}

impl SideView {
    fn new(name: &str, observation: Option<&Observation>, detail: Detail) -> SideView {
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
            text: shown(&text::of_observation(observation, Layout::Raw), detail),
            stderr: shown(&stderr.join("\n"), detail),
        }
    }
}

/// The line diff, and whether it is empty although the answers differ.
fn diff(case: &CaseOutcome, detail: Detail) -> (Vec<LineView>, bool) {
    let (Some(left), Some(right)) = (&case.left, &case.right) else {
        return (Vec::new(), false);
    };
    // A failed answer has nothing to compare.
    if left.failure().is_some() || right.failure().is_some() {
        return (Vec::new(), false);
    }
    let indented = |observation: &Observation| {
        let text = text::of_observation(observation, Layout::Indented);
        visible(&text[..text.floor_char_boundary(MAX_OBSERVATION)]).into_owned()
    };
    let lines = text_diff::diff(&indented(left), &indented(right), detail.max_lines());
    let same_when_indented = lines.is_empty() && left != right;
    let views = lines
        .into_iter()
        .map(|line| {
            let (class, side) = match line.side {
                LineSide::Both => ("both", ""),
                LineSide::Left => ("left", case.reference.as_str()),
                LineSide::Right => ("right", case.implementation.as_str()),
                LineSide::Gap => ("gap", ""),
            };
            LineView {
                class,
                side: side.to_owned(),
                pieces: line
                    .pieces
                    .into_iter()
                    .map(|piece| (piece.changed, piece.text))
                    .collect(),
            }
        })
        .collect();
    (views, same_when_indented)
}

fn shown(text: &str, detail: Detail) -> String {
    visible(&shorten(text, detail.max_text())).into_owned()
}
