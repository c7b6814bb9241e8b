//! Filters: reading, writing, and the contract's errors.

use lakehouse_base::ErrorCode;
use lakehouse_json::{MAX_DEPTH, parse};
use lakehouse_wire::{MemberName, Read, ReadError, to_text, vectors::Filter};
use serde_json::Value;

use crate::validator_of;

/// Reads a filter and writes it again.
fn read(text: &str) -> Result<String, ReadError> {
    let name = MemberName {
        prefix: "",
        name: "filter",
    };
    let json = parse(text, MAX_DEPTH + 1).unwrap();
    Filter::read_member(&json, name).map(|filter| to_text(&filter))
}

#[test]
fn filters_round_trip() {
    let cases = [
        r#"{"eq":{"field":"role","value":"Picker"}}"#,
        r#"{"eq":{"field":"","value":null}}"#,
        r#"{"in":{"field":"state","values":["MI",1.5,null,true]}}"#,
        r#"{"range":{"field":"years","gte":2.0,"lt":10.0}}"#,
        r#"{"range":{"field":"years","gt":"a"}}"#,
        r#"{"range":{"field":"years","lte":"b"}}"#,
        r#"{"contains":{"field":"skills","value":"Forklift"}}"#,
        r#"{"contains":{"field":"years","value":3.0}}"#,
        r#"{"and":[{"or":[]},{"not":{"and":[]}}]}"#,
    ];
    let validator = validator_of::<Filter>();
    for text in cases {
        assert_eq!(read(text).as_deref(), Ok(text));
        let value: Value = serde_json::from_str(text).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
    let repeated = r#"{"eq":7,"eq":{"field":1,"value":2,"field":"a","value":"b"}}"#;
    let last = r#"{"eq":{"field":"a","value":"b"}}"#;
    assert_eq!(read(repeated).as_deref(), Ok(last));
}

const FILTER: &str = "an object with exactly one of `eq`, `in`, `range`, `contains`, `and`, \
                      `or`, `not`";
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
        (r#"{"contains":"a"}"#, "filter.contains", EQ),
        (
            r#"{"contains":{"field":"a","value":["b"]}}"#,
            "filter.contains",
            EQ,
        ),
        (
            r#"{"contains":{"field":"a","values":["b"]}}"#,
            "filter.contains",
            EQ,
        ),
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
    let validator = validator_of::<Filter>();
    for (text, path, must_be) in cases {
        let error = read(text).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`{path}` must be {must_be}"),
            "{text}"
        );
        assert_eq!(error.code(), ErrorCode::BadRequest);
        // The validator rejects numbers beyond the range of a double as JSON.
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            assert!(!validator.is_valid(&value), "{text}");
        }
    }
}

#[test]
fn filters_at_the_limits_are_accepted() {
    let values = vec!["1"; 1000].join(",");
    read(&format!(r#"{{"in":{{"field":"a","values":[{values}]}}}}"#)).unwrap();
    let filters = vec![r#"{"or":[]}"#; 64].join(",");
    read(&format!(r#"{{"and":[{filters}]}}"#)).unwrap();
    // The deepest nesting that a request body can have.
    let (open, close) = (r#"{"not":"#.repeat(127), "}".repeat(127));
    let deep = format!(r#"{open}{{"or":[]}}{close}"#);
    assert_eq!(read(&deep).as_deref(), Ok(&*deep));
}
