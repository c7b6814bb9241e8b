//! The comparators together, from observations to differences.

use std::collections::BTreeMap;

use super::guard::{Standing, judge};
use super::{compare, prepare};
use crate::config::CaseStep;
use crate::config::Ranking;
use crate::config::probe::{Body, Compare, ErrorWhen, Http, JsonPolicy, Line, Probe};
use crate::config::ranking::Ties;
use crate::json::Query;
use crate::normalise::{Action, Check, Normaliser, Part};
use crate::observation::{Failure, Observation, ScriptUse, Step, UpstreamRequest};

pub(super) fn policy() -> Compare {
    Compare {
        body: Body::Json,
        files_as_jsonl: true,
        json: JsonPolicy::default(),
        cosine: 1e-6,
        norm: 1e-4,
        tolerance: 0.0,
        vectors_at: Vec::new(),
        rankings: Vec::new(),
    }
}

fn probe(compare: Compare) -> Probe {
    Probe {
        surface: "s".to_owned(),
        transports: Vec::new(),
        writes: false,
        restart: false,
        http: Http {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: BTreeMap::new(),
            observe_headers: Vec::new(),
            observe_files: Vec::new(),
            observe_upstream: false,
            timeout: std::time::Duration::from_secs(1),
        },
        line: Line {
            response: false,
            timeout: std::time::Duration::from_secs(1),
        },
        files: Vec::new(),
        compare,
        error_when: None,
        normalisers: Vec::new(),
        cases: Vec::new(),
        empty_files: Vec::new(),
        coverage: crate::config::probe::Coverage::default(),
    }
}

fn expected(expect_error: bool, status: Option<u16>) -> CaseStep {
    CaseStep {
        expect_error,
        status,
        ..CaseStep::default()
    }
}

fn with_body(body: &str) -> Step {
    Step {
        body: body.as_bytes().to_vec(),
        ..Step::default()
    }
}

fn differences(left: Step, right: Step, probe: &Probe) -> Vec<String> {
    let prepared = |step| prepare(&Observation::single(step), probe, None);
    compare(&prepared(left), &prepared(right), &probe.compare, false)
        .iter()
        .map(|d| {
            format!(
                "{} {}: {} | {}",
                d.path, d.kind, d.left.shape, d.right.shape
            )
        })
        .collect()
}

fn bodies(left: &str, right: &str, policy: Compare) -> Vec<String> {
    differences(with_body(left), with_body(right), &probe(policy))
}

#[test]
fn json_tells_every_kind_of_difference() {
    for (left, right, expected) in [
        (
            "{\"a\":1,\"b\":[true]}",
            " {\"b\":[ true ],\n\"a\":1}",
            &[][..],
        ),
        (
            "{\"a\":1}",
            "{\"a\":2}",
            &["body:$.a value: number 1 | number 2"],
        ),
        (
            "{\"a\":1}",
            "{\"a\":1.0}",
            &["body:$.a number_lexeme: number 1 | number 1.0"],
        ),
        (
            "{\"a\":1}",
            "{\"a\":\"1\"}",
            &["body:$.a type: number 1 | \"1\""],
        ),
        ("{\"a\":null}", "{}", &["body:$.a missing: null | nothing"]),
        ("{}", "{\"a\":null}", &["body:$.a extra: nothing | null"]),
        (
            "{\"a\":1,\"a\":2}",
            "{\"a\":1}",
            &["body:$.a duplicate_key: key 2 times | key once"],
        ),
        (
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"a\":3}",
            &["body:$.a value: number 2 | number 3"],
        ),
        ("[1,2]", "[1]", &["body:$ length: array of 2 | array of 1"]),
        (
            "[1,2]",
            "[2,1]",
            &[
                "body:$[0] value: number 1 | number 2",
                "body:$[1] value: number 2 | number 1",
            ],
        ),
        ("[true]", "[false]", &["body:$[0] value: true | false"]),
        ("\"é\"", "\"\\u00e9\"", &[]),
        (
            "\"\\ud800\"",
            "\"\\ufffd\"",
            &["body:$ value: \"\\ud800\" | \"\\ufffd\""],
        ),
    ] {
        assert_eq!(
            bodies(left, right, policy()),
            expected,
            "{left} and {right}"
        );
    }
}

