use super::{probe, with_body};
use crate::compare::guard::Usability;
use crate::compare::prepare;
use crate::config::{CaseStep, Probe};
use crate::observation::{Failure, Observation, Step};

fn expected(expect_error: bool, status: Option<u16>) -> CaseStep {
    CaseStep {
        expect_error,
        status,
        ..CaseStep::default()
    }
}

#[test]
fn broken_and_unexpected_answers_are_distinguished() {
    let check = |step: &Step, expected: &CaseStep, probe: &Probe| {
        let prepared = prepare(&Observation::single(step.clone()), probe, None);
        super::super::guard::check(step, &prepared.steps[0], expected, probe)
    };
    let by_path = probe("\n[guard]\nerror_when = { path = \"$.matched\", equals = false }");
    let ok = expected(false, None);
    let error = expected(true, None);
    let empty = CaseStep {
        empty: true,
        ..CaseStep::default()
    };
    let head = CaseStep {
        method: Some("HEAD".to_owned()),
        ..CaseStep::default()
    };
    let status = |status, body| Step {
        status: Some(status),
        ..with_body(body)
    };
    for (step, expected, expected_text) in [
        (with_body("{\"matched\":true}"), &ok, "usable"),
        (
            with_body("{\"matched\":false}"),
            &ok,
            "the answer is an error, the case expects none",
        ),
        (with_body("{\"matched\":false}"), &error, "usable"),
        (
            with_body("{\"matched\":true}"),
            &error,
            "the answer is not an error, the case expects one",
        ),
        (
            with_body(" "),
            &ok,
            "the answer is empty; if that is right, write `empty = true` in the case",
        ),
        (
            status(200, ""),
            &ok,
            "the answer is empty (status 200); if that is right, write `empty = true` in the case",
        ),
        (
            status(401, ""),
            &error,
            "the answer is empty (status 401); if that is right, write `empty = true` in the case",
        ),
        (
            status(401, ""),
            &ok,
            "the answer is an error (status 401), the case expects none",
        ),
        (status(204, ""), &ok, "usable"),
        (status(304, ""), &ok, "usable"),
        (status(302, ""), &ok, "usable"),
        (status(200, ""), &head, "usable"),
        (status(200, ""), &empty, "usable"),
        (
            status(200, "{}"),
            &empty,
            "the answer is not empty (status 200), the case expects an empty one",
        ),
        (
            Step {
                exit: Some(0),
                ..Step::default()
            },
            &ok,
            "usable",
        ),
        (
            with_body("{"),
            &error,
            "the body is not JSON: expected a key at byte 1",
        ),
        (status(200, "{}"), &ok, "usable"),
        (
            status(500, "{}"),
            &ok,
            "the answer is an error (status 500), the case expects none",
        ),
        (status(500, "{}"), &error, "usable"),
        (
            Step {
                exit: Some(1),
                ..with_body("{}")
            },
            &ok,
            "the answer is an error, the case expects none",
        ),
        (
            Step {
                failure: Some(Failure::Timeout { after_ms: 7 }),
                ..Step::default()
            },
            &error,
            "no answer within 7 ms",
        ),
    ] {
        let found = match check(&step, expected, &by_path) {
            Usability::Usable => "usable".to_owned(),
            Usability::Broken(why) | Usability::Empty(why) | Usability::Unexpected(why) => why,
        };
        assert_eq!(found, expected_text, "{step:?}");
    }
    let exact = expected(true, Some(422));
    assert_eq!(
        check(&status(422, "{}"), &exact, &by_path),
        Usability::Usable
    );
    assert!(matches!(
        check(&status(400, "{}"), &exact, &by_path),
        Usability::Unexpected(_)
    ));
    let bytes = probe("body = \"bytes\"");
    assert!(matches!(
        check(&with_body(""), &ok, &bytes),
        Usability::Empty(_)
    ));
    let by_status = probe("body = \"status\"");
    assert_eq!(check(&status(200, ""), &ok, &by_status), Usability::Usable);
    assert_eq!(
        check(&with_body("x"), &ok, &by_status),
        Usability::Broken("there is no status to compare".to_owned())
    );
    let vectors = probe("body = \"vectors\"\nvectors_at = [\"$.v[*]\"]");
    assert_eq!(
        check(&with_body("{\"v\":[]}"), &ok, &vectors),
        Usability::Broken("the body lacks a vector at any path of `vectors_at`".to_owned())
    );
}
