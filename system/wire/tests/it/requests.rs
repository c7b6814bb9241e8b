//! Requests: the schema accepts everything that the reader accepts.

use jsonschema::Validator;
use lakehouse_base::{Limits, is_blank};
use lakehouse_json::{self as json, Json, MAX_DEPTH, parse};
use lakehouse_wire::{
    ReadError, Vector,
    embed::{self, EmbedRequest},
    iterate::{self, IterateRequest},
    matrix::{
        self, Condition, CreateCorpus, DocumentLine, MatrixRetrieve, MatrixSearch,
        legacy::{self, LegacyHybridSearch, LegacySearch},
    },
    playbook::{self, RecordAnswer},
    read_body,
    session_log::SessionRecord,
    to_text,
    validate::{self, ValidateRequest},
    vectors::{self, CreateIndex, DeleteItems, NewItem, UpsertItems, VectorSearch},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::validator_of;

/// A kind of request.
struct Kind {
    name: &'static str,
    example: &'static str,
    /// Reads a request and writes it again.
    read: fn(&Json<'_>) -> Result<String, ReadError>,
    validator: Validator,
}

macro_rules! kind {
    ($Request:ident, $example:expr) => { kind!($Request, $example, |_request| {}) };
    ($Request:ident, $example:expr, |$request:ident| $read_deferred:block) => {
        Kind {
            name: stringify!($Request),
            example: $example,
            read: |json| {
                let $request: $Request = read_body(json)?;
                $read_deferred
                Ok(to_text(&$request))
            },
            validator: validator_of::<$Request>(),
        }
    };
}

fn kinds() -> Vec<Kind> {
    vec![
        kind!(EmbedRequest, embed::EXAMPLE, |request| {
            for text in &request.texts.0 {
                not_blank(text.0)?;
            }
        }),
        kind!(ValidateRequest, validate::EXAMPLE, |request| {
            if let Some(context) = request.context.clone() {
                context.read_members("context.")?;
            }
        }),
        kind!(IterateRequest, iterate::EXAMPLE, |request| {
            if let Some(context) = request.context.clone() {
                context.read_members("context.")?;
            }
        }),
        kind!(CreateIndex, vectors::CREATE_EXAMPLE),
        kind!(UpsertItems, vectors::UPSERT_EXAMPLE, |request| {
            for item in request.items.0.clone() {
                within_range(&item.read_members("")?.vector)?;
            }
        }),
        kind!(NewItem, NEW_ITEM, |request| {
            within_range(&request.vector)?;
        }),
        kind!(DeleteItems, vectors::DELETE_EXAMPLE),
        kind!(VectorSearch, vectors::SEARCH_EXAMPLE, |request| {
            within_range(&request.vector)?;
        }),
        kind!(CreateCorpus, matrix::CREATE_EXAMPLE),
        kind!(
            DocumentLine,
            first_line(matrix::DOCUMENTS_EXAMPLE),
            |request| {
                not_blank(request.text.0)?;
            }
        ),
        kind!(MatrixSearch, matrix::SEARCH_EXAMPLE, |request| {
            not_blank(request.query_text.0)?;
        }),
        kind!(MatrixRetrieve, matrix::RETRIEVE_EXAMPLE, |request| {
            not_blank(request.search.query_text.0)?;
            is_condition(request.sql_filter)?;
        }),
        kind!(LegacySearch, legacy::SEARCH_EXAMPLE, |request| {
            not_blank(request.query.0)?;
        }),
        kind!(LegacyHybridSearch, legacy::HYBRID_EXAMPLE, |request| {
            not_blank(request.question.0)?;
            is_condition(request.sql_filter)?;
        }),
        kind!(RecordAnswer, playbook::RECORD_EXAMPLE, |request| {
            not_blank(request.query_text.0)?;
        }),
    ]
}

const NEW_ITEM: &str = r#"{"id":"w-1","vector":[1],"metadata":{}}"#;

/// Rejects what the services reject after reading, with their own messages.
fn not_blank(text: &str) -> Result<(), ReadError> {
    accept_if(!is_blank(text))
}

fn within_range(vector: &Vector<'_>) -> Result<(), ReadError> {
    accept_if(vector.0.iter().all(|component| component.is_finite()))
}

fn is_condition(condition: Option<Condition<'_>>) -> Result<(), ReadError> {
    accept_if(condition.is_none_or(|condition| !condition.0.is_empty()))
}

fn accept_if(is_valid: bool) -> Result<(), ReadError> {
    is_valid.then_some(()).ok_or(ReadError::NotAnObject)
}

fn first_line(lines: &'static str) -> &'static str {
    lines.lines().next().unwrap()
}

#[test]
fn examples_are_valid_and_round_trip() {
    for kind in kinds() {
        let name = kind.name;
        let example: Value = serde_json::from_str(kind.example).unwrap();
        let errors: Vec<_> = kind.validator.iter_errors(&example).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let rewrite = |text: &str| (kind.read)(&parse(text, MAX_DEPTH).unwrap()).unwrap();
        let written = rewrite(kind.example);
        let value: Value = serde_json::from_str(&written).unwrap();
        assert!(kind.validator.is_valid(&value), "{name}: {written}");
        assert_eq!(rewrite(&written), written, "{name}");
    }
}

#[test]
fn errors_are_worded_as_in_the_contract() {
    let cases = [
        (
            "EmbedRequest",
            r#"{"texts":[]}"#,
            "field `texts` must be an array of 1 to 256 strings",
        ),
        (
            "ValidateRequest",
            r#"{"kind":"x","artifact":1}"#,
            "field `kind` must be one of `fill`, `email`, `sms`, `playbook`",
        ),
        (
            "ValidateRequest",
            r#"{"kind":"sms","artifact":null,"context":{"date":"2026-02-29"}}"#,
            "field `context.date` must be a date (YYYY-MM-DD)",
        ),
        (
            "ValidateRequest",
            r#"{"kind":"sms","artifact":null,"context":{"start":"24:00"}}"#,
            "field `context.start` must be a time (HH:MM)",
        ),
        (
            "IterateRequest",
            r#"{"kind":"sms","prompt":" "}"#,
            "field `prompt` must be a string that is not blank",
        ),
        (
            "IterateRequest",
            r#"{"kind":"sms","prompt":"p","provider":"p","model":"m","temperature":2.1}"#,
            "field `temperature` must be a number from 0 to 2",
        ),
        (
            "CreateIndex",
            r#"{"dimension":4097}"#,
            "field `dimension` must be an integer from 1 to 4096",
        ),
        (
            "CreateIndex",
            r#"{"dimension":1,"distance":"x"}"#,
            "field `distance` must be `cosine`, `euclidean` or `dot`",
        ),
        (
            "CreateIndex",
            r#"{"dimension":1,"backend":1}"#,
            "field `backend` must be `hnsw`",
        ),
        (
            "UpsertItems",
            r#"{"items":[1]}"#,
            "field `items` must be an array of 1 to 1000 objects",
        ),
        (
            "NewItem",
            r#"{"id":""}"#,
            "field `id` must be a string of 1 to 256 bytes",
        ),
        (
            "NewItem",
            r#"{"id":"a","vector":[]}"#,
            "field `vector` must be an array of 1 to 4096 numbers",
        ),
        (
            "DeleteItems",
            r#"{"ids":[1]}"#,
            "field `ids` must be an array of 1 to 1000 strings",
        ),
        (
            "VectorSearch",
            r#"{"vector":[1],"exclude_ids":1}"#,
            "field `exclude_ids` must be an array of at most 10000 strings",
        ),
        (
            "MatrixSearch",
            r#"{"query_text":"q","corpora":[],"explain":1}"#,
            "field `corpora` must be an array of 1 to 16 strings",
        ),
        (
            "MatrixSearch",
            r#"{"query_text":"q","corpora":["c"],"explain":1}"#,
            "field `explain` must be a boolean",
        ),
        (
            "MatrixSearch",
            r#"{"sql_filter":"x"}"#,
            "unknown field `sql_filter`; expected one of `query_text`, `corpora`, `k`, \
             `exclude_ids`, `filter`, `use_playbook`, `query_role`, `explain`, `understand`, `max_distance`",
        ),
        (
            "RecordAnswer",
            r#"{"query_text":"q","answer_id":"a","answer_corpus":"c","score":-1.00000000000000000001}"#,
            "field `score` must be a number from -1 to 1",
        ),
    ];
    let kinds = kinds();
    for (name, text, want) in cases {
        let kind = kinds.iter().find(|kind| kind.name == name).unwrap();
        let error = (kind.read)(&parse(text, MAX_DEPTH).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), want);
    }
}

#[test]
fn a_context_is_carried_over() {
    let request = r#"{"kind":"sms","artifact":1,"context":{ "count" : 1.0 }}"#;
    let json = parse(request, MAX_DEPTH).unwrap();
    let request: ValidateRequest<'_> = read_body(&json).unwrap();
    assert_eq!(to_text(&request.context.unwrap()), r#"{"count":1.0}"#);
}

/// Values that are near the limits of members.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![
            json!(-1),
            json!(0),
            json!(1),
            json!(2),
            json!(3),
            json!(10),
            json!(11),
            json!(1000),
            json!(1001),
            json!(4096),
            json!(4097),
            json!(10_000),
            json!(10_001),
            json!(0.5),
            json!(1.0),
            json!(1e15),
            json!(1.1e15),
            json!(-1e15),
            json!(1e300),
        ]),
        prop::sample::select(vec![
            "",
            " ",
            "\u{85}",
            "\u{FEFF}",
            "a",
            "fill",
            "sms",
            "cosine",
            "hnsw",
            "2026-05-04",
            "2026-02-30",
            "0000-01-01",
            "06:00",
            "6:00",
            "24:00",
            "hash-768",
        ])
        .prop_map(Value::from),
        (250_usize..260).prop_map(|length| Value::from("x".repeat(length))),
        prop::sample::select(vec![16_usize, 17, 64, 65, 256, 257, 1000, 1001])
            .prop_map(|length| Value::from(vec!["x"; length])),
        "\\PC{0,3}".prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "eq",
        "in",
        "range",
        "and",
        "or",
        "not",
        "field",
        "value",
        "values",
        "gt",
        "gte",
        "lt",
        "lte",
        "id",
        "vector",
        "metadata",
        "count",
        "role",
        "date",
        "start",
        "worker_id",
        "x",
    ]);
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..4).prop_map(|members| {
                let members = members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect())
            }),
        ]
    })
}

