//! Runs with one failure, one for each part of a card.

use std::sync::Arc;

use lakehouse_parity::difference::DifferenceKind;
use lakehouse_parity::observation::{Failure, Observation, Step};
use lakehouse_parity::outcome::{CaseOutcome, CaseVerdict, Noise, Run, RunVerdict};
use lakehouse_rig::implementation::Transport;

use super::{answer, case, difference, failing, pin, request, results};

/// The name of what is special about each run, and the run.
pub(in crate::report) fn all() -> Vec<(&'static str, Run)> {
    let with = |change: fn(&mut CaseOutcome)| {
        let mut case = diverged();
        change(&mut case);
        run(case)
    };
    vec![
        ("several", failing()),
        ("plain", with(|_| {})),
        ("accepted", with(accept_one)),
        ("more_differences", with(add_differences)),
        ("noise", with(add_noise)),
        ("same_when_indented", with(make_same_when_indented)),
        ("one_pin", with(|case| case.suggested_pins.truncate(1))),
        ("no_pin", with(|case| case.suggested_pins.clear())),
        ("no_body", with(|case| case.inputs[0].text.clear())),
        ("two_commands", with(separate_commands)),
        ("line", with(remove_request)),
        ("long_answers", with(lengthen_answers)),
        ("one_answer", with(|case| case.right = None)),
        ("markup", with(add_markup)),
        ("crash", failed(Failure::Died { how: how() })),
        ("late_crash", failed(Failure::DiedAfter { how: how() })),
        ("timeout", failed(Failure::Timeout { after_ms: 5_000 })),
        (
            "not_json",
            failed(Failure::NotJson {
                line: "<nothing>".to_owned(),
                why: "expected a value at byte 0".to_owned(),
            }),
        ),
        (
            "no_answer",
            failed(Failure::NoAnswer {
                what: "more than one line came back".to_owned(),
            }),
        ),
        (
            "connection",
            failed(Failure::Connection {
                what: "closed before the answer".to_owned(),
            }),
        ),
    ]
}

fn run(case: CaseOutcome) -> Run {
    Run {
        verdict: match case.verdict {
            CaseVerdict::Diverged => RunVerdict::Fail,
            _ => RunVerdict::Inconclusive,
        },
        results: results(std::slice::from_ref(&case)),
        cases: vec![case],
        divergences: vec![pin()],
        ..super::passing()
    }
}

/// Two answers that differ in two lines, with everything that a card explains about them.
fn diverged() -> CaseOutcome {
    let mut case = case("embed", Transport::Http, "kind", "go");
    case.verdict = CaseVerdict::Diverged;
    case.why = Some("numbers keep `their` spelling".to_owned());
    case.attribution = Some("go differs; rust and js agree".to_owned());
    case.inputs = vec![request(0, "POST", "/v1/embed?all=", "{\"texts\":[\"a\"]}")];
    case.differences = vec![
        difference(
            "body:$.n",
            DifferenceKind::NumberLexeme,
            ("number 1.0", "1.0"),
            ("number 1", "1"),
        ),
        difference(
            "body:$.text",
            DifferenceKind::Value,
            ("\"one word\"", "\"one word\""),
            ("\"two words\"", "\"two words\""),
        ),
    ];
    case.left = answer(200, br#"{"n":1.0,"text":"one word","same":[1,2,3]}"#);
    case.right = answer(200, br#"{"n":1,"text":"two words","same":[1,2,3]}"#);
    case.suggested_pins = ["n", "text"]
        .map(|name| format!("[[divergence]]\npath = \"body:$.{name}\"\n"))
        .to_vec();
    case
}

fn accept_one(case: &mut CaseOutcome) {
    case.differences[0].pin = Some(0);
}

fn add_differences(case: &mut CaseOutcome) {
    let more = (0..50).map(|number| {
        difference(
            &format!("body:$.rows[{number}]"),
            DifferenceKind::Missing,
            ("number 1", "1"),
            ("nothing", "nothing"),
        )
    });
    case.differences.extend(more);
}

fn add_noise(case: &mut CaseOutcome) {
    case.noise = vec![Noise {
        implementation: "go".to_owned(),
        path: "body:$.at".to_owned(),
        values: vec!["number 1".to_owned(), "number 2".to_owned()],
    }];
}

fn make_same_when_indented(case: &mut CaseOutcome) {
    case.left = answer(200, br#"{"n":1}"#);
    case.right = answer(200, br#"{"n" : 1}"#);
}

fn separate_commands(case: &mut CaseOutcome) {
    case.inputs[0].curl = Some(["curl left", "curl right"].map(str::to_owned));
}

fn remove_request(case: &mut CaseOutcome) {
    let input = &mut case.inputs[0];
    input.request.clear();
    input.headers.clear();
    input.curl = None;
}

/// The page cuts these, and their comparison.
fn lengthen_answers(case: &mut CaseOutcome) {
    let numbers = |from: u32| -> String {
        let numbers: Vec<String> = (from..from + 3_000).map(|n| n.to_string()).collect();
        format!("[{}]", numbers.join(","))
    };
    case.left = answer(200, numbers(0).as_bytes());
    case.right = answer(200, numbers(1_500).as_bytes());
}

fn add_markup(case: &mut CaseOutcome) {
    let markup = "<b>bold</b> &amp; \"quoted\"\n\n  `code`";
    case.why = Some(markup.to_owned());
    case.reasons = vec![markup.to_owned()];
    case.inputs[0].text = format!("\n{markup}");
    case.differences[1].difference.right.text = markup.to_owned();
    case.right = answer(200, format!("{{\"text\":{markup:?}}}").as_bytes());
}

fn how() -> String {
    "signal 9 (SIGKILL)".to_owned()
}

/// A case that one side did not answer.
fn failed(failure: Failure) -> Run {
    let mut case = diverged();
    case.verdict = CaseVerdict::Invalid;
    case.differences.clear();
    case.suggested_pins.clear();
    case.reasons = vec![format!("`go`: {failure}")];
    case.right = Some(Arc::new(Observation::single(Step {
        body: b"{\"n\":".to_vec(),
        failure: Some(failure),
        stderr_tail: "panic: <oops>\n\ngoroutine 1 [running]:\n".to_owned(),
        log: Some("target/parity/logs/go.embed.http.log".into()),
        ..Step::default()
    })));
    run(case)
}
