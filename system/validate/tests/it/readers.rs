//! No input panics a reader, and malformed input is an error.

use lakehouse_base::Limits;
use lakehouse_json as json;
use lakehouse_validate::iterate::IterateRequest;
use lakehouse_validate::roster::Roster;
use lakehouse_validate::session::SessionRecord;
use lakehouse_validate::{Kind, Mode, ValidateRequest, validate};
use proptest::prelude::*;

use crate::support::{check_email, roster};

/// JSON values of names and texts that the rules know.
fn value() -> impl Strategy<Value = String> {
    let words = [
        "fills",
        "worker_id",
        "w-1",
        "to",
        "ana@mail.com",
        "313-555-0100",
        "{{x}}",
        "",
        "2026-05-04",
        "06:00",
        "workers",
        "fill",
        "email",
        "Ana Ruiz",
        "123-45-6789",
        "é😀\u{0}",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(json::string);
    let leaf = prop_oneof![
        word,
        prop::sample::select(vec!["null", "true", "1", "1e400", "-0.5", "\"\\ud800\""])
            .prop_map(str::to_owned),
    ];
    let names = [
        "fills",
        "worker_id",
        "name",
        "to",
        "subject",
        "body",
        "query_text",
        "answer_id",
        "answer_corpus",
        "score",
        "role",
        "kind",
        "artifact",
        "context",
        "count",
        "date",
        "start",
        "end",
        "prompt",
        "provider",
        "model",
        "attempts",
        "temperature",
    ];
    leaf.prop_recursive(4, 30, 6, move |inner| {
        let member = (prop::sample::select(names.to_vec()), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(|v| format!("[{}]", v.join(","))),
            prop::collection::vec(member, 0..7).prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\":{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn read_with_all(bytes: &[u8]) {
    let roster = roster();
    let _ = Roster::from_jsonl(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = SessionRecord::read(text);
    }
    let Ok(body) = json::read_body(bytes, &Limits::CONTRACT) else {
        return;
    };
    let object = body.as_object().unwrap();
    let _ = IterateRequest::read(object);
    if let Ok(request) = ValidateRequest::read(object) {
        let all = validate(
            request.kind,
            request.artifact,
            &request.context,
            &roster,
            Mode::All,
        );
        let first = validate(
            request.kind,
            request.artifact,
            &request.context,
            &roster,
            Mode::First,
        );
        assert_eq!(first.failures.first(), all.failures.first());
        assert!(first.failures.len() <= 1);
        assert_eq!(first.findings, all.findings);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_safe(bytes in any::<Vec<u8>>()) {
        read_with_all(&bytes);
    }

    #[test]
    fn arbitrary_values_are_safe(value in value()) {
        read_with_all(value.as_bytes());
    }

    #[test]
    fn arbitrary_artifacts_are_safe(artifact in value(), context in value(), kind in prop::sample::select(Kind::ALL.to_vec())) {
        read_with_all(format!(r#"{{"kind":"{kind}","artifact":{artifact}}}"#).as_bytes());
        read_with_all(format!(r#"{{"kind":"{kind}","artifact":{artifact},"context":{context}}}"#).as_bytes());
    }

    #[test]
    fn arbitrary_texts_are_safe(text in any::<String>(), near in "[0-9 .()+{}\\[\\]<>TODOBSsnw1@a-]{0,60}") {
        check_email(&text);
        check_email(&near);
    }
}