/// Replaces the member or element at the path `steps` by `value`.
fn replace(within: &mut Value, steps: &[prop::sample::Index], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *within = value;
        return;
    };
    match within {
        Value::Object(members) if !members.is_empty() => {
            let at = step.index(members.len());
            replace(members.values_mut().nth(at).unwrap(), rest, value);
        }
        Value::Array(elements) if !elements.is_empty() => {
            let at = step.index(elements.len());
            replace(&mut elements[at], rest, value);
        }
        _ => *within = value,
    }
}

thread_local! {
    static KINDS: Vec<Kind> = kinds();
}

/// Replacements in the text of a request, with texts that `serde_json` does not write.
const REWRITES: [(&str, &str); 6] = [
    ("", ""),
    ("1000", "1e400"),
    ("\"x\"", "\"\\ud800\""),
    ("\"fill\"", "\"fi\\u006cl\""),
    ("\"kind\":", "\"kind\":7,\"kind\":"),
    ("{", "{\"role\":{},"),
];

fn read_with_all(kinds: &[Kind], bytes: &[u8]) {
    if let Ok(body) = json::read_body(bytes, &Limits::CONTRACT) {
        for kind in kinds {
            let _ = (kind.read)(&body);
        }
        let _ = read_body::<SessionRecord<'_>>(&body);
    }
}

