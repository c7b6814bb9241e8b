//! Shared by the tests: a roster, and shorter calls.

use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::roster::Roster;
use lakehouse_validate::{Context, Kind, Mode, Outcome, ValidationFailure, validate};

/// A roster with one worker, `w-1`.
pub(crate) fn roster() -> Roster {
    let line = br#"{"worker_id":"w-1","name":"Ana Ruiz","city":"Detroit","state":"MI","phone":"313-555-0100","email":"ana@mail.com","roles":["Picker"],"active":true}"#;
    Roster::from_jsonl(line).unwrap()
}

/// A roster of six people with accents, apostrophes, bookings and an exclusion.
pub(crate) fn people() -> Roster {
    Roster::from_jsonl(include_bytes!("people.jsonl")).unwrap()
}

/// The failures as `Stage: reason`, in the order of the rules.
pub(crate) fn reasons(outcome: &Outcome) -> Vec<String> {
    let stage = |failure: &ValidationFailure| match failure {
        ValidationFailure::Schema { field, .. } => format!("Schema: {field} "),
        ValidationFailure::Completeness { .. } => "Completeness: ".to_owned(),
        ValidationFailure::Consistency { .. } => "Consistency: ".to_owned(),
        ValidationFailure::Policy { .. } => "Policy: ".to_owned(),
    };
    let failures = outcome.failures.iter();
    failures
        .map(|failure| stage(failure) + failure.reason())
        .collect()
}

/// The findings as `field: message`.
pub(crate) fn remarks(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.findings.iter();
    findings
        .map(|finding| format!("{}: {}", finding.field, finding.message))
        .collect()
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
