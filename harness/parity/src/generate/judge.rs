//! Compares the answers to one input, and identifies equal findings by their [`Signature`].

use std::fmt;
use std::sync::Arc;

use super::class::Differing;
use super::shape::Generator;
use super::steps;
use crate::compare::guard::{self, Usability};
use crate::compare::{Prepared, compare, prepare};
use crate::config::{CaseStep, Probe, Root};
use crate::difference::{Difference, DifferenceKind, Side, generalised};
use crate::observation::{Failure, Observation, Step};

/// What identifies a finding: two differences of one signature are one finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Signature {
    /// The route of the request, when inputs are sequences.
    pub(super) route: Option<String>,
    /// The path with `[*]` for indices.
    pub(super) path: String,
    pub(super) kind: DifferenceKind,
    /// The class of the input, when the surface has classes.
    pub(super) class: Option<String>,
    /// The shapes of both sides, for kinds such as statuses that all have one path.
    sides: Option<(String, String)>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}", self.place(), self.kind)?;
        if let Some((left, right)) = &self.sides {
            write!(f, ": {left} | {right}")?;
        }
        if let Some(class) = &self.class {
            write!(f, "; {class}")?;
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

/// The result of comparing the answers to one input.
#[derive(Debug)]
pub(super) enum Comparison {
    Equal,
    Differ(Disagreement),
    /// Both sides failed in this way, so there is nothing to compare.
    BothFailed(&'static str),
}

/// A pair of answers that differ.
#[derive(Debug)]
pub(super) struct Disagreement {
    /// The first step that differs. Later differences follow from it.
    pub(super) step: usize,
    /// The differences in that step.
    pub(super) differences: Vec<Difference>,
    /// The statuses of both answers in that step.
    statuses: [Option<u16>; 2],
}

/// Compares the answers of the reference and one implementation on one surface.
#[derive(Clone)]
pub(super) struct Judge {
    pub(super) root: Arc<Root>,
    pub(super) probe: Arc<Probe>,
    pub(super) generator: Arc<Generator>,
    pub(super) implementation: String,
}

/// The result of comparing two answers.
enum Steps {
    Differ(Vec<Difference>),
    BothFailed(&'static str),
}

impl Judge {
    /// Compares the answers to each input.
    pub(super) fn compare_all(
        &self,
        inputs: &[Vec<u8>],
        left: &[Observation],
        right: &[Observation],
    ) -> Vec<Comparison> {
        let answers = left.iter().zip(right);
        let inputs = inputs.iter().zip(answers);
        inputs
            .map(|(input, (left, right))| self.compare(input, left, right))
            .collect()
    }

    /// The differences that are not accepted, and the index of the first with a signature.
    pub(super) fn find(
        &self,
        input: &[u8],
        [left, right]: [&Observation; 2],
        signature: &Signature,
    ) -> Option<(Disagreement, usize)> {
        let disagreement = self.disagreement(input, left, right)?;
        let index = self.position(input, &disagreement, signature)?;
        Some((disagreement, index))
    }

    /// Compares the answers to an input, up to the first step with a difference that is not
    /// accepted.
    pub(super) fn compare(
        &self,
        input: &[u8],
        left: &Observation,
        right: &Observation,
    ) -> Comparison {
        let sent = steps::of_input(input, self.generator.steps).unwrap_or_default();
        let answers = left.steps.iter().zip(&right.steps);
        let mut both_failed = None;
        for (step, (sent, (left, right))) in sent.iter().zip(answers).enumerate() {
            match self.compare_steps(sent, [left, right]) {
                Steps::Differ(differences) if differences.is_empty() => {}
                Steps::Differ(differences) => {
                    return Comparison::Differ(Disagreement {
                        step,
                        differences,
                        statuses: [left.status, right.status],
                    });
                }
                Steps::BothFailed(how) => both_failed = both_failed.or(Some(how)),
            }
        }
        both_failed.map_or(Comparison::Equal, Comparison::BothFailed)
    }

    /// The differences that are not accepted, if there are any.
    pub(super) fn disagreement(
        &self,
        input: &[u8],
        left: &Observation,
        right: &Observation,
    ) -> Option<Disagreement> {
        match self.compare(input, left, right) {
            Comparison::Differ(disagreement) => Some(disagreement),
            Comparison::Equal | Comparison::BothFailed(_) => None,
        }
    }

    fn compare_steps(&self, sent: &CaseStep, pair: [&Step; 2]) -> Steps {
        if pair.iter().any(|step| step.failure.is_some()) {
            return failures(pair);
        }
        let prepared = pair.map(|step| self.prepare(step));
        let usability = [0, 1].map(|index| self.usability(sent, pair[index], &prepared[index]));
        let why_broken = |usability: &Usability| match usability {
            Usability::Broken(why) => Some(why.clone()),
            _ => None,
        };
        let broken = usability.each_ref().map(why_broken);
        if broken.iter().all(Option::is_some) && pair[0].status == pair[1].status {
            return Steps::BothFailed("sent an answer that cannot be compared");
        }
        if broken.iter().any(Option::is_some) {
            let shown = |index: usize| match &broken[index] {
                Some(why) => side("no proper answer", why),
                None => answer(pair[index]),
            };
            return Steps::Differ(vec![failure("answer", shown(0), shown(1))]);
        }
        let mut all = compare(&prepared[0], &prepared[1], &self.probe.compare, false);
        let is_empty = |usability: &Usability| matches!(usability, Usability::Empty(_));
        if all.is_empty() && usability.iter().all(is_empty) {
            return Steps::BothFailed("sent an empty answer");
        }
        all.retain(|difference| !self.is_accepted(difference));
        // Another status comes with another body: report the status alone.
        if let Some(at) = all.iter().position(|d| d.kind == DifferenceKind::Status) {
            let status = all.swap_remove(at);
            return Steps::Differ(vec![status]);
        }
        Steps::Differ(all)
    }

    fn is_accepted(&self, difference: &Difference) -> bool {
        let pair = [self.root.reference.as_str(), &self.implementation];
        let transport = self.generator.transport;
        let mut pins = self.root.pins.iter();
        pins.any(|pin| pin.accepts(&self.probe.surface, pair, transport, difference))
    }

    /// The signature of one of the differences between the answers to an input.
    pub(super) fn signature(
        &self,
        input: &[u8],
        found: &Disagreement,
        difference: &Difference,
    ) -> Signature {
        let Generator {
            steps: is_sequence,
            routes,
            classes,
            carried,
            ..
        } = &*self.generator;
        let sent = steps::of_input(input, *is_sequence).unwrap_or_default();
        let sent = sent.get(found.step).cloned().unwrap_or_default();
        let method = sent.method.as_ref().unwrap_or(&self.probe.http.method);
        let target = sent.path.as_ref().unwrap_or(&self.probe.http.path);
        let route = is_sequence.then(|| routes.of(&self.probe.coverage.routes, method, target));
        let class = classes.of(Differing {
            input,
            step: is_sequence.then_some(found.step),
            sent: &sent,
            statuses: found.statuses,
        });
        let mut path = generalised(&difference.path);
        for carried in carried {
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
            class,
            sides,
        }
    }

    /// The signatures of all differences between the answers to an input.
    pub(super) fn signatures(&self, input: &[u8], found: &Disagreement) -> Vec<Signature> {
        let differences = found.differences.iter();
        differences
            .map(|difference| self.signature(input, found, difference))
            .collect()
    }

    /// The index of the difference with this signature.
    fn position(&self, input: &[u8], found: &Disagreement, signature: &Signature) -> Option<usize> {
        let mut all = found.differences.iter();
        all.position(|difference| self.signature(input, found, difference) == *signature)
    }

    /// Whether any step failed or is an error.
    pub(super) fn has_error(&self, observation: &Observation) -> bool {
        let mut steps = observation.steps.iter();
        steps.any(|step| step.failure.is_some() || self.is_error(step))
    }

    /// Whether a step is an error by its status, its exit code or the probe's `[guard]`.
    pub(super) fn is_error(&self, step: &Step) -> bool {
        step.failure.is_none() && guard::is_error(step, &self.probe)
    }

    /// Whether an answer is empty without an excuse in HTTP, so that a case has to expect it.
    pub(super) fn is_empty(&self, sent: &CaseStep, step: &Step) -> bool {
        let usability = self.usability(sent, step, &self.prepare(step));
        matches!(usability, Usability::Empty(_))
    }

    fn prepare(&self, step: &Step) -> Prepared {
        prepare(&Observation::single(step.clone()), &self.probe, None)
    }

    fn usability(&self, sent: &CaseStep, step: &Step, prepared: &Prepared) -> Usability {
        let usability = guard::check(step, &prepared.steps[0], sent, &self.probe);
        let problem = prepared.hits.iter().find_map(|hit| hit.problem.clone());
        match (usability, problem) {
            (Usability::Broken(why), _) | (_, Some(why)) => Usability::Broken(why),
            (usability, None) => usability,
        }
    }
}

/// Compares two answers of which at least one is a failure. Two failures of one kind have no
/// answers to compare.
fn failures(pair: [&Step; 2]) -> Steps {
    if let [Some(left), Some(right)] = pair.map(|step| step.failure.as_ref())
        && left.name() == right.name()
    {
        return Steps::BothFailed(how(left));
    }
    let shown = |step: &Step| match &step.failure {
        Some(failure) => side(failure.name(), &failure.to_string()),
        None => answer(step),
    };
    Steps::Differ(vec![failure("failure", shown(pair[0]), shown(pair[1]))])
}

/// A failure as a verb, for a sentence about both sides.
fn how(failure: &Failure) -> &'static str {
    match failure {
        Failure::Died { .. } => "crashed",
        Failure::DiedAfter { .. } => "answered and then crashed",
        Failure::Timeout { .. } => "sent no answer in time",
        Failure::NotJson { .. } => "sent a line that is not JSON",
        Failure::NoAnswer { .. } => "sent no answer",
        Failure::Connection { .. } => "broke the connection",
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
