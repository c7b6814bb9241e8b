//! Reading and writing, compared with `serde_json` where it can serve as reference.

use lakehouse_json as json;
use lakehouse_json::{ParseError, Value};
use proptest::prelude::*;
use serde_json::value::RawValue;

/// Texts of JSON tokens: some are valid, most are almost valid.
fn near_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\\", "\\\"", "\\u00e9", "\\ud800", "\\u12",
        "null", "true", "fals", "0", "-", "1.5", "1e", "E+2", "00", ".", " ", "\n", "\u{b}",
        "\u{1}", "é", "\"k\":", "\"s\"", "[]", "{}",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

/// A JSON value with integers as its only numbers and without repeated names.
fn valid_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

fn check_same_verdict(text: &str) {
    let ours = json::parse(text, 1000).map(|json| json.source().to_owned());
    let theirs = serde_json::from_str::<Box<RawValue>>(text).map(|raw| raw.get().to_owned());
    assert_eq!(ours.ok(), theirs.ok(), "{text:?}");
}

/// The tree as a `serde_json` value, which must have integers only and no repeated names.
fn as_serde(json: &json::Json<'_>) -> serde_json::Value {
    match json.value() {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => number.lexeme().parse::<i64>().unwrap().into(),
        Value::String(text) => text.as_ref().into(),
        Value::Array(elements) => elements.iter().map(as_serde).collect(),
        Value::Object(object) => {
            let members = object.members();
            let members = members.map(|(name, value)| (name.to_owned(), as_serde(value)));
            serde_json::Value::Object(members.collect())
        }
    }
}

proptest! {
    #[test]
    fn the_grammar_matches_serde_json(text in near_json()) {
        check_same_verdict(&text);
    }

    #[test]
    fn no_text_panics_the_parser(text in any::<String>()) {
        check_same_verdict(&text);
    }

    #[test]
    fn a_value_survives_a_round_trip(value in valid_json()) {
        let compact = value.to_string();
        let pretty = format!(" {value:#}\r\n\t");
        for text in [&compact, &pretty] {
            let json = json::parse(text, 100).unwrap();
            prop_assert_eq!(as_serde(&json), value.clone());
            prop_assert_eq!(json.source(), text.trim_matches([' ', '\r', '\n', '\t']));
            prop_assert_eq!(json.carried_over(), compact.clone());
        }
    }

    #[test]
    fn a_string_survives_a_round_trip(text in any::<String>()) {
        let written = json::string(&text);
        let json = json::parse(&written, 0).unwrap();
        prop_assert_eq!(json.as_str(), Some(text.as_str()));
    }

    #[test]
    fn escapes_decode_as_utf_16(units in prop::collection::vec(any::<u16>(), 0..12)) {
        let escapes: String = units.iter().map(|unit| format!("\\u{unit:04X}")).collect();
        let text = format!("\"{escapes}\"");
        let json = json::parse(&text, 0).unwrap();
        let want = String::from_utf16_lossy(&units);
        prop_assert_eq!(json.as_str(), Some(want.as_str()));
    }

    #[test]
    fn an_integer_has_the_same_value_in_every_spelling(value in -json::MAX_INTEGER..=json::MAX_INTEGER, zeros in 0_usize..30) {
        let padding = "0".repeat(zeros);
        let spellings = [
            format!("{value}"),
            format!("{value}.0{padding}"),
            format!("{value}{padding}e-{zeros}"),
            format!("{value}E+00"),
        ];
        for spelling in spellings {
            prop_assert_eq!(json::parse(&spelling, 0).unwrap().as_integer(), Some(value), "{}", spelling);
        }
    }
}

#[test]
fn levels_are_counted_and_deep_nesting_does_not_overflow_the_stack() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(json::parse(&nested(128), 128).is_ok());
    assert_eq!(json::parse(&nested(129), 128), Err(ParseError::TooDeep));
    assert_eq!(
        json::parse(&nested(1_000_000), 128),
        Err(ParseError::TooDeep)
    );
    assert_eq!(
        json::parse(&"{\"a\":".repeat(1_000_000), 128),
        Err(ParseError::Invalid)
    );
}
