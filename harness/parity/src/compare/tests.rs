//! The comparators together, from observations to differences.

mod depth;
mod guard;
mod json;
mod rankings;

use std::collections::BTreeMap;

use lakehouse_rig::source::Source;

use super::{compare, prepare};
use crate::comparators::without_digest;
use crate::config::Probe;
use crate::observation::{Failure, Observation, ScriptUse, Step, UpstreamRequest};

/// A probe with these lines in `[compare]`, and tables after them.
fn probe(compare: &str) -> Probe {
    let source = Source {
        name: "probe.toml".to_owned(),
        text: format!("about = \"\"\ntransports = [\"line\"]\n\n[compare]\n{compare}\n"),
    };
    match Probe::read("s", &source) {
        Ok(probe) => probe,
        Err(error) => panic!("{:?}", miette::Report::new(error)),
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
            let [left, right] = [&d.left, &d.right].map(|side| without_digest(&side.shape));
            format!("{} {}: {left} | {right}", d.path, d.kind)
        })
        .collect()
}

fn bodies(left: &str, right: &str, compare: &str) -> Vec<String> {
    differences(with_body(left), with_body(right), &probe(compare))
}

#[test]
fn every_part_of_a_step_counts() {
    let base = || Step {
        status: Some(200),
        headers: BTreeMap::from([(
            "content-type".to_owned(),
            vec![b"application/json".to_vec()],
        )]),
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
        differences(base(), right, &probe(""))
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
        differences(base(), right, &probe(""))
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
        ["upstream missing: array of 1 | nothing"]
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
fn an_empty_body_differs_from_any_other() {
    for (compare, body, expected) in [
        ("", "{}", "body missing: object of 0 keys | nothing"),
        ("body = \"bytes\"", "x", "body bytes: 1 byte | 0 bytes"),
        (
            "body = \"metrics\"\ntolerance = 0.1",
            "# no series",
            "body bytes: 11 bytes | 0 bytes",
        ),
    ] {
        assert_eq!(bodies(body, "", compare), [expected]);
        assert_eq!(bodies("", body, compare).len(), 1);
        assert!(bodies("", "", compare).is_empty());
        // Else an accepted difference from an empty body would accept these as well.
        for (left, right) in [("", " "), ("", "\n")] {
            assert_ne!(bodies(left, right, compare), Vec::<String>::new());
            assert_ne!(bodies(left, "{}", compare), bodies(right, "{}", compare));
        }
    }
}

#[test]
fn headers_are_lists_of_bytes() {
    type Values<'a> = &'a [&'a [u8]];
    let with = |values: &[&[u8]]| Step {
        headers: [("x".to_owned(), values.iter().map(|v| v.to_vec()).collect())].into(),
        ..with_body("{}")
    };
    let found = |left: &[&[u8]], right: &[&[u8]]| differences(with(left), with(right), &probe(""));
    assert!(found(&[b"a", b"\xe9"], &[b"a", b"\xe9"]).is_empty());
    let all: [(Values<'_>, Values<'_>, &str); 5] = [
        (&[b"a", b"b"], &[b"a, b"], r#"["a", "b"] | "a, b""#),
        (&[b"a", b"b"], &[b"b", b"a"], r#"["a", "b"] | ["b", "a"]"#),
        (&[b"\xe9"], &[b"\xe8"], r#"b"\xe9" | b"\xe8""#),
        (
            &[b"\xe9"],
            &["\u{fffd}".as_bytes()],
            "b\"\\xe9\" | \"\u{fffd}\"",
        ),
        (&[b""], &[b"", b""], r#""" | ["", ""]"#),
    ];
    for (left, right, expected) in all {
        assert_eq!(found(left, right), [format!("header:x header: {expected}")]);
    }
    let trailer = Step {
        trailers: with(&[b"a"]).headers,
        ..with_body("{}")
    };
    assert_eq!(
        differences(trailer, with_body("{}"), &probe("")),
        ["trailer:x header: \"a\" | nothing"]
    );
}

#[test]
fn normalisers_check_every_value_of_a_header() {
    let probe = probe(
        "\n[[normalise]]\non = \"header:x\"\nmust_be = \"number>=0\"\naction = \"replace\"\nreason = \"\"\n[[normalise]]\non = \"trailer:y\"\nmust_be = \"text\"\naction = \"remove\"\nreason = \"\"",
    );
    let with = |values: &[&str]| {
        let values = values.iter().map(|value| value.as_bytes().to_vec());
        Step {
            headers: [("x".to_owned(), values.clone().collect())].into(),
            trailers: [("y".to_owned(), values.collect())].into(),
            ..with_body("{}")
        }
    };
    let found = |left, right| differences(with(left), with(right), &probe);
    assert!(found(&["1", "2"], &["3", "4"]).is_empty());
    assert_eq!(
        found(&["1", "2"], &["3", "no"]),
        [r#"header:x header: ["<number>=0>", "<number>=0>"] | ["<number>=0>", "no"]"#]
    );
    assert_eq!(
        found(&["1", "2"], &["3"]),
        [r#"header:x header: ["<number>=0>", "<number>=0>"] | "<number>=0>""#]
    );
}

#[test]
fn bytes_and_status_comparators() {
    assert_eq!(
        bodies("{\"a\":1}", "{\"a\": 1}", "body = \"bytes\""),
        ["body bytes: 7 bytes | 8 bytes"]
    );
    assert!(bodies("x", "y", "body = \"status\"").is_empty());
    let file = |text: &str| Step {
        files: BTreeMap::from([("f".to_owned(), text.as_bytes().to_vec())]),
        ..with_body("{}")
    };
    let bytes = probe("files = \"bytes\"");
    assert_eq!(
        differences(file("{\"a\":1}"), file("{\"a\": 1}"), &bytes),
        ["file:f bytes: 7 bytes | 8 bytes"]
    );
}

#[test]
fn vectors_are_compared_apart_from_the_json_around_them() {
    let vectors = "body = \"vectors\"\nvectors_at = [\"$.v[*]\"]";
    let found = bodies(
        "{\"v\":[[0.6,0.8],[1,0]],\"n\":2}",
        "{\"v\":[[12,16],[1.0,0.0]],\"n\":3}",
        vectors,
    );
    assert_eq!(
        found,
        [
            "body:$.v[0] norm: vector of norm 1 | vector of norm 2e1".replace("2e1", "2.0e1"),
            "body:$.n value: number 2 | number 3".to_owned(),
        ]
    );
    assert_eq!(
        bodies("{\"v\":[[1,0]]}", "{\"v\":[[1,\"0\"]]}", vectors),
        ["body:$.v[0] type: vector of 2 dimensions | array of 2"]
    );
}

#[test]
fn metrics_are_compared_as_numbers() {
    let metrics = "body = \"metrics\"\ntolerance = 0.1";
    assert_eq!(
        bodies("a 10\nb 1", "a 10.5\nb 2", metrics),
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
    assert_eq!(bodies("{\"a\":10}", "a 10", metrics).len(), 1);
}

#[test]
fn steps_are_named_in_sequences() {
    let probe = probe("");
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
fn normalisers_hide_nothing_else() {
    let probe = probe(
        "\n[[normalise]]\non = \"body\"\npath = \"$.ms\"\nmust_be = \"number>=0\"\naction = \"replace\"\nreason = \"\"",
    );
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

/// A body of nested arrays, with `inside` in the innermost one.
fn nested(depth: usize, inside: &str) -> String {
    format!("{}{inside}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn nesting_beyond_the_limit_is_compared_as_bytes() {
    let limit = "max_depth = 10\n";
    for body in ["json", "bytes", "status", "metrics"] {
        let compare = format!("body = \"{body}\"\n{limit}");
        let deep = nested(11, "1");
        assert_eq!(bodies(&deep, &deep, &compare), [""; 0], "{body}");
    }
    let space = nested(11, " 1");
    assert_eq!(bodies(&nested(10, "1"), &nested(10, " 1"), limit), [""; 0]);
    assert_eq!(
        bodies(&nested(11, "1"), &space, limit),
        ["body bytes: 23 bytes | 24 bytes"]
    );
    assert_eq!(
        bodies(&nested(10, "1"), &nested(11, "1"), limit),
        ["body bytes: 21 bytes | 23 bytes"]
    );
    let depth = |body: &str, probe: &Probe| {
        prepare(&Observation::single(with_body(body)), probe, None).excess_depth
    };
    assert_eq!(depth(&nested(1_000, ""), &probe("")), None);
    assert_eq!(depth(&nested(1_001, ""), &probe("")), Some(1_001));
    assert_eq!(depth(&nested(11, ""), &probe(limit)), Some(11));
    assert_eq!(depth(&nested(11, ""), &probe("body = \"status\"")), None);
}

#[test]
fn files_and_requests_beyond_the_limit_are_compared_as_bytes() {
    let probe = probe("max_depth = 3\n");
    let with = |inside: &str| Step {
        files: BTreeMap::from([("a".to_owned(), format!("{}\n", nested(4, inside)).into())]),
        upstream: Some(vec![UpstreamRequest {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            body: nested(4, inside).into(),
        }]),
        ..with_body("{}")
    };
    assert!(differences(with("1"), with("1"), &probe).is_empty());
    assert_eq!(
        differences(with("1"), with("2"), &probe),
        [
            "file:a:$[0] bytes: 9 bytes | 9 bytes",
            "upstream:$[0].text value: \"[[[[1]]]]\" | \"[[[[2]]]]\""
        ]
    );
    let prepared = prepare(&Observation::single(with("1")), &probe, None);
    assert_eq!(prepared.excess_depth, Some(4));
}

#[test]
fn request_bodies_of_another_form_differ() {
    let with = |body: &[u8]| Step {
        upstream: Some(vec![UpstreamRequest {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            body: body.to_vec(),
        }]),
        ..with_body("{}")
    };
    let bodies: [&[u8]; 6] = [b"", b"\"\"", b"hello", b"\"hello\"", b"\xff", b"\xfe"];
    for (index, one) in bodies.iter().enumerate() {
        for (other_index, other) in bodies.iter().enumerate() {
            let found = differences(with(one), with(other), &probe(""));
            assert_eq!(found.is_empty(), index == other_index, "{found:?}");
        }
    }
}

#[test]
fn an_empty_file_and_an_empty_line_differ() {
    let with = |content: &str| Step {
        files: BTreeMap::from([("a".to_owned(), content.as_bytes().to_vec())]),
        ..with_body("{}")
    };
    let found = |left, right| differences(with(left), with(right), &probe(""));
    assert!(found("\n", "\n").is_empty());
    assert_eq!(
        found("", "\n"),
        ["file:a trailing_bytes: no newline at the end | newline at the end"]
    );
    assert_eq!(found("", "1\n"), ["file:a line_count: 0 lines | 1 line"]);
    let missing = |content| differences(with(content), with_body("{}"), &probe(""));
    assert_eq!(
        missing("1"),
        ["file:a missing: 1 line without a newline at the end | nothing"]
    );
    assert_eq!(missing("\n"), ["file:a missing: 1 empty line | nothing"]);
}
