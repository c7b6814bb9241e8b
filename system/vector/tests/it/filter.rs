//! Filters: which items pass, and the contract's errors for malformed filters.

use lakehouse_base::ErrorCode;
use lakehouse_json as json;
use lakehouse_vector::{Filter, FilterError, Metadata, Scalar};

fn read(text: &str) -> Result<Filter, FilterError> {
    Filter::read(&json::parse(text, json::MAX_DEPTH).unwrap(), "filter")
}

fn passes(filter: &str, metadata: &str) -> bool {
    let filter = read(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
    filter.passes(&Metadata::parse(metadata).unwrap())
}

/// A filter, metadata that passes, and metadata that does not.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

#[test]
fn filters_pass_matching_metadata() {
    let cases: [Case; 19] = [
        (
            r#"{"eq":{"field":"role","value":"Picker"}}"#,
            &[
                r#"{"role":"Picker"}"#,
                r#"{"role":1,"x":2,"role":"\u0050icker"}"#,
            ],
            &[
                "{}",
                r#"{"role":"picker"}"#,
                r#"{"role":["Picker"]}"#,
                r#"{"role":"Picker","role":[]}"#,
            ],
        ),
        (
            r#"{"eq":{"field":"n","value":2}}"#,
            &[
                r#"{"n":2}"#,
                r#"{"n":2.0}"#,
                r#"{"n":20e-1}"#,
                r#"{"n":2.00000000000000000001}"#,
            ],
            &[r#"{"n":"2"}"#, r#"{"n":3}"#, r#"{"n":true}"#],
        ),
        (
            r#"{"eq":{"field":"n","value":-0.0}}"#,
            &[r#"{"n":0}"#],
            &[r#"{"n":null}"#],
        ),
        (
            r#"{"eq":{"field":"n","value":null}}"#,
            &[r#"{"n":null}"#],
            &["{}", r#"{"n":false}"#, r#"{"n":"null"}"#, r#"{"m":null}"#],
        ),
        (
            r#"{"eq":{"field":"n","value":true}}"#,
            &[r#"{"n":true}"#],
            &[r#"{"n":1}"#, r#"{"n":"true"}"#, r#"{"n":false}"#],
        ),
        (
            r#"{"eq":{"field":"","value":""}}"#,
            &[r#"{"":""}"#],
            &["{}", r#"{"":null}"#],
        ),
        (
            r#"{"eq":{"field":"a","value":"\ud800"}}"#,
            &[r#"{"a":"\udfff"}"#, r#"{"a":"\ufffd"}"#],
            &[r#"{"a":"?"}"#],
        ),
        (
            r#"{"in":{"field":"state","values":["MI",1,null,"OH"]}}"#,
            &[r#"{"state":"OH"}"#, r#"{"state":1e0}"#, r#"{"state":null}"#],
            &["{}", r#"{"state":"oh"}"#, r#"{"state":false}"#],
        ),
        (
            r#"{"range":{"field":"years","gte":2,"lt":10}}"#,
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
            r#"{"range":{"field":"n","gt":2}}"#,
            &[r#"{"n":3}"#, r#"{"n":1e400}"#],
            &[r#"{"n":2.0}"#, r#"{"n":"3"}"#, r#"{"n":-1e400}"#],
        ),
        (
            r#"{"range":{"field":"n","lte":"b"}}"#,
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
            r#"{"range":{"field":"n","gt":"\uffff"}}"#,
            &[r#"{"n":"😀"}"#],
            &[r#"{"n":"\ufffe"}"#],
        ),
        (
            r#"{"range":{"field":"n","gt":5,"lt":3}}"#,
            &[],
            &[r#"{"n":4}"#, r#"{"n":9}"#],
        ),
        (r#"{"and":[]}"#, &["{}"], &[]),
        (r#"{"or":[]}"#, &[], &["{}", r#"{"a":1}"#]),
        (
            r#"{"and":[{"eq":{"field":"a","value":1}},{"eq":{"field":"b","value":2}}]}"#,
            &[r#"{"a":1,"b":2}"#],
            &[r#"{"a":1}"#, r#"{"b":2}"#],
        ),
        (
            r#"{"or":[{"eq":{"field":"a","value":1}},{"eq":{"field":"b","value":2}}]}"#,
            &[r#"{"a":1}"#, r#"{"b":2}"#],
            &["{}", r#"{"a":2,"b":1}"#],
        ),
        (
            r#"{"not":{"range":{"field":"a","lt":1}}}"#,
            &["{}", r#"{"a":1}"#, r#"{"a":"0"}"#],
            &[r#"{"a":0}"#],
        ),
        // The last of repeated members counts.
        (
            r#"{"eq":7,"eq":{"field":1,"value":2,"field":"a","value":3}}"#,
            &[r#"{"a":3}"#],
            &[r#"{"a":2}"#],
        ),
    ];
    for (filter, pass, fail) in cases {
        for metadata in pass {
            assert!(passes(filter, metadata), "{filter} on {metadata}");
        }
        for metadata in fail {
            assert!(!passes(filter, metadata), "{filter} on {metadata}");
        }
    }
}

const FILTER: &str = "an object with exactly one of `eq`, `in`, `range`, `and`, `or`, `not`";
const EQ: &str = "an object of `field`, a string, and `value`, a string, a number, a boolean or \
                  null";
const IN: &str = "an object of `field`, a string, and `values`, an array of 1 to 1000 strings, \
                  numbers, booleans or nulls";
const RANGE: &str = "an object of `field`, a string, and at least one of `gt` or `gte`, `lt` or \
                     `lte`, all numbers or all strings";
const FILTERS: &str = "an array of at most 64 filters";

#[test]
fn the_first_error_is_reported() {
    let many = |count: usize, one: &str| vec![one; count].join(",");
    let in_too_many = format!(r#"{{"in":{{"field":"a","values":[{}]}}}}"#, many(1001, "1"));
    let and_too_many = format!(r#"{{"and":[{}]}}"#, many(65, "7"));
    let cases = [
        ("7", "filter", FILTER),
        ("[]", "filter", FILTER),
        ("{}", "filter", FILTER),
        (r#"{"Eq":{}}"#, "filter", FILTER),
        (r#"{"and":[],"or":[]}"#, "filter", FILTER),
        (r#"{"eq":7}"#, "filter.eq", EQ),
        (r#"{"eq":{"field":"a"}}"#, "filter.eq", EQ),
        (r#"{"eq":{"value":1}}"#, "filter.eq", EQ),
        (r#"{"eq":{"field":1,"value":1}}"#, "filter.eq", EQ),
        (r#"{"eq":{"field":"a","value":[]}}"#, "filter.eq", EQ),
        (r#"{"eq":{"field":"a","value":1e400}}"#, "filter.eq", EQ),
        (r#"{"eq":{"field":"a","value":1,"x":1}}"#, "filter.eq", EQ),
        (r#"{"in":{"field":"a","values":[]}}"#, "filter.in", IN),
        (r#"{"in":{"field":"a","values":7}}"#, "filter.in", IN),
        (r#"{"in":{"field":"a","values":[1,{}]}}"#, "filter.in", IN),
        (&in_too_many, "filter.in", IN),
        (r#"{"range":{"field":"a"}}"#, "filter.range", RANGE),
        (r#"{"range":{"gt":1}}"#, "filter.range", RANGE),
        (
            r#"{"range":{"field":"a","gt":1,"gte":1}}"#,
            "filter.range",
            RANGE,
        ),
        (
            r#"{"range":{"field":"a","lt":1,"lte":1}}"#,
            "filter.range",
            RANGE,
        ),
        (
            r#"{"range":{"field":"a","gt":1,"lt":"x"}}"#,
            "filter.range",
            RANGE,
        ),
        (
            r#"{"range":{"field":"a","gt":null}}"#,
            "filter.range",
            RANGE,
        ),
        (
            r#"{"range":{"field":"a","gt":true}}"#,
            "filter.range",
            RANGE,
        ),
        (
            r#"{"range":{"field":"a","gt":1,"lt":1e400}}"#,
            "filter.range",
            RANGE,
        ),
        (
            r#"{"range":{"field":"a","gt":1,"eq":1}}"#,
            "filter.range",
            RANGE,
        ),
        (r#"{"and":{}}"#, "filter.and", FILTERS),
        (r#"{"or":null}"#, "filter.or", FILTERS),
        (&and_too_many, "filter.and", FILTERS),
        (
            r#"{"and":[{"and":[]},{"or":[{"eq":1},7]}]}"#,
            "filter.and[1].or[0].eq",
            EQ,
        ),
        (
            r#"{"not":{"not":{"or":[{"in":{}}]}}}"#,
            "filter.not.not.or[0].in",
            IN,
        ),
        (r#"{"not":7}"#, "filter.not", FILTER),
    ];
    for (text, path, must_be) in cases {
        let error = read(text).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`{path}` must be {must_be}"),
            "{text}"
        );
        assert_eq!(error.code(), ErrorCode::BadRequest);
    }
}

#[test]
fn filters_at_the_limits_are_accepted() {
    let values = vec!["1"; 1000].join(",");
    read(&format!(r#"{{"in":{{"field":"a","values":[{values}]}}}}"#)).unwrap();
    let filters = vec![r#"{"or":[]}"#; 64].join(",");
    read(&format!(r#"{{"and":[{filters}]}}"#)).unwrap();
    // The deepest nesting that a request body can have.
    let deep = format!(
        "{}{}{}",
        r#"{"not":"#.repeat(127),
        r#"{"or":[]}"#,
        "}".repeat(127)
    );
    let deep = Filter::read(&json::parse(&deep, 129).unwrap(), "filter").unwrap();
    assert!(deep.passes(&Metadata::empty()));
}

#[test]
fn metadata_is_returned_unchanged() {
    let metadata =
        Metadata::parse(" { \"a\" : 1.0 , \"b\":[ 1 ], \"a\" :\"x\\u0020y\" } ").unwrap();
    assert_eq!(metadata.as_str(), r#"{"a":1.0,"b":[1],"a":"x\u0020y"}"#);
    assert_eq!(metadata.get("a"), Some(Scalar::from("x y")));
    assert_eq!((metadata.get("b"), metadata.get("c")), (None, None));
    assert_eq!(metadata.scalars(), [("a".into(), Scalar::from("x y"))]);
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
