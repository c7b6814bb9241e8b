//! The session log: records are read, and written as lines.

use lakehouse_base::ErrorCode;
use lakehouse_json::{self as json, Json, MAX_DEPTH, parse};
use lakehouse_wire::{
    ReadError, read_body,
    session_log::{LineSchema, SessionLine, SessionRecord},
    to_text,
};
use proptest::prelude::*;

/// The line of a record.
fn line(record: &str) -> Result<String, ReadError> {
    let json = parse(record, MAX_DEPTH).unwrap();
    let record: SessionRecord<'_> = read_body(&json)?;
    Ok(to_text(&SessionLine {
        schema: LineSchema::IterateV1,
        session_id: record.session_id,
        timestamp: "1970-01-01T00:00:00.000Z",
        daemon: "d",
        run: record.run,
    }))
}

fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| json::string(&text))
}

/// The JSON of the value, or `null`.
fn or_null(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::option::of(value).prop_map(|value| value.unwrap_or_else(|| "null".to_owned()))
}

fn one_of(words: &[&'static str]) -> impl Strategy<Value = &'static str> + use<> {
    prop::sample::select(words.to_vec())
}

fn failure() -> impl Strategy<Value = String> {
    let stage = one_of(&["Schema", "Completeness", "Consistency", "Policy"]);
    (stage, text(), text()).prop_map(|(stage, field, reason)| match stage {
        "Schema" => format!(r#"{{"Schema":{{"field":{field},"reason":{reason}}}}}"#),
        _ => format!(r#"{{"{stage}":{{"reason":{reason}}}}}"#),
    })
}

fn attempt() -> impl Strategy<Value = String> {
    let verdict = one_of(&["accepted", "no_json", "validation_failed"]);
    let parts = (1..=json::MAX_INTEGER, verdict, text(), or_null(failure()));
    parts.prop_map(|(iteration, verdict, raw, error)| {
        format!(r#"{{"iteration":{iteration},"verdict":"{verdict}","raw":{raw},"error":{error}}}"#)
    })
}

/// A record's `session_id`, and its members after that, in the contract's order.
fn record() -> impl Strategy<Value = (String, String)> {
    let texts = (text(), text(), text(), text());
    let words = (
        one_of(&["fill", "email", "sms", "playbook"]),
        one_of(&["accepted", "max_iter_exhausted", "infra_error"]),
        one_of(&["{}", r#"{"a":1.0,"a":[1e400,"\u00e9"]}"#, "null"]),
        one_of(&["true", "false", "null"]),
    );
    let numbers = (
        0..=json::MAX_INTEGER,
        1..=json::MAX_INTEGER,
        0..=json::MAX_INTEGER,
    );
    let attempts = prop::collection::vec(attempt(), 0..4);
    let parts = (texts, words, numbers, attempts, or_null(text()));
    parts.prop_map(|(texts, words, numbers, attempts, error)| {
        let (session_id, provider, model, prompt) = texts;
        let (kind, verdict, artifact, is_grounded) = words;
        let (iterations, max_iterations, duration) = numbers;
        let attempts = attempts.join(",");
        let rest = format!(
            r#""kind":"{kind}","provider":{provider},"model":{model},"prompt":{prompt},"iterations":{iterations},"max_iterations":{max_iterations},"final_verdict":"{verdict}","attempts":[{attempts}],"artifact":{artifact},"grounded_in_roster":{is_grounded},"error":{error},"duration_ms":{duration}"#
        );
        (session_id, rest)
    })
}

/// The object with its members in reverse order and with white space.
fn reversed(object: &str) -> String {
    let json: Json<'_> = parse(object, MAX_DEPTH).unwrap();
    let members = json.as_object().unwrap().members();
    let mut printed: Vec<_> = members
        .map(|(name, value)| format!(" {} :\t{}", json::string(name), value.source()))
        .collect();
    printed.reverse();
    format!("{{{}\r\n}}", printed.join(" ,"))
}

proptest! {
    #[test]
    fn lines_have_the_members_of_their_records((session_id, rest) in record()) {
        let record = format!(r#"{{"session_id":{session_id},{rest}}}"#);
        let want = format!(
            r#"{{"schema":"session.iterate.v1","session_id":{session_id},"timestamp":"1970-01-01T00:00:00.000Z","daemon":"d",{rest}}}"#
        );
        prop_assert_eq!(line(&record), Ok(want.clone()));
        prop_assert_eq!(line(&reversed(&record)), Ok(want));
    }
}

const GOOD: &str = r#"{"session_id":"t","kind":"fill","provider":"p","model":"m","prompt":"x","iterations":1.0,"max_iterations":3e0,"final_verdict":"accepted","attempts":[{"iteration":1,"verdict":"validation_failed","raw":"{}","error":{"Kind":"policy","Field":"f","Reason":"r"}}],"artifact":{ "a" : 1.0 },"grounded_in_roster":null,"error":null,"duration_ms":0}"#;

#[test]
fn lines_have_the_members_in_the_order_of_the_schema() {
    let want = r#"{"schema":"session.iterate.v1","session_id":"t","timestamp":"1970-01-01T00:00:00.000Z","daemon":"d","kind":"fill","provider":"p","model":"m","prompt":"x","iterations":1,"max_iterations":3,"final_verdict":"accepted","attempts":[{"iteration":1,"verdict":"validation_failed","raw":"{}","error":{"Policy":{"reason":"r"}}}],"artifact":{"a":1.0},"grounded_in_roster":null,"error":null,"duration_ms":0}"#;
    assert_eq!(line(GOOD).as_deref(), Ok(want));
}

#[test]
fn the_first_error_of_a_record_is_reported() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    };
    let attempts = "field `attempts` must be an array of attempts";
    let cases = [
        ("[]".to_owned(), "must be a JSON object"),
        (
            "{\"z\":1,\"schema\":1}".to_owned(),
            "unknown field `z`; expected one of `session_id`, `kind`, `provider`, `model`, \
             `prompt`, `iterations`, `max_iterations`, `final_verdict`, `attempts`, `artifact`, \
             `grounded_in_roster`, `error`, `duration_ms`",
        ),
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
        let error = line(&text).unwrap_err();
        assert_eq!(error.to_string(), want, "{text}");
        assert_eq!(error.code(), ErrorCode::BadRequest);
    }
}
