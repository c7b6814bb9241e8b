//! Compares the answers to one input, and identifies equal findings by their [`Signature`].

use std::fmt;

use lakehouse_rig::implementation::Transport;

use super::steps;
use crate::compare::guard::{self, Usability};
use crate::compare::{Prepared, compare, prepare};
use crate::config::{CaseStep, Probe, Root};
use crate::coverage;
use crate::difference::{Difference, DifferenceKind, Side, generalised};
use crate::observation::{Observation, Step};

/// What identifies a finding: two differences of one signature are one finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Signature {
    /// The route of the request, when inputs are sequences.
    pub(super) route: Option<String>,
    /// The path with `[*]` for indices.
    pub(super) path: String,
    pub(super) kind: DifferenceKind,
    /// The shapes of both sides, for kinds such as statuses that all have one path.
    sides: Option<(String, String)>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}", self.place(), self.kind)?;
        if let Some((left, right)) = &self.sides {
            write!(f, ": {left} | {right}")?;
        }
        f.write_str(")")
    }
}

impl Signature {
    /// The route and the path.
    pub(super) fn place(&self) -> String {
        let route = self.route.as_ref();
        route.map_or_else(
            || self.path.clone(),
            |route| format!("{route} {}", self.path),
        )
    }
}

/// An input whose answers differ in a way that is not known yet.
pub(super) struct Mismatch {
    pub(super) input: Vec<u8>,
    pub(super) implementation: String,
    pub(super) signature: Signature,
}

/// A pair of answers that differ.
#[derive(Debug)]
pub(super) struct Disagreement {
    /// The first step that differs. Later differences follow from it.
    pub(super) step: usize,
    /// The differences in that step.
    pub(super) differences: Vec<Difference>,
}

/// Compares the answers of the reference and one implementation on one surface.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) root: &'a Root,
    pub(super) probe: &'a Probe,
    pub(super) transport: Transport,
    pub(super) implementation: &'a str,
    /// Paths below which the input names the members.
    pub(super) carried: &'a [String],
    /// Whether inputs are sequences of requests.
    pub(super) steps: bool,
}

impl Judge<'_> {
    /// The first step with a difference that is not accepted, in the answers to an input.
    pub(super) fn disagreement(
        &self,
        input: &[u8],
        left: &Observation,
        right: &Observation,
    ) -> Option<Disagreement> {
        let sent = steps::of_input(input, self.steps)?;
        let pairs = left.steps.iter().zip(&right.steps);
        for (step, (sent, pair)) in sent.iter().zip(pairs).enumerate() {
            let differences = self.differences(sent, pair.into());
            if !differences.is_empty() {
                return Some(Disagreement { step, differences });
            }
        }
        None
    }

    fn differences(&self, sent: &CaseStep, pair: [&Step; 2]) -> Vec<Difference> {
        if pair.iter().any(|step| step.failure.is_some()) {
            let shown = |step: &Step| match &step.failure {
                Some(failure) => side(failure.name(), &failure.to_string()),
                None => answer(step),
            };
            return vec![failure("failure", shown(pair[0]), shown(pair[1]))];
        }
        let prepared = pair.map(|step| self.prepare(step));
        let broken = [0, 1].map(|index| self.why_broken(sent, pair[index], &prepared[index]));
        if broken.iter().any(Option::is_some) {
            let shown = |index: usize| match &broken[index] {
                Some(why) => side("no proper answer", why),
                None => answer(pair[index]),
            };
            return vec![failure("answer", shown(0), shown(1))];
        }
        let mut all = compare(&prepared[0], &prepared[1], &self.probe.compare, false);
        all.retain(|difference| !self.is_accepted(difference));
        // Another status comes with another body: report the status alone.
        if let Some(at) = all.iter().position(|d| d.kind == DifferenceKind::Status) {
            let status = all.swap_remove(at);
            return vec![status];
        }
        all
    }

    fn is_accepted(&self, difference: &Difference) -> bool {
        let pair = [self.root.reference.as_str(), self.implementation];
        self.root
            .pins
            .iter()
            .any(|pin| pin.accepts(&self.probe.surface, pair, self.transport, difference))
    }

    /// The signature of a difference in this step of the answers.
    pub(super) fn signature(
        &self,
        input: &[u8],
        step: usize,
        difference: &Difference,
    ) -> Signature {
        let sent = self.steps.then(|| steps::read(input)).flatten();
        let route = sent
            .and_then(|sent| Some(coverage::route(self.probe, sent.get(step)?, self.transport)));
        let mut path = generalised(&difference.path);
        for carried in self.carried {
            let below = path
                .strip_prefix(carried.as_str())
                .is_some_and(|rest| rest.starts_with(['.', '[']));
            if below {
                path = format!("{carried}..");
            }
        }
        let by_sides = matches!(
            difference.kind,
            DifferenceKind::Status | DifferenceKind::Failure
        );
        let sides = by_sides.then(|| {
            (
                difference.left.shape.clone(),
                difference.right.shape.clone(),
            )
        });
        Signature {
            route,
            path,
            kind: difference.kind,
            sides,
        }
    }

    /// The index of the difference with this signature.
    pub(super) fn position(
        &self,
        input: &[u8],
        disagreement: &Disagreement,
        signature: &Signature,
    ) -> Option<usize> {
        let mut all = disagreement.differences.iter();
        let step = disagreement.step;
        all.position(|difference| self.signature(input, step, difference) == *signature)
    }

    /// Whether any step is an error.
    pub(super) fn has_error(&self, observation: &Observation) -> bool {
        observation.steps.iter().any(|step| self.is_error(step))
    }

    /// Whether a step is an error by its status, its exit code or the probe's `[guard]`.
    pub(super) fn is_error(&self, step: &Step) -> bool {
        step.failure.is_none() && guard::is_error(step, self.probe)
    }

    fn prepare(&self, step: &Step) -> Prepared {
        prepare(&Observation::single(step.clone()), self.probe, None)
    }

    /// Why an answer cannot be compared, if so.
    fn why_broken(&self, sent: &CaseStep, step: &Step, prepared: &Prepared) -> Option<String> {
        match guard::check(step, &prepared.steps[0], sent, self.probe) {
            Usability::Broken(why) | Usability::Empty(why) => Some(why),
            _ => prepared.hits.iter().find_map(|hit| hit.problem.clone()),
        }
    }
}

fn failure(path: &str, left: Side, right: Side) -> Difference {
    Difference {
        path: path.to_owned(),
        kind: DifferenceKind::Failure,
        left,
        right,
    }
}

fn answer(step: &Step) -> Side {
    side("an answer", &String::from_utf8_lossy(&step.body))
}

fn side(shape: &str, text: &str) -> Side {
    Side {
        shape: shape.to_owned(),
        text: crate::json::cut(text, 2_000),
    }
}
