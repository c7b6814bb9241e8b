//! Answers: they match their schemas, and round-trip.

use std::time::Duration;

use lakehouse_json::{Json, MAX_DEPTH, parse};
use lakehouse_wire::{
    Describe, Milliseconds, Read, Write,
    embed::{EmbedAnswer, LegacyEmbedAnswer},
    iterate::{IterateAccepted, IterateExhausted, IterateFailed},
    matrix::{
        CorpusDescription, CorpusList, Document, DocumentsTaken, MatrixSearchAnswer,
        legacy::{LegacyHybridAnswer, LegacySearchAnswer},
    },
    operations::{Health, Readiness},
    playbook::{Recorded, Recording},
    problem::{LineProblem, Problem},
    to_text,
    validate::{RosterReloaded, ValidateAnswer, ValidationRefusal},
    vectors::{Deleted, Dropped, IndexDescription, IndexList, Item, Upserted, VectorSearchAnswer},
};
use serde_json::Value;

use crate::validator_of;

/// An answer of each kind, with all members.
macro_rules! check_all {
    ($($Answer:ident: $text:literal,)+) => {$(
        check::<$Answer>($text, |json| Some(to_text(&$Answer::read(json)?)));
    )+};
}

fn check<T: Describe>(text: &str, rewrite: fn(&Json<'_>) -> Option<String>) {
    let value: Value = serde_json::from_str(text).unwrap();
    let validator = validator_of::<T>();
    let errors: Vec<_> = validator.iter_errors(&value).collect();
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let json = parse(text, MAX_DEPTH).unwrap();
    assert_eq!(rewrite(&json).as_deref(), Some(text));
}

#[test]
fn answers_round_trip_in_the_order_of_the_contract() {
    check_all! {
        EmbedAnswer: r#"{"model":"m","dimension":2,"vectors":[[0.6,-0.8],[1.0,0.0]]}"#,
        LegacyEmbedAnswer: r#"{"model":"m","dimensions":1,"embeddings":[[1.0]]}"#,
        ValidateAnswer: r#"{"kind":"sms","findings":[{"field":"body","severity":"info","message":"m"}],"elapsed_ms":0.041}"#,
        ValidationRefusal: r#"{"Schema":{"field":"f","reason":"r"}}"#,
        ValidationRefusal: r#"{"failures":[{"Policy":{"reason":"r"}},{"Consistency":{"reason":"r"}}]}"#,
        RosterReloaded: r#"{"workers":0}"#,
        IterateAccepted: r#"{"verdict":"accepted","trace_id":"t","kind":"fill","iterations":2,"artifact":{"a":1.0,"a":2e0},"findings":[],"attempts":[{"iteration":1,"verdict":"no_json","raw":"","error":null},{"iteration":2,"verdict":"accepted","raw":"{}","error":null}]}"#,
        IterateExhausted: r#"{"verdict":"max_iter_exhausted","trace_id":"t","kind":"fill","iterations":1,"attempts":[{"iteration":1,"verdict":"validation_failed","raw":"","error":{"Completeness":{"reason":"r"}}}]}"#,
        IterateFailed: r#"{"verdict":"infra_error","trace_id":"t","kind":"fill","iterations":0,"error":"ollama: cannot connect","attempts":[]}"#,
        IndexDescription: r#"{"name":"a","dimension":3,"distance":"dot","backend":"hnsw","space":null,"items":0}"#,
        IndexList: r#"{"indexes":[{"name":"a","dimension":3,"distance":"cosine","backend":"hnsw","space":"s","items":9}]}"#,
        Dropped: r#"{"dropped":"a"}"#,
        Upserted: r#"{"upserted":1000}"#,
        Deleted: r#"{"deleted":0}"#,
        Item: r#"{"id":"a","vector":[0.25,-1e-7],"metadata":{"x":[1,"\u0041"]}}"#,
        VectorSearchAnswer: r#"{"hits":[{"id":"a","distance":0.25,"metadata":{}}]}"#,
        VectorSearchAnswer: r#"{"hits":[],"notices":["filter: no item has a field `a`"]}"#,
        CorpusDescription: r#"{"name":"a","model":"m","dimension":768,"documents":1}"#,
        CorpusList: r#"{"corpora":[]}"#,
        DocumentsTaken: r#"{"taken":3,"refused":1,"errors":[{"line":2,"reason":"text is empty"}]}"#,
        Document: r#"{"id":"a","text":null,"metadata":{}}"#,
        MatrixSearchAnswer: r#"{"hits":[{"id":"a","corpus":"c","text":null,"distance":0.25,"base_distance":0.5,"metadata":{},"matches":["role","place"],"why":{"shape":"boosted","playbook":"pb","score":0.5,"factor":0.75}},{"id":"b","corpus":"c","distance":0.25,"base_distance":0.25,"metadata":{},"why":{"shape":"cold","playbook":null,"score":null,"factor":1.0}}],"playbook":{"used":true,"role":"picker","role_source":"text","boosted":1,"injected":0,"rejected":[{"playbook":"pb","answer_id":"a","answer_corpus":"c","reason":"role_mismatch"}]},"corpora":[{"corpus":"c","status":"ok","hits":2},{"corpus":"x","status":"failed","reason":"unknown corpus `x`"}]}"#,
        MatrixSearchAnswer: r#"{"hits":[],"playbook":{"used":false,"role":null,"role_source":"none","boosted":0,"injected":0,"rejected":[]},"corpora":[{"corpus":"c","status":"ok","hits":0}],"understood":{"person":{"by":"phone","text":"313-555-0102"},"roles":[{"role":"Loader","text":"loaders","how":"name","values":["Loader"]}],"related":["Picker"],"places":[{"city":null,"state":"MI","text":"mi","how":"code","known":true}],"shifts":[{"shift":"nights","text":"nights"}],"certificates":[{"certificate":"OSHA 10","field":"cert_osha_10","text":"osha 10"}],"not":{"roles":[],"places":[],"shifts":[],"certificates":[]},"count":2,"years":{"least":3,"above":null,"most":null,"below":null},"pay":{"least":null,"above":null,"most":18.5,"below":null},"dates":["may 4"],"times":["06:00"],"client":null,"availability":"any","rest":["bilingual"],"nobody":[{"what":"person","text":"313-555-0102","nearest":[]}]},"notices":["filter: no document of `c` has a field `a`"]}"#,
        LegacySearchAnswer: r#"{"results":[{"doc_id":"a","distance":0.25,"metadata":{}}]}"#,
        LegacyHybridAnswer: r#"{"results":[{"doc_id":"a","distance":0.25,"text":"t","metadata":{}}]}"#,
        Recorded: r#"{"id":"pb-1","role":null,"role_source":"none"}"#,
        Recording: r#"{"id":"pb-1","query_text":"q","answer_id":"a","answer_corpus":"c","score":-1.0e0,"role":"picker","synonym":null,"recorded_at":"2026-11-21T08:00:00Z"}"#,
        Health: r#"{"status":"ok","service":"gateway","version":"0.1.0"}"#,
        Readiness: r#"{"status":"not_ready","checks":{"embedder":"ok","vectors":"index `a` takes no writes"}}"#,
        Problem: r#"{"type":"about:blank","title":"Not Found","status":404,"detail":"d","trace_id":"t"}"#,
        LineProblem: r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"d"}"#,
    }
}

#[test]
fn unknown_members_of_answers_are_ignored() {
    let text = r#"{"new":1,"deleted":2,"newer":{}}"#;
    let json = parse(text, MAX_DEPTH).unwrap();
    let read = Deleted::read(&json).unwrap();
    assert_eq!(to_text(&read), r#"{"deleted":2}"#);
}

#[test]
fn durations_have_three_decimals() {
    let cases = [(0, "0.000"), (40_600, "0.041"), (1_234_567_890, "1234.568")];
    for (nanoseconds, want) in cases {
        let mut text = String::new();
        Milliseconds(Duration::from_nanos(nanoseconds)).write(&mut text);
        assert_eq!(text, want);
    }
}
