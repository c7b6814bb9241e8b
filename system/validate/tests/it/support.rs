//! Shared by the tests: a roster, and shorter calls.

use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::roster::Roster;
use lakehouse_validate::{Context, Kind, Mode, Outcome, validate};

/// A roster with one worker, `w-1`.
pub(crate) fn roster() -> Roster {
    let line = br#"{"worker_id":"w-1","name":"Ana Ruiz","city":"Detroit","state":"MI","phone":"313-555-0100","email":"ana@mail.com","roles":["Picker"],"active":true}"#;
    Roster::from_jsonl(line).unwrap()
}

/// Checks an email to `w-1` with this body by all rules.
pub(crate) fn check_email(body: &str) -> Outcome {
    let body = json::string(body);
    let artifact =
        format!(r#"{{"to":"ana@mail.com","subject":"Shift","body":{body},"worker_id":"w-1"}}"#);
    check_artifact(Kind::Email, &artifact)
}

/// Checks an artifact by all rules, without a context.
pub(crate) fn check_artifact(kind: Kind, artifact: &str) -> Outcome {
    let artifact = json::parse(artifact, MAX_DEPTH).unwrap();
    validate(kind, &artifact, &Context::default(), &roster(), Mode::All)
}
