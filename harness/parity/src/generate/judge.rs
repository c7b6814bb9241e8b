//! Whether two answers to one made input agree, and what the difference is called if not.

use std::fmt;

use lakehouse_rig::implementation::Transport;

use super::steps;
use crate::compare::guard::{self, Usability};
use crate::compare::{compare, prepare};
use crate::config::{CaseStep, Probe, Root};
use crate::coverage;
use crate::difference::{Difference, DifferenceKind, Side, generalised};
use crate::observation::{Observation, Step};

/// What two findings have in common that are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Signature {
    /// The route of the request, where an input is several.
    pub(super) route: Option<String>,
    /// A path pattern.
    pub(super) path: String,
    pub(super) kind: DifferenceKind,
    /// Where the path alone says nothing, as with a status.
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
    /// The path, behind the route where there is one.
    pub(super) fn place(&self) -> String {
        let route = self.route.as_ref();
        route.map_or_else(
            || self.path.clone(),
            |route| format!("{route} {}", self.path),
        )
    }
}

/// Where a pair does not agree.
#[derive(Debug)]
pub(super) struct Disagreement {
    /// The first step that differs: what comes behind it follows from it.
    pub(super) step: usize,
    /// What differs there.
    pub(super) differences: Vec<Difference>,
}

/// How the answers of one pair on one surface are judged.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) root: &'a Root,
    pub(super) probe: &'a Probe,
    pub(super) transport: Transport,
    pub(super) implementation: &'a str,
    /// Paths below which members are named by the input.
    pub(super) carried: &'a [String],
    /// Whether inputs are requests one after the other.
    pub(super) steps: bool,
}

impl Judge<'_> {
    /// What is wrong with a pair of answers and nobody has declared.
    pub(super) fn disagreement(
        &self,
        left: &Observation,
        right: &Observation,
    ) -> Option<Disagreement> {
        let pairs = left.steps.iter().zip(&right.steps).enumerate();
        for (step, (left, right)) in pairs {
            let differences = self.differences(left, right);
            if !differences.is_empty() {
                return Some(Disagreement { step, differences });
            }
        }
        None
    }

    fn differences(&self, left: &Step, right: &Step) -> Vec<Difference> {
        if left.failure.is_some() || right.failure.is_some() {
            let side = |step: &Step| match &step.failure {
                Some(failure) => named(failure.name(), &failure.to_string()),
                None => named("an answer", &String::from_utf8_lossy(&step.body)),
            };
            return vec![failure("failure", side(left), side(right))];
        }
        let pair = [left, right];
        let observations = pair.map(|step| Observation::single(step.clone()));
        let prepared = [0, 1].map(|index| prepare(&observations[index], self.probe, None));
        let broken = [0, 1].map(|index| {
            let usability = guard::check(
                pair[index],
                &prepared[index].steps[0],
                &CaseStep::default(),
                self.probe,
            );
            let problem = prepared[index]
                .hits
                .iter()
                .find_map(|hit| hit.problem.clone());
            match usability {
                Usability::Broken(why) => Some(why),
                _ => problem,
            }
        });
        if broken.iter().any(Option::is_some) {
            let side = |index: usize| match &broken[index] {
                Some(why) => named("no proper answer", why),
                None => named("an answer", &String::from_utf8_lossy(&pair[index].body)),
            };
            return vec![failure("answer", side(0), side(1))];
        }
        let mut all = compare(&prepared[0], &prepared[1], &self.probe.compare, false);
        all.retain(|difference| !self.is_accepted(difference));
        // Behind another status stands another body: that is one difference, not ten.
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

    /// What a difference in this step of the answers to an input is called.
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

    /// Where among the differences the one of this name is.
    pub(super) fn place(
        &self,
        input: &[u8],
        told: &Disagreement,
        signature: &Signature,
    ) -> Option<usize> {
        let mut all = told.differences.iter();
        all.position(|difference| self.signature(input, told.step, difference) == *signature)
    }

    /// Whether any of the answers is an error, as far as the probe can tell.
    pub(super) fn has_error(&self, observation: &Observation) -> bool {
        observation.steps.iter().any(|step| self.is_error(step))
    }

    /// Whether an answer is an error, as far as the probe can tell.
    pub(super) fn is_error(&self, step: &Step) -> bool {
        let observation = Observation::single(step.clone());
        let prepared = prepare(&observation, self.probe, None);
        matches!(
            guard::check(step, &prepared.steps[0], &CaseStep::default(), self.probe),
            Usability::Unexpected(_)
        )
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

fn named(shape: &str, text: &str) -> Side {
    Side {
        shape: shape.to_owned(),
        text: crate::json::cut(text, 2_000),
    }
}