#[test]
fn json_policies_change_what_counts() {
    let with = |json| Compare { json, ..policy() };
    let none = JsonPolicy::default();
    let order = JsonPolicy {
        key_order: true,
        ..none
    };
    assert_eq!(
        bodies("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", with(order)),
        ["body:$ key_order: keys a, b | keys b, a"]
    );
    assert_eq!(
        bodies(
            "{\"a\":1,\"x\":0,\"b\":2}",
            "{\"a\":1,\"b\":2}",
            with(order)
        ),
        ["body:$.x missing: number 0 | nothing"]
    );
    let value = JsonPolicy {
        numbers_by_value: true,
        ..none
    };
    assert!(bodies("[1,1e2]", "[1.0,100]", with(value)).is_empty());
    assert_eq!(bodies("[1]", "[1.5]", with(value)).len(), 1);
    let escapes = JsonPolicy {
        escapes: true,
        ..none
    };
    assert_eq!(
        bodies("\"é\"", "\"\\u00e9\"", with(escapes)),
        ["body:$ escape: \"é\" | \"\\u00e9\""]
    );
    assert_eq!(
        bodies("{\"é\":1}", "{\"\\u00e9\":1}", with(escapes)),
        ["body:$['é'] escape: é | \\u00e9"]
    );
}

#[test]
fn deep_documents_are_compared_to_the_bottom() {
    let depth = 10_000;
    let nested = |inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let found = bodies(&nested("1"), &nested("2"), policy());
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with(".a value: number 1 | number 2"),
        "{}",
        &found[0][found[0].len() - 60..]
    );
}

#[test]
fn every_part_of_a_step_counts() {
    let base = || Step {
        status: Some(200),
        headers: BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]),
        files: BTreeMap::from([("a.jsonl".to_owned(), b"{\"x\":1}\n{\"x\":2}\n".to_vec())]),
        upstream: Some(vec![UpstreamRequest {
            method: "POST".to_owned(),
            path: "/api/chat".to_owned(),
            body: b"{\"model\":\"m\"}".to_vec(),
        }]),
        script: Some(ScriptUse {
            unused: 0,
            beyond: 0,
        }),
        exit: Some(0),
        ..with_body("{}")
    };
    let changed = |change: fn(&mut Step)| {
        let mut right = base();
        change(&mut right);
        differences(base(), right, &probe(policy()))
    };
    assert!(changed(|_| {}).is_empty());
    assert_eq!(
        changed(|s| s.status = Some(201)),
        ["status status: 200 | 201"]
    );
    assert_eq!(
        changed(|s| s.status = None),
        ["status status: 200 | nothing"]
    );
    assert_eq!(changed(|s| s.exit = Some(3)), ["exit exit: 0 | 3"]);
    assert_eq!(
        changed(|s| s.headers.clear()),
        ["header:content-type header: \"application/json\" | nothing"]
    );
    assert_eq!(
        changed(|s| s.files.clear()),
        ["file:a.jsonl missing: 2 lines | nothing"]
    );
    let set_file = |content: &'static str| {
        let mut right = base();
        right
            .files
            .insert("a.jsonl".to_owned(), content.as_bytes().to_vec());
        differences(base(), right, &probe(policy()))
    };
    assert_eq!(
        set_file("{\"x\":1}\n{\"x\":3}\n"),
        ["file:a.jsonl:$[1].x value: number 2 | number 3"]
    );
    assert_eq!(
        set_file("{\"x\":1}\n"),
        ["file:a.jsonl line_count: 2 lines | 1 line"]
    );
    assert_eq!(
        set_file("{\"x\":1}\n{\"x\":2}"),
        ["file:a.jsonl trailing_bytes: newline at the end | no newline at the end"]
    );
    assert_eq!(
        changed(|s| s
            .upstream
            .iter_mut()
            .flatten()
            .for_each(|r| r.body = b"{\"model\":\"n\"}".to_vec())),
        ["upstream:$[0].body.model value: \"m\" | \"n\""]
    );
    assert_eq!(
        changed(|s| s.upstream = None),
        ["upstream missing: requests | nothing"]
    );
    assert_eq!(
        changed(|s| s.script = Some(ScriptUse {
            unused: 1,
            beyond: 0
        })),
        ["script:$.unused value: number 0 | number 1"]
    );
    assert_eq!(
        changed(|s| s.failure = Some(Failure::Timeout { after_ms: 5 })),
        ["failure failure: an answer | timeout"]
    );
}