proptest! {
    #[test]
    fn any_body_is_read_or_rejected(
        bytes in any::<Vec<u8>>(),
        steps in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        value in any_value(),
        (from, to) in prop::sample::select(REWRITES.to_vec()),
    ) {
        KINDS.with(|kinds| {
            read_with_all(kinds, &bytes);
            for kind in kinds {
                let mut request: Value = serde_json::from_str(kind.example).unwrap();
                replace(&mut request, &steps, value.clone());
                read_with_all(kinds, request.to_string().replace(from, to).as_bytes());
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_schema_accepts_what_the_reader_accepts(
        steps in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
        value in any_value(),
        member in prop::option::of(prop::sample::select(vec![
            "space", "k", "ef", "filter", "exclude_ids", "context", "model", "role", "query_role",
            "sql_filter", "top_k", "max_tokens", "temperature", "metadata", "more",
        ])),
    ) {
        KINDS.with(|kinds| {
            for kind in kinds {
                let mut request: Value = serde_json::from_str(kind.example).unwrap();
                match member {
                    Some(name) => request[name] = value.clone(),
                    None => replace(&mut request, &steps, value.clone()),
                }
                let text = request.to_string();
                let json = parse(&text, MAX_DEPTH).unwrap();
                if (kind.read)(&json).is_ok() {
                    let errors: Vec<_> = kind.validator.iter_errors(&request).collect();
                    prop_assert!(errors.is_empty(), "{}: {text}: {errors:?}", kind.name);
                }
            }
            Ok(())
        })?;
    }
}
