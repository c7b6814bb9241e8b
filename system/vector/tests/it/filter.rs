//! Filters: which items pass.

use std::ops::Bound;

use lakehouse_vector::{Bounds, Filter, Kind, Metadata, Pattern, Scalar};

fn eq(field: &str, value: impl Into<Scalar>) -> Filter {
    Filter::Eq {
        field: field.into(),
        value: value.into(),
    }
}

fn numbers(field: &str, lower: Bound<f64>, upper: Bound<f64>) -> Filter {
    Filter::Range {
        field: field.into(),
        bounds: Bounds::Numbers(lower, upper),
    }
}

fn contains(field: &str, value: impl Into<Scalar>) -> Filter {
    Filter::Contains {
        field: field.into(),
        value: value.into(),
    }
}

fn like(field: &str, pattern: &str, escape: Option<char>, ignores_case: bool) -> Filter {
    Filter::Like {
        field: field.into(),
        pattern: Pattern::parse(pattern, escape, ignores_case).expect("a pattern"),
    }
}

fn only_of(field: &str, kind: Kind) -> Filter {
    Filter::OnlyOf {
        field: field.into(),
        kind,
    }
}

fn texts(field: &str, lower: Bound<&str>, upper: Bound<&str>) -> Filter {
    Filter::Range {
        field: field.into(),
        bounds: Bounds::Texts(lower.map(Box::from), upper.map(Box::from)),
    }
}

/// A filter, metadata that passes, and metadata that does not.
type Case = (Filter, &'static [&'static str], &'static [&'static str]);

