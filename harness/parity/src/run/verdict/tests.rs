//! Verdicts on pairs of answers to cases of one and of two steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::source::Source;

use super::*;
use crate::config::CaseStep;
use crate::observation::{Observation, Step};

fn probe() -> Probe {
    let source = Source {
        name: "probe.toml".to_owned(),
        text: "about = \"\"\ntransports = [\"http\"]\n[http]\npath = \"/x\"\n".to_owned(),
    };
    Probe::read("s", &source).expect("it is valid")
}

fn case(steps: usize) -> Case {
    Case {
        name: "c".to_owned(),
        why: None,
        transports: None,
        files: BTreeMap::new(),
        steps: (0..steps).map(|_| CaseStep::default()).collect(),
        sequence: steps > 1,
        fresh: false,
        repeats: 1,
    }
}

/// The outcome for two lists of answers, each a status and a body.
fn outcome(left: &[(u16, &str)], right: &[(u16, &str)]) -> CaseOutcome {
    let (probe, case) = (probe(), case(left.len()));
    let side = |name: &str, answers: &[(u16, &str)], duration_ms| {
        let steps = answers.iter().map(|(status, body)| Step {
            status: Some(*status),
            body: body.as_bytes().to_vec(),
            ..Step::default()
        });
        let steps = steps.collect();
        Side {
            duration_ms,
            ..Side::answered(name, Arc::new(Observation { steps }), &probe, &case)
        }
    };
    let (left, right) = (side("left", left, 3), side("right", right, 5));
    let mut tally = Tally::default();
    pair(
        &[],
        &probe,
        Transport::Http,
        &case,
        [&left, &right],
        &mut tally,
    )
}

#[test]
fn outcomes_have_both_answers_and_the_time_of_the_implementation() {
    let outcome = outcome(&[(200, "1")], &[(200, "2")]);
    let body = |observation: &Option<Arc<Observation>>| {
        let observation = observation.as_ref().expect("it answered");
        String::from_utf8_lossy(&observation.steps[0].body).into_owned()
    };
    assert_eq!(
        (body(&outcome.left), body(&outcome.right)),
        ("1".to_owned(), "2".to_owned())
    );
    assert_eq!(outcome.duration_ms, 5);
}

#[test]
fn a_step_with_two_empty_answers_is_compared_if_it_differs_in_something_else() {
    for (left, right, expected) in [
        (
            &[(200, ""), (200, "1")][..],
            &[(200, ""), (200, "2")][..],
            CaseVerdict::Invalid,
        ),
        (
            &[(200, ""), (200, "1")],
            &[(201, ""), (200, "1")],
            CaseVerdict::Diverged,
        ),
        (
            &[(200, "1"), (200, "")],
            &[(200, "2"), (200, "")],
            CaseVerdict::Invalid,
        ),
        // Empty in different steps.
        (
            &[(200, ""), (200, "1")],
            &[(200, "1"), (200, "")],
            CaseVerdict::Diverged,
        ),
        (
            &[(204, ""), (200, "1")],
            &[(204, ""), (200, "2")],
            CaseVerdict::Diverged,
        ),
    ] {
        let outcome = outcome(left, right);
        assert_eq!(outcome.verdict, expected, "{left:?} {right:?}");
    }
}

#[test]
fn unexpected_answers_of_both_sides_are_judged_by_step() {
    for (left, right, expected) in [
        (
            &[(400, "1"), (200, "1")][..],
            &[(404, "1"), (200, "1")][..],
            CaseVerdict::Invalid,
        ),
        (
            &[(400, "1"), (200, "1")],
            &[(200, "1"), (400, "1")],
            CaseVerdict::Diverged,
        ),
        (
            &[(200, "1"), (200, "1")],
            &[(200, "1"), (400, "1")],
            CaseVerdict::Diverged,
        ),
    ] {
        let outcome = outcome(left, right);
        assert_eq!(outcome.verdict, expected, "{left:?} {right:?}");
    }
}
