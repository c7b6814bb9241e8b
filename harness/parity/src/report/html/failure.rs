//! One failing case: request, differences by path, line diff, both answers, command.
//!
//! The template renders the first ones of a page, the page's script the others from the same
//! fields as JSON.

mod crash;
mod diff;
mod input;

use std::collections::BTreeSet;

use askama::Template;
use lakehouse_rig::text::{Prose, counted, prose, shorten, side_by_side, visible};
use serde::Serialize;

use self::crash::CrashView;
use self::diff::LineView;
use self::input::InputView;
use super::anchor;
use crate::observation::Observation;
use crate::outcome::{CaseOutcome, JudgedDifference, Noise};
use crate::report::text::{self, Layout};

/// How much of a failure is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// For the first example of a group.
    Full,
    /// For the folded examples, of which there may be hundreds.
    Brief,
    /// For a page of thousands: no answers, only what differs.
    Short,
}

impl Detail {
    fn max_text(self) -> usize {
        match self {
            Detail::Full => 8_000,
            Detail::Brief => 2_000,
            Detail::Short => 80,
        }
    }

    fn max_differences(self) -> usize {
        match self {
            Detail::Full => 40,
            Detail::Brief => 12,
            Detail::Short => 1,
        }
    }

    /// Characters of a value in the table of differences.
    fn max_value(self) -> usize {
        match self {
            Detail::Full | Detail::Brief => 400,
            Detail::Short => 40,
        }
    }
}

/// Places that change between identical requests, of a case.
const MAX_NOISE: usize = 5;

/// Characters of the values at such a place.
const MAX_NOISE_VALUES: usize = 200;

/// One failing case. The script's `card` reads the serialised names; every number that is
/// serialised would be read as an index of a string, so there is none.
#[derive(Template, Serialize)]
#[template(path = "failure.html")]
pub(super) struct FailureView {
    #[serde(skip)]
    id: String,
    #[serde(skip)]
    href: String,
    surface: String,
    transport: String,
    implementation: String,
    case: String,
    status: String,
    /// The kinds of its unexpected differences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    attribution: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    /// The places that change between identical requests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    noise: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crashes: Vec<CrashView>,
    inputs: Vec<InputView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<DifferenceView>,
    #[serde(skip_serializing_if = "String::is_empty")]
    more: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diff: Vec<LineView>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    same_when_indented: bool,
    /// Empty for [`Detail::Short`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sides: Vec<SideView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pins: Vec<String>,
    #[serde(skip)]
    rerun: String,
    /// The command without the case's name, which is between the parts: thousands of failures
    /// share them.
    #[serde(rename = "rerun")]
    rerun_parts: Vec<String>,
    #[serde(skip)]
    reference: String,
}

#[derive(Serialize)]
struct DifferenceView {
    path: String,
    kind: &'static str,
    left: String,
    right: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    accepted: bool,
}

#[derive(Serialize)]
struct SideView {
    name: String,
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    stderr: String,
}

impl FailureView {
    pub(super) fn new(case: &CaseOutcome, detail: Detail) -> FailureView {
        let (diff, same_when_indented) = match detail {
            Detail::Short => (Vec::new(), false),
            _ => diff::lines(case, detail),
        };
        let names = [&case.reference, &case.implementation];
        let answers = [case.left.as_deref(), case.right.as_deref()];
        let sides = names.into_iter().zip(answers);
        let (differences, more) = case.listed_differences(detail.max_differences());
        FailureView {
            id: anchor::id(case),
            href: anchor::href(case),
            surface: visible(&case.surface).into_owned(),
            transport: case.transport.to_string(),
            implementation: visible(&case.implementation).into_owned(),
            case: visible(&case.case).into_owned(),
            status: case.verdict.to_string(),
            kinds: kinds(case),
            why: match (&case.why, detail) {
                (None, _) | (_, Detail::Short) => String::new(),
                (Some(why), _) => shown(why, detail),
            },
            attribution: case
                .attribution
                .as_deref()
                .map(|who| shown(who, detail))
                .unwrap_or_default(),
            reasons: case
                .reasons
                .iter()
                .map(|reason| shown(reason, detail))
                .collect(),
            noise: case.noise.iter().take(MAX_NOISE).map(noise).collect(),
            crashes: case.crashes().iter().map(CrashView::new).collect(),
            inputs: input::views(case, detail),
            differences: differences
                .into_iter()
                .map(|judged| DifferenceView::new(judged, detail))
                .collect(),
            more: match more {
                0 => String::new(),
                more => counted(more, "more difference"),
            },
            diff,
            same_when_indented,
            sides: match detail {
                Detail::Short => Vec::new(),
                _ => sides
                    .map(|(name, answer)| SideView::new(name, answer, detail))
                    .collect(),
            },
            pins: match detail {
                Detail::Short => Vec::new(),
                _ => case
                    .listed_pins()
                    .0
                    .iter()
                    .map(|pin| visible(pin).into_owned())
                    .collect(),
            },
            rerun: visible(&case.rerun).into_owned(),
            rerun_parts: visible(&case.rerun)
                .splitn(2, &*visible(&case.case))
                .map(str::to_owned)
                .collect(),
            reference: visible(&case.reference).into_owned(),
        }
    }

    fn prose(&self) -> Vec<Prose> {
        let messages = self.reasons.iter().chain(&self.noise);
        messages.map(|reason| prose(reason)).collect()
    }
}

/// `` `go` changes between identical requests at `body:$.n`: number 1 | number 2``.
fn noise(noise: &Noise) -> String {
    let values = shorten(&noise.values.join(" | "), MAX_NOISE_VALUES).into_owned();
    let text = format!(
        "`{}` changes between identical requests at `{}`: {values}",
        noise.implementation, noise.path
    );
    visible(&text).into_owned()
}

/// The kinds of a case's unexpected differences, each once.
fn kinds(case: &CaseOutcome) -> Vec<&'static str> {
    let unexpected = case.differences.iter().filter(|d| d.pin.is_none());
    let kinds: BTreeSet<&str> = unexpected.map(|d| d.difference.kind.label()).collect();
    kinds.into_iter().collect()
}

impl DifferenceView {
    fn new(judged: &JudgedDifference, detail: Detail) -> DifferenceView {
        let difference = &judged.difference;
        let (left, right) = side_by_side(
            &difference.left.text,
            &difference.right.text,
            detail.max_value(),
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
                name: visible(name).into_owned(),
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
            name: visible(name).into_owned(),
            text: shown(&text::of_observation(observation, Layout::Raw), detail),
            stderr: shown(&stderr.join("\n"), detail),
        }
    }
}

/// A text of the case, cut to the detail's length.
fn shown(text: &str, detail: Detail) -> String {
    visible(&shorten(text, detail.max_text())).into_owned()
}
