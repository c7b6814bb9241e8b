//! The texts of the parity cases, and what they ask for.

mod parts;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use serde::Deserialize;

use lakehouse_understand::{Bounds, Dictionary, Lexicon, Lines, Place, Role, Understanding};

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
            let understood = lines.understand(line.as_bytes()).unwrap();
            for (member, expected) in expected {
                let found = found(&understood, member);
                if found != *expected {
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
    let understood = lines.understand(line).unwrap();
    assert_eq!(found(&understood, "roles"), vec!["Picker"].into());
    let error = lexicon.add("[[rolle]]").unwrap_err().to_string();
    assert!(error.contains("unknown field `rolle`"), "{error}");
}

/// A member of what was understood, as `expected.toml` has it.
fn found(understood: &Understanding, member: &str) -> toml::Value {
    match member {
        "roles" => known_roles(&understood.roles),
        "not_roles" => known_roles(&understood.not_roles),
        "related" => list(&understood.related, Clone::clone),
        "places" => list(&understood.places, place),
        "not_places" => list(&understood.not_places, place),
        "shifts" => list(&understood.shifts, |shift| shift.shift.clone()),
        "not_shifts" => list(&understood.not_shifts, |shift| shift.shift.clone()),
        "certificates" => list(&understood.certificates, |one| one.certificate.clone()),
        "not_certificates" => list(&understood.not_certificates, |one| one.certificate.clone()),
        "nobody" => list(&understood.nobody, |one| lower_case(one.what)),
        "years" => bounds(understood.years.as_ref()),
        "pay" => bounds(understood.pay.as_ref()),
        "count" => or_none(understood.count.map(|count| count.to_string())),
        "client" => or_none(understood.client.clone()),
        "availability" => lower_case(understood.availability).into(),
        "dates" => list(&understood.dates, Clone::clone),
        "times" => list(&understood.times, Clone::clone),
        "rest" => list(&understood.rest, Clone::clone),
        _ => panic!("unknown member `{member}`"),
    }
}

fn list<T>(all: &[T], text: impl Fn(&T) -> String) -> toml::Value {
    all.iter().map(text).collect::<Vec<_>>().into()
}

fn known_roles(roles: &[Role]) -> toml::Value {
    let known = roles.iter().filter(|role| !role.values.is_empty());
    known
        .map(|role| role.role.clone())
        .collect::<Vec<_>>()
        .into()
}

fn place(place: &Place) -> String {
    let parts = [&place.city, &place.state];
    let parts: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(", ")
}

fn bounds(bounds: Option<&Bounds>) -> toml::Value {
    let text = bounds.map(|bounds| {
        let Bounds {
            least,
            above,
            most,
            below,
        } = bounds;
        let all = [
            ("least", least),
            ("above", above),
            ("most", most),
            ("below", below),
        ];
        let set = all
            .iter()
            .filter_map(|(name, number)| Some(format!("{name} {}", number.as_ref()?.as_str())));
        set.collect::<Vec<_>>().join(" ")
    });
    or_none(text)
}

fn or_none(text: Option<String>) -> toml::Value {
    text.unwrap_or_else(|| "none".to_owned()).into()
}

fn lower_case(word: impl Debug) -> String {
    format!("{word:?}").to_lowercase()
}