#[test]
fn filters_pass_matching_metadata() {
    let cases: [Case; 28] = [
        (
            eq("role", "Picker"),
            &[
                r#"{"role":"Picker"}"#,
                r#"{"role":1,"x":2,"role":"\u0050icker"}"#,
                r#"{"role":["Packer","\u0050icker",1]}"#,
            ],
            &[
                "{}",
                r#"{"role":"picker"}"#,
                r#"{"role":[["Picker"]]}"#,
                r#"{"role":{"Picker":"Picker"}}"#,
                r#"{"role":"Picker","role":[]}"#,
            ],
        ),
        (
            eq("n", 2.0),
            &[
                r#"{"n":2}"#,
                r#"{"n":2.0}"#,
                r#"{"n":20e-1}"#,
                r#"{"n":2.00000000000000000001}"#,
            ],
            &[r#"{"n":"2"}"#, r#"{"n":3}"#, r#"{"n":true}"#],
        ),
        (eq("n", -0.0), &[r#"{"n":0}"#], &[r#"{"n":null}"#]),
        (
            eq("n", Scalar::Null),
            &[r#"{"n":null}"#],
            &["{}", r#"{"n":false}"#, r#"{"n":"null"}"#, r#"{"m":null}"#],
        ),
        (
            eq("n", true),
            &[r#"{"n":true}"#],
            &[r#"{"n":1}"#, r#"{"n":"true"}"#, r#"{"n":false}"#],
        ),
        (eq("", ""), &[r#"{"":""}"#], &["{}", r#"{"":null}"#]),
        (
            eq("a", "\u{FFFD}"),
            &[r#"{"a":"\udfff"}"#, r#"{"a":"\ufffd"}"#],
            &[r#"{"a":"?"}"#],
        ),
        (
            Filter::In {
                field: "state".into(),
                values: vec!["MI".into(), 1.0.into(), Scalar::Null, "OH".into()],
            },
            &[r#"{"state":"OH"}"#, r#"{"state":1e0}"#, r#"{"state":null}"#],
            &["{}", r#"{"state":"oh"}"#, r#"{"state":false}"#],
        ),
        (
            numbers("years", Bound::Included(2.0), Bound::Excluded(10.0)),
            &[r#"{"years":2}"#, r#"{"years":9.99}"#],
            &[
                "{}",
                r#"{"years":1.99}"#,
                r#"{"years":10}"#,
                r#"{"years":"5"}"#,
                r#"{"years":null}"#,
            ],
        ),
        (
            numbers("n", Bound::Excluded(2.0), Bound::Unbounded),
            &[r#"{"n":3}"#, r#"{"n":1e400}"#],
            &[r#"{"n":2.0}"#, r#"{"n":"3"}"#, r#"{"n":-1e400}"#],
        ),
        (
            texts("n", Bound::Unbounded, Bound::Included("b")),
            &[r#"{"n":""}"#, r#"{"n":"B"}"#, r#"{"n":"b"}"#],
            &[
                r#"{"n":"ba"}"#,
                r#"{"n":"ü"}"#,
                r#"{"n":1}"#,
                r#"{"n":null}"#,
            ],
        ),
        // Bytewise, not by UTF-16 units.
        (
            texts("n", Bound::Excluded("\u{FFFF}"), Bound::Unbounded),
            &[r#"{"n":"😀"}"#],
            &[r#"{"n":"\ufffe"}"#],
        ),
        (
            numbers("n", Bound::Excluded(5.0), Bound::Excluded(3.0)),
            &[],
            &[r#"{"n":4}"#, r#"{"n":9}"#],
        ),
        (
            numbers("n", Bound::Included(2.0), Bound::Excluded(4.0)),
            &[r#"{"n":[9,3]}"#, r#"{"n":["x",2]}"#],
            // One element must be within both bounds.
            &[r#"{"n":[1,5]}"#, r#"{"n":[[3]]}"#, r#"{"n":[]}"#],
        ),
        (
            eq("n", Scalar::Null),
            &[r#"{"n":[1,null]}"#],
            &[r#"{"n":[]}"#, r#"{"n":[[null]]}"#],
        ),
        (
            Filter::Not(Box::new(eq("certs", "OSHA 10"))),
            &["{}", r#"{"certs":[]}"#, r#"{"certs":["Forklift"]}"#],
            &[r#"{"certs":["Forklift","OSHA 10"]}"#],
        ),
        (
            contains("skills", "Fork"),
            &[
                r#"{"skills":"Picking, Forklift"}"#,
                r#"{"skills":["Picking","Forklift"]}"#,
            ],
            &[
                r#"{"skills":"forklift"}"#,
                r#"{"skills":["F","ork"]}"#,
                r#"{"skills":[["Fork"]]}"#,
                r#"{"skills":{"Fork":1}}"#,
                "{}",
            ],
        ),
        (
            contains("n", 3.0),
            &[r#"{"n":3}"#, r#"{"n":["x",3.0]}"#],
            &[r#"{"n":33}"#, r#"{"n":"3"}"#, r#"{"n":[33]}"#],
        ),
        (
            contains("n", ""),
            &[r#"{"n":""}"#, r#"{"n":["x"]}"#],
            &["{}", r#"{"n":[]}"#, r#"{"n":1}"#],
        ),
        (
            like("n", "%b_d%", None, false),
            &[
                r#"{"n":"abéd"}"#,
                r#"{"n":"b😀d"}"#,
                r#"{"n":[1,"bbdbcdx"]}"#,
            ],
            &[r#"{"n":"bd"}"#, r#"{"n":"BCD"}"#, r#"{"n":1}"#, "{}"],
        ),
        (
            like("n", "é!%!!_", Some('!'), true),
            &[r#"{"n":"É%!x"}"#],
            &[r#"{"n":"é%!"}"#, r#"{"n":"éx!x"}"#, r#"{"n":"e%!x"}"#],
        ),
        (
            Filter::IsNull { field: "n".into() },
            &["{}", r#"{"n":null}"#],
            &[
                r#"{"n":[null]}"#,
                r#"{"n":[]}"#,
                r#"{"n":{}}"#,
                r#"{"n":0}"#,
            ],
        ),
        (
            only_of("n", Kind::Text),
            &[r#"{"n":""}"#, r#"{"n":["a","b"]}"#, r#"{"n":[]}"#],
            &[
                "{}",
                r#"{"n":null}"#,
                r#"{"n":["a",null]}"#,
                r#"{"n":["a",1]}"#,
                r#"{"n":["a",[]]}"#,
                r#"{"n":{}}"#,
            ],
        ),
        (Filter::And(Vec::new()), &["{}"], &[]),
        (Filter::Or(Vec::new()), &[], &["{}", r#"{"a":1}"#]),
        (
            Filter::And(vec![eq("a", 1.0), eq("b", 2.0)]),
            &[r#"{"a":1,"b":2}"#],
            &[r#"{"a":1}"#],
        ),
        (
            Filter::Or(vec![eq("a", 1.0), eq("b", 2.0)]),
            &[r#"{"a":1}"#, r#"{"b":2}"#],
            &["{}", r#"{"a":2,"b":1}"#],
        ),
        (
            Filter::Not(Box::new(numbers(
                "a",
                Bound::Unbounded,
                Bound::Excluded(1.0),
            ))),
            &["{}", r#"{"a":1}"#, r#"{"a":"0"}"#],
            &[r#"{"a":0}"#],
        ),
    ];
    for (filter, pass, fail) in cases {
        let passes = |metadata: &str| filter.passes(&Metadata::parse(metadata).unwrap());
        for metadata in pass {
            assert!(passes(metadata), "{filter:?} on {metadata}");
        }
        for metadata in fail {
            assert!(!passes(metadata), "{filter:?} on {metadata}");
        }
    }
}

#[test]
fn the_deepest_filter_of_a_request_is_evaluated() {
    let inner = Filter::Or(Vec::new());
    let deep = (0..127).fold(inner, |filter, _| Filter::Not(Box::new(filter)));
    assert!(deep.passes(&Metadata::empty()));
}

#[test]
fn metadata_is_returned_unchanged() {
    let metadata =
        Metadata::parse(" { \"a\" : 1.0 , \"b\":[ 1 ], \"a\" :\"x\\u0020y\" } ").unwrap();
    assert_eq!(metadata.as_str(), r#"{"a":1.0,"b":[1],"a":"x\u0020y"}"#);
    assert_eq!(metadata.get("a"), Some(Scalar::from("x y")));
    assert_eq!((metadata.get("b"), metadata.get("c")), (None, None));
    assert_eq!(Metadata::default(), Metadata::parse("{}").unwrap());
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(128), "]".repeat(128));
    for text in ["", "[]", "null", "{", "{} {}", &deep] {
        let error = Metadata::parse(text).unwrap_err().to_string();
        assert_eq!(
            error,
            "metadata must be a JSON object of at most 128 levels"
        );
    }
}
