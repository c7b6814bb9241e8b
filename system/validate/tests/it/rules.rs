//! The rules hold for any artifact, context and roster file.

use jiff::civil::{Date, Time};
use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::roster::Roster;
use lakehouse_validate::{Context, Kind, Mode, validate};
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
        "date",
        "start",
        "end",
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

/// Contexts whose texts and times occur in artifacts and in the roster.
fn context() -> impl Strategy<Value = Context> {
    let text = || {
        let words = ["Picker", "Detroit", "MI", "Acme", "w-1", "w-9", ""];
        prop::option::of(prop::sample::select(words.to_vec()).prop_map(str::to_owned))
    };
    let time = || {
        let times = [Time::midnight(), Time::constant(6, 0, 0, 0)];
        prop::option::of(prop::sample::select(times.to_vec()))
    };
    let dates = [Date::constant(2026, 5, 4), Date::MAX];
    let count = prop::option::of(1..=3_i64);
    let date = prop::option::of(prop::sample::select(dates.to_vec()));
    let texts = (text(), text(), text(), text(), text());
    (count, texts, date, time(), time()).prop_map(|(count, texts, date, start, end)| Context {
        count,
        role: texts.0,
        city: texts.1,
        state: texts.2,
        client: texts.3,
        date,
        start,
        end,
        worker_id: texts.4,
    })
}

/// Checks that stopping at the first failure reports the first of all failures.
fn check(kind: Kind, artifact: &str, context: &Context) {
    let Ok(artifact) = json::parse(artifact, MAX_DEPTH) else {
        return;
    };
    let roster = roster();
    let all = validate(kind, &artifact, context, &roster, Mode::All);
    let first = validate(kind, &artifact, context, &roster, Mode::First);
    assert_eq!(first.failures.first(), all.failures.first());
    assert!(first.failures.len() <= 1);
    assert_eq!(first.findings, all.findings);
}

proptest! {
    #[test]
    fn any_roster_file_is_read_or_rejected(bytes in any::<Vec<u8>>(), value in value()) {
        let _ = Roster::from_jsonl(&bytes);
        let _ = Roster::from_jsonl(value.as_bytes());
    }

    #[test]
    fn the_first_failure_is_the_first_of_all(
        artifact in value(),
        context in context(),
        kind in prop::sample::select(Kind::ALL.to_vec()),
    ) {
        check(kind, &artifact, &Context::default());
        check(kind, &artifact, &context);
    }

    #[test]
    fn arbitrary_texts_are_safe(text in any::<String>(), near in "[0-9 .()+{}\\[\\]<>TODOBSsnw1@a-]{0,60}") {
        check_email(&text);
        check_email(&near);
    }
}
