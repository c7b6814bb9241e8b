//! The record of a run.

use std::time::{Duration, UNIX_EPOCH};

use lakehouse_json as json;
use lakehouse_validate::session::{Attempt, AttemptVerdict, SessionRecord, Verdict};
use lakehouse_validate::{Kind, ValidationFailure};
use proptest::prelude::*;

fn failure() -> impl Strategy<Value = ValidationFailure> {
    let texts = (any::<String>(), any::<String>());
    texts.prop_flat_map(|(field, reason)| {
        prop::sample::select(vec![
            ValidationFailure::Schema {
                field,
                reason: reason.clone(),
            },
            ValidationFailure::Completeness {
                reason: reason.clone(),
            },
            ValidationFailure::Consistency {
                reason: reason.clone(),
            },
            ValidationFailure::Policy { reason },
        ])
    })
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let verdicts = vec![
        AttemptVerdict::Accepted,
        AttemptVerdict::NoJson,
        AttemptVerdict::ValidationFailed,
    ];
    let parts = (
        1..=json::MAX_INTEGER,
        prop::sample::select(verdicts),
        any::<String>(),
        prop::option::of(failure()),
    );
    parts.prop_map(|(iteration, verdict, raw, error)| Attempt {
        iteration,
        verdict,
        raw,
        error,
    })
}

fn record() -> impl Strategy<Value = SessionRecord> {
    let verdicts = vec![
        Verdict::Accepted,
        Verdict::MaxIterExhausted,
        Verdict::InfraError,
    ];
    let artifacts = vec!["{}", r#"{"a":1.0,"a":[1e400,"\u00e9"]}"#];
    let texts = (
        any::<String>(),
        any::<String>(),
        any::<String>(),
        any::<String>(),
    );
    let choices = (
        prop::sample::select(Kind::ALL.to_vec()),
        prop::sample::select(verdicts),
        prop::option::of(prop::sample::select(artifacts)),
        any::<Option<bool>>(),
        any::<Option<String>>(),
    );
    let numbers = (
        0..=json::MAX_INTEGER,
        1..=json::MAX_INTEGER,
        0..=json::MAX_INTEGER,
    );
    let parts = (
        texts,
        choices,
        numbers,
        prop::collection::vec(attempt(), 0..4),
    );
    parts.prop_map(|(texts, choices, numbers, attempts)| SessionRecord {
        session_id: texts.0,
        kind: choices.0,
        provider: texts.1,
        model: texts.2,
        prompt: texts.3,
        iterations: numbers.0,
        max_iterations: numbers.1,
        final_verdict: choices.1,
        attempts,
        artifact: choices.2.map(str::to_owned),
        grounded_in_roster: choices.3,
        error: choices.4,
        duration_ms: numbers.2,
    })
}

/// A line without the members that logging adds, in reverse order and with white space.
fn unlogged(line: &str) -> String {
    let line = json::parse(line, 128).unwrap();
    let members = line.as_object().unwrap().members();
    let kept = members.filter(|(name, _)| !["schema", "timestamp", "daemon"].contains(name));
    let mut printed: Vec<_> = kept
        .map(|(name, value)| format!(" {} :\t{}", json::string(name), value.source()))
        .collect();
    printed.reverse();
    format!("{{{}\r\n}}", printed.join(" ,"))
}

proptest! {
    #[test]
    fn a_line_survives_a_round_trip(record in record(), millis in 0_u64..4_000_000_000_000) {
        let written_at = UNIX_EPOCH + Duration::from_millis(millis);
        let line = record.line(written_at, "lakehouse");
        let read = SessionRecord::read(&unlogged(&line)).unwrap();
        prop_assert_eq!(&read, &record);
        prop_assert_eq!(read.line(written_at, "lakehouse"), line);
    }
}

const GOOD: &str = r#"{"session_id":"t","kind":"fill","provider":"p","model":"m","prompt":"x","iterations":1.0,"max_iterations":3e0,"final_verdict":"accepted","attempts":[{"iteration":1,"verdict":"validation_failed","raw":"{}","error":{"Kind":"policy","Field":"f","Reason":"r"}}],"artifact":{ "a" : 1.0 },"grounded_in_roster":null,"error":null,"duration_ms":0}"#;

#[test]
fn a_line_has_the_members_in_the_order_of_the_schema() {
    let line = SessionRecord::read(GOOD).unwrap().line(UNIX_EPOCH, "d");
    assert_eq!(
        line,
        r#"{"schema":"session.iterate.v1","session_id":"t","timestamp":"1970-01-01T00:00:00.000Z","daemon":"d","kind":"fill","provider":"p","model":"m","prompt":"x","iterations":1,"max_iterations":3,"final_verdict":"accepted","attempts":[{"iteration":1,"verdict":"validation_failed","raw":"{}","error":{"Policy":{"reason":"r"}}}],"artifact":{"a":1.0},"grounded_in_roster":null,"error":null,"duration_ms":0}"#
    );
}

#[test]
fn the_first_fault_of_a_record_is_reported() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    };
    let deep = "[".repeat(128) + &"]".repeat(128);
    let attempts = "field `attempts` must be an array of attempts";
    let cases = [
        (String::new(), "input line is not valid JSON"),
        (
            with("\"a\" : 1.0", &format!("\"a\":{deep}")),
            "input nests deeper than 128 levels",
        ),
        ("[]".to_owned(), "input must be a JSON object"),
        ("{\"z\":1,\"schema\":1}".to_owned(), "unknown field `z`"),
        ("{}".to_owned(), "missing field `session_id`"),
        (with("\"t\"", "null"), "field `session_id` must be a string"),
        (
            with("\"fill\"", "\"Fill\""),
            "field `kind` must be one of `fill`, `email`, `sms`, `playbook`",
        ),
        (
            with("1.0", "-1"),
            "field `iterations` must be an integer of at least 0",
        ),
        (
            with("3e0", "0"),
            "field `max_iterations` must be an integer of at least 1",
        ),
        (
            with("\"accepted\"", "\"\""),
            "field `final_verdict` must be one of `accepted`, `max_iter_exhausted`, `infra_error`",
        ),
        (with("\"iteration\":1,", ""), attempts),
        (with("\"iteration\":1", "\"iteration\":0"), attempts),
        (
            with("\"raw\":\"{}\"", "\"raw\":\"{}\",\"more\":1"),
            attempts,
        ),
        (with("\"policy\"", "\"Policy\""), attempts),
        (
            with("{ \"a\" : 1.0 }", "[]"),
            "field `artifact` must be an object or null",
        ),
        (
            with("\"grounded_in_roster\":null", "\"grounded_in_roster\":0"),
            "field `grounded_in_roster` must be a boolean or null",
        ),
        (
            with("null,\"duration", "1,\"duration"),
            "field `error` must be a string or null",
        ),
        (
            with("_ms\":0", "_ms\":0.5"),
            "field `duration_ms` must be an integer of at least 0",
        ),
    ];
    for (text, want) in cases {
        let got = SessionRecord::read(&text).map_err(|e| e.to_string());
        assert_eq!(got, Err(want.to_owned()), "{text}");
    }
}