#[test]
fn bytes_and_status_comparators() {
    let bytes = Compare {
        body: Body::Bytes,
        ..policy()
    };
    assert_eq!(
        bodies("{\"a\":1}", "{\"a\": 1}", bytes),
        ["body bytes: 7 bytes | 8 bytes"]
    );
    let status = Compare {
        body: Body::Status,
        ..policy()
    };
    assert!(bodies("x", "y", status).is_empty());
    let files = Compare {
        files_as_jsonl: false,
        ..policy()
    };
    let file = |text: &str| Step {
        files: BTreeMap::from([("f".to_owned(), text.as_bytes().to_vec())]),
        ..with_body("{}")
    };
    assert_eq!(
        differences(file("{\"a\":1}"), file("{\"a\": 1}"), &probe(files)),
        ["file:f bytes: 7 bytes | 8 bytes"]
    );
}

#[test]
fn vectors_are_told_from_the_json_around_them() {
    let vectors = || Compare {
        body: Body::Vectors,
        vectors_at: vec![Query::read("$.v[*]").expect("it is a path")],
        ..policy()
    };
    let found = bodies(
        "{\"v\":[[0.6,0.8],[1,0]],\"n\":2}",
        "{\"v\":[[12,16],[1.0,0.0]],\"n\":3}",
        vectors(),
    );
    assert_eq!(
        found,
        [
            "body:$.v[0] norm: vector of norm 1 | vector of norm 2e1".replace("2e1", "2.0e1"),
            "body:$.n value: number 2 | number 3".to_owned(),
        ]
    );
    assert_eq!(
        bodies("{\"v\":[[1,0]]}", "{\"v\":[[1,\"0\"]]}", vectors()),
        ["body:$.v[0] type: vector of 2 dimensions | array of 2"]
    );
}

#[test]
fn metrics_are_compared_as_numbers() {
    let metrics = Compare {
        body: Body::Metrics,
        tolerance: 0.1,
        ..policy()
    };
    assert_eq!(
        bodies("a 10\nb 1", "a 10.5\nb 2", metrics.clone()),
        ["body:b metric: number 1 | number 2"]
    );
    assert_eq!(
        bodies(
            "{\"a\":10,\"b\":1,\"c\":\"x\"}",
            "{\"a\":10.5,\"b\":2,\"c\":\"y\"}",
            metrics
        ),
        [
            "body:$.b metric: number 1 | number 2",
            "body:$.c value: \"x\" | \"y\""
        ]
    );
}

#[test]
fn steps_are_named_in_sequences() {
    let probe = probe(policy());
    let prepared = |bodies: &[&str]| {
        let steps = bodies.iter().map(|body| with_body(body)).collect();
        prepare(&Observation { steps }, &probe, None)
    };
    let found = compare(
        &prepared(&["1", "2"]),
        &prepared(&["1", "3"]),
        &probe.compare,
        true,
    );
    assert_eq!(found[0].path, "step[1]:body:$");
    let found = compare(
        &prepared(&["1", "2"]),
        &prepared(&["1"]),
        &probe.compare,
        true,
    );
    assert_eq!(found[0].path, "step[1]:failure");
}

#[test]
fn normalisers_hide_only_what_they_were_told_to() {
    let mut probe = probe(policy());
    probe.normalisers = vec![Normaliser {
        part: Part::Body,
        path: Query::read("$.ms").ok(),
        begins: None,
        check: Check::Number,
        action: Action::Replace,
        reason: String::new(),
        file: String::new(),
        line: 1,
        text: String::new(),
    }];
    let found = |left, right| differences(with_body(left), with_body(right), &probe);
    assert!(found("{\"ms\":1}", "{\"ms\":2}").is_empty());
    assert_eq!(
        found("{\"ms\":1}", "{}"),
        ["body:$.ms missing: <number>=0> | nothing"]
    );
    assert_eq!(
        found("{\"ms\":1}", "{\"ms\":-1}"),
        ["body:$.ms type: <number>=0> | number -1"]
    );
    let observation = Observation::single(with_body("{\"ms\":1}"));
    assert!(prepare(&observation, &probe, Some(0)).hits.is_empty());
}

