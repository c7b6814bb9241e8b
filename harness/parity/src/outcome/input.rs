//! The inputs of a case, and the step in which it failed.

use serde::Serialize;

use super::{CaseOutcome, CaseVerdict};

/// One input, as it was sent. Values of headers that may be secret are `<redacted>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CaseInput {
    /// Index of the step, from 0.
    pub step: usize,
    /// `POST /v1/embed?all=`: method, path and query; empty for other transports than HTTP.
    pub request: String,
    /// Headers of the request that the probe or the case sets, in their order.
    pub headers: Vec<(String, String)>,
    /// The body or line; bytes that are not UTF-8 as `hex:…`.
    pub text: String,
    /// Over HTTP, commands that send the request to the reference and to the implementation. A
    /// server that the harness starts is at `http://127.0.0.1:$PORT`.
    pub curl: Option<[String; 2]>,
}

impl CaseOutcome {
    /// The first step that differs unexpectedly or that failed; `None` if no step did, and for a
    /// case of one step.
    #[must_use]
    pub fn failing_step(&self) -> Option<usize> {
        if self.inputs.len() < 2 {
            return None;
        }
        let sides = [&self.left, &self.right].into_iter().flatten();
        let failed = sides
            .filter_map(|side| side.steps.iter().position(|step| step.failure.is_some()))
            .min();
        let unexpected = self
            .differences
            .iter()
            .filter(|judged| judged.pin.is_none());
        let differing = unexpected
            .filter_map(|judged| judged.difference.step())
            .min();
        let named = self.reasons.iter().find_map(|reason| step_in(reason));
        if self.verdict == CaseVerdict::Invalid {
            failed.or(named).or(differing)
        } else {
            differing.or(failed).or(named)
        }
    }

    /// All inputs with whether their step is the failing one, which comes first.
    #[must_use]
    pub fn inputs_by_failure(&self) -> Vec<(&CaseInput, bool)> {
        let failing = self.failing_step();
        let is_failing = |input: &CaseInput| failing == Some(input.step);
        let mut inputs: Vec<(&CaseInput, bool)> = self
            .inputs
            .iter()
            .map(|input| (input, is_failing(input)))
            .collect();
        inputs.sort_by_key(|(_, is_failing)| !is_failing);
        inputs
    }
}

/// The step that a reason names: `` `go`, step 1: the answer is empty``.
fn step_in(reason: &str) -> Option<usize> {
    let (_, from) = reason.split_once("`, step ")?;
    let (number, _) = from.split_once(':')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::step_in;

    #[test]
    fn reasons_name_their_step() {
        assert_eq!(step_in("`go`, step 12: the answer is empty"), Some(12));
        assert_eq!(step_in("`go`: the answer is empty"), None);
        assert_eq!(step_in("`go`, step one: x"), None);
    }
}
