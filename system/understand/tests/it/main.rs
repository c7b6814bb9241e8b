//! The texts of the parity cases, and what they ask for.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use lakehouse_understand::{Dictionary, Lexicon, Lines};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    input: toml::Value,
}

/// What a text asks for, by member.
type Expected = BTreeMap<String, toml::Value>;

fn lines() -> Lines {
    Lines::new(Dictionary::new(&Lexicon::built_in()).into())
}

#[test]
fn texts_of_the_parity_cases_ask_for_what_is_expected() {
    let expected: BTreeMap<String, Expected> =
        toml::from_str(include_str!("expected.toml")).unwrap();
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/probes/understand/cases");
    let lines = lines();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for file in folder.read_dir().unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let cases: Cases = toml::from_str(&text).unwrap();
        for Case { name, input } in cases.case {
            let (Some(expected), Some(line)) = (expected.get(&name), input.as_str()) else {
                continue;
            };
            checked += 1;
            let answer: Value = serde_json::from_str(&lines.answer(line.as_bytes())).unwrap();
            for (member, expected) in expected {
                let found = found(&answer, member);
                if found != json(expected) {
                    wrong.push(format!("{name}: {member} is {found}, not {expected}"));
                }
            }
        }
    }
    assert_eq!(checked, expected.len(), "a case for each expectation");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_operators_file_adds_words() {
    let mut lexicon = Lexicon::built_in();
    let added = "[[role]]\nname = \"Picker\"\nterms = [\"box whisperer\"]\n";
    lexicon.add(added).unwrap();
    let lines = Lines::new(Dictionary::new(&lexicon).into());
    let line = br#"{"text":"box whisperers","vocabulary":{"roles":["Picker"]}}"#;
    let answer: Value = serde_json::from_str(&lines.answer(line)).unwrap();
    assert_eq!(found(&answer, "roles"), serde_json::json!(["Picker"]));
    let error = lexicon.add("[[rolle]]").unwrap_err().to_string();
    assert!(error.contains("unknown field `rolle`"), "{error}");
}

/// The part of an answer that is expected.
fn found(answer: &Value, member: &str) -> Value {
    let names = |value: &Value, name: &str| -> Value {
        let list = value.as_array().unwrap().iter();
        list.map(|one| one[name].clone()).collect()
    };
    let known_roles = |value: &Value| -> Value {
        let list = value.as_array().unwrap().iter();
        let known = list.filter(|role| role["values"].as_array().is_some_and(|v| !v.is_empty()));
        known.map(|role| role["role"].clone()).collect()
    };
    match member {
        "roles" => known_roles(&answer["roles"]),
        "not_roles" => known_roles(&answer["not"]["roles"]),
        "places" => places(&answer["places"]),
        "not_places" => places(&answer["not"]["places"]),
        "shifts" => names(&answer["shifts"], "shift"),
        "not_shifts" => names(&answer["not"]["shifts"], "shift"),
        "certificates" => names(&answer["certificates"], "certificate"),
        "not_certificates" => names(&answer["not"]["certificates"], "certificate"),
        "nobody" => names(&answer["nobody"], "what"),
        "years" | "pay" => bounds(&answer[member]),
        "count" | "client" if answer[member].is_null() => "none".into(),
        "count" => answer["count"].to_string().into(),
        member => answer[member].clone(),
    }
}

fn places(value: &Value) -> Value {
    let list = value.as_array().unwrap().iter();
    let name = |place: &Value| {
        let parts = [&place["city"], &place["state"]];
        let parts: Vec<_> = parts.iter().filter_map(|part| part.as_str()).collect();
        Value::from(parts.join(", "))
    };
    list.map(name).collect()
}

fn bounds(value: &Value) -> Value {
    let Some(bounds) = value.as_object() else {
        return "none".into();
    };
    let names = ["least", "above", "most", "below"].iter();
    let set = names.filter(|name| !bounds[**name].is_null());
    let set: Vec<_> = set
        .map(|name| format!("{name} {}", bounds[*name]))
        .collect();
    set.join(" ").into()
}

fn json(value: &toml::Value) -> Value {
    serde_json::to_value(value).unwrap()
}