#[test]
fn the_guard_tells_broken_and_unexpected_answers() {
    let standing = |step: &Step, expected: &CaseStep, probe: &Probe| {
        let prepared = prepare(&Observation::single(step.clone()), probe, None);
        judge(step, &prepared.steps[0], expected, probe)
    };
    let mut by_path = probe(policy());
    by_path.error_when = Some(ErrorWhen {
        path: Query::read("$.matched").expect("it is a path"),
        equals: Some("false".to_owned()),
        negated: false,
    });
    let ok = expected(false, None);
    let error = expected(true, None);
    let status = |status, body| Step {
        status: Some(status),
        ..with_body(body)
    };
    for (step, expected, standing_text) in [
        (with_body("{\"matched\":true}"), &ok, "sound"),
        (
            with_body("{\"matched\":false}"),
            &ok,
            "the answer is an error, the case expects none",
        ),
        (with_body("{\"matched\":false}"), &error, "sound"),
        (
            with_body("{\"matched\":true}"),
            &error,
            "the answer is no error, the case expects one",
        ),
        (with_body(" "), &ok, "the answer is empty"),
        (
            with_body("{"),
            &error,
            "the body is not JSON: expected a key at byte 1",
        ),
        (status(200, "{}"), &ok, "sound"),
        (
            status(500, "{}"),
            &ok,
            "the answer is an error (status 500), the case expects none",
        ),
        (status(500, "{}"), &error, "sound"),
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
            "gave no answer within 7 ms",
        ),
    ] {
        let told = match standing(&step, expected, &by_path) {
            Standing::Sound => "sound".to_owned(),
            Standing::Broken(why) | Standing::Unexpected(why) => why,
        };
        assert_eq!(told, standing_text, "{step:?}");
    }
    let exact = expected(true, Some(422));
    assert_eq!(
        standing(&status(422, "{}"), &exact, &by_path),
        Standing::Sound
    );
    assert!(matches!(
        standing(&status(400, "{}"), &exact, &by_path),
        Standing::Unexpected(_)
    ));
    let bytes = probe(Compare {
        body: Body::Bytes,
        ..policy()
    });
    assert!(matches!(
        standing(&with_body(""), &ok, &bytes),
        Standing::Broken(_)
    ));
    let vectors = probe(Compare {
        body: Body::Vectors,
        vectors_at: vec![Query::read("$.v[*]").expect("it is a path")],
        ..policy()
    });
    assert!(matches!(
        standing(&with_body("{\"v\":[]}"), &ok, &vectors),
        Standing::Broken(_)
    ));
}

/// Rankings at `$.hits`, of ids in two parts, with a tolerance of 0.01.
fn rankings(overlap: f64, ties: Ties) -> Compare {
    Compare {
        body: Body::Ranking,
        rankings: vec![Ranking {
            at: Query::read("$.hits").expect("it is a path"),
            id: vec!["id".to_owned(), "in".to_owned()],
            score: "d".to_owned(),
            tolerance: 0.01,
            overlap,
            ties,
            near: vec![Query::read("$.hits[*].why.f").expect("it is a path")],
        }],
        ..policy()
    }
}

/// Hits from their ids and distances; the metadata follows from the id.
fn hits(of: &[(&str, f64)]) -> String {
    let all: Vec<String> = of
        .iter()
        .map(|(id, d)| {
            format!(r#"{{"id":"{id}","in":1,"d":{d:?},"m":{{"of":"{id}"}},"why":{{"f":1}}}}"#)
        })
        .collect();
    format!(r#"{{"hits":[{}],"n":1.0}}"#, all.join(","))
}

#[test]
fn rankings_are_compared_by_id() {
    let strict = || rankings(1.0, Ties::Free);
    let left = hits(&[("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", 0.305)]);
    let found = |right: &[(&str, f64)]| bodies(&left, &hits(right), strict());
    assert_eq!(
        found(&[("a", 0.109), ("b", 0.191), ("d", 0.3), ("c", 0.3)]),
        [""; 0]
    );
    assert_eq!(
        found(&[("b", 0.2), ("a", 0.1), ("c", 0.3), ("d", 0.305)]),
        ["body:$.hits[0] ranking_order: `a`, 1 before `b`, 1 | `b`, 1 before `a`, 1"]
    );
    assert_eq!(
        found(&[("a", 0.1), ("b", 0.22), ("c", 0.3), ("d", 0.305)]),
        ["body:$.hits[1].d ranking_score: number 0.2 | number 0.22"]
    );
    assert_eq!(
        found(&[("a", 0.1), ("c", 0.3), ("d", 0.305), ("e", 0.4)]),
        ["body:$.hits ranking_overlap: 1 id that the other lacks | 1 id that the other lacks"]
    );
    assert_eq!(
        found(&[("a", 0.1), ("b", 0.2), ("c", 0.3)]),
        [
            "body:$.hits ranking_length: ranking of 4 | ranking of 3",
            "body:$.hits ranking_overlap: 1 id that the other lacks | 0 ids that the other lacks",
        ]
    );
    // However much stands elsewhere, it is told once.
    assert_eq!(
        found(&[("d", 0.305), ("c", 0.3), ("b", 0.2), ("a", 0.1)]),
        ["body:$.hits[0] ranking_order: `a`, 1 before `b`, 1 | `b`, 1 before `a`, 1"]
    );
}

#[test]
fn a_ranking_may_lack_as_much_as_is_declared() {
    let left = hits(&[("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", 0.4)]);
    let right = hits(&[("a", 0.1), ("c", 0.3), ("d", 0.4), ("e", 0.5)]);
    assert_eq!(bodies(&left, &right, rankings(0.75, Ties::Free)), [""; 0]);
    assert_eq!(bodies(&left, &right, rankings(0.76, Ties::Free)).len(), 1);
}

#[test]
fn equals_keep_their_order_where_a_contract_gives_them_one() {
    let ordered = || rankings(1.0, Ties::Ordered);
    let [ab, ba] = [["a", "b"], ["b", "a"]].map(|[x, y]| hits(&[(x, 0.1), (y, 0.1)]));
    assert_eq!(bodies(&ab, &ba, rankings(1.0, Ties::Free)), [""; 0]);
    assert_eq!(
        bodies(&ab, &ba, ordered()),
        ["body:$.hits[0] ranking_order: `a`, 1 before `b`, 1 | `b`, 1 before `a`, 1"]
    );
    let rounded = hits(&[("b", 0.1), ("a", 0.100_000_1)]);
    assert_eq!(bodies(&ab, &rounded, ordered()), [""; 0]);
}

#[test]
fn all_but_scores_is_exact_in_a_ranking() {
    let left = hits(&[("a", 0.1), ("b", 0.2)]);
    for (from, to, expected) in [
        (
            r#""of":"b""#,
            r#""of":"x""#,
            r#"body:$.hits[1].m.of value: "b" | "x""#,
        ),
        (
            r#""f":1}}]"#,
            r#""f":1.02}}]"#,
            "body:$.hits[1].why.f ranking_score: number 1 | number 1.02",
        ),
        (
            r#""d":0.2"#,
            r#""d":"0.2""#,
            r#"body:$.hits[1].d type: number 0.2 | "0.2""#,
        ),
        (
            r#","d":0.1"#,
            "",
            "body:$.hits[0].d missing: number 0.1 | nothing",
        ),
        (
            r#""n":1.0"#,
            r#""n":1"#,
            "body:$.n number_lexeme: number 1.0 | number 1",
        ),
        (
            r#""id":"b""#,
            r#""id":"a""#,
            r#"body:$.hits[1].id value: "b" | "a""#,
        ),
    ] {
        let found = bodies(&left, &left.replace(from, to), rankings(1.0, Ties::Free));
        assert_eq!(found, [expected], "{to}");
    }
    let close = left.replace(r#""f":1}"#, r#""f":1.005}"#);
    assert_eq!(bodies(&left, &close, rankings(1.0, Ties::Free)), [""; 0]);
}
