//! `workers.jsonl` and `employees.jsonl`: people with consistent data.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Corpus, Document, cities, roles};

#[test]
fn ids_count_up_and_addresses_are_unique() {
    let corpus = Corpus::new(1_000, 1);
    for (name, prefix, count) in [("workers.jsonl", 'w', 1_000), ("employees.jsonl", 'e', 100)] {
        let people: Vec<Document> = corpus.rows(name);
        assert_eq!(people.len(), count, "{name}");
        for (index, person) in people.iter().enumerate() {
            assert_eq!(person.id, format!("{prefix}-{}", index + 1));
        }
    }
    let documents = corpus.documents();
    let addresses: BTreeSet<_> = documents
        .iter()
        .map(|person| person.text_of("email"))
        .collect();
    assert_eq!(addresses.len(), documents.len());
}

#[test]
fn metadata_is_scalar_and_complete() {
    for person in Corpus::new(1_000, 1).documents() {
        for (member, value) in &person.metadata {
            assert!(
                value.is_string() || value.is_number() || value.is_boolean(),
                "{}: `{member}` is {value}",
                person.id
            );
            let known = [
                "name",
                "role",
                "second_role",
                "city",
                "state",
                "skills",
                "available",
                "shift",
                "weekends",
                "years",
                "rate",
                "phone",
                "email",
            ];
            assert!(
                known.contains(&member.as_str()) || member.starts_with("cert_"),
                "{}: `{member}` is not expected",
                person.id
            );
        }
        assert!(["days", "nights", "weekends"].contains(&person.text_of("shift")));
        assert!(
            person.metadata["available"].is_boolean() && person.metadata["weekends"].is_boolean()
        );
        assert!(person.metadata["years"].is_u64());
    }
}

#[test]
fn cities_match_their_states_and_area_codes() {
    let cities = cities();
    let mut seen = BTreeSet::new();
    for person in Corpus::new(5_000, 1).documents() {
        let place = (
            person.text_of("city").to_owned(),
            person.text_of("state").to_owned(),
        );
        let city = cities
            .get(&place)
            .unwrap_or_else(|| panic!("no city {place:?}"));
        let (area, line) = person
            .text_of("phone")
            .split_once("-555-01")
            .expect("a fictional number");
        assert!(
            city.area_codes.contains(&area.parse().expect("digits")),
            "{place:?}: {area}"
        );
        assert!(
            line.len() == 2 && line.bytes().all(|byte| byte.is_ascii_digit()),
            "{line}"
        );
        seen.insert(place);
    }
    assert_eq!(seen.len(), cities.len(), "people live in every city");
    for twins in [
        ["Springfield IL", "Springfield MO"],
        ["Columbus OH", "Columbus GA"],
    ] {
        for twin in twins {
            let (name, state) = twin.rsplit_once(' ').expect("a city and a state");
            assert!(
                seen.contains(&(name.to_owned(), state.to_owned())),
                "{twin}"
            );
        }
    }
}

#[test]
fn skills_certifications_and_pay_match_the_role() {
    let roles = roles();
    let mut seen = BTreeSet::new();
    for person in Corpus::new(5_000, 1).documents() {
        let id = &person.id;
        let role = &roles[person.text_of("role")];
        for skill in person.text_of("skills").split(", ") {
            assert!(
                role.skills.iter().any(|known| known == skill),
                "{id}: {skill}"
            );
            assert!(
                lower(&person.text).contains(&lower(skill)),
                "{id}: {skill}: {}",
                person.text
            );
        }
        let held: BTreeMap<String, &String> = role
            .certifications
            .keys()
            .map(|name| (member(name), name))
            .collect();
        for certification in person
            .metadata
            .keys()
            .filter(|name| name.starts_with("cert_"))
        {
            let name = held
                .get(certification)
                .unwrap_or_else(|| panic!("{id}: {certification}"));
            assert!(person.text.contains(*name), "{id}: {name}: {}", person.text);
        }
        let rate = person.metadata["rate"].as_f64().expect("a number");
        assert!(
            (role.rate[0]..=role.rate[1]).contains(&rate),
            "{id}: {rate}"
        );
        if person.metadata.contains_key("second_role") {
            let second = person.text_of("second_role");
            assert!(
                role.related.iter().any(|other| other == second),
                "{id}: {second}"
            );
            assert!(
                person.text.contains(second),
                "{id}: {second}: {}",
                person.text
            );
        }
        seen.insert(role.name.clone());
    }
    assert_eq!(seen.len(), roles.len(), "people work in every role");
}

#[test]
fn the_text_names_role_place_years_and_availability() {
    for person in Corpus::new(2_000, 1).documents() {
        let text = &person.text;
        let place = format!("{}, {}", person.text_of("city"), person.text_of("state"));
        assert!(
            text.contains(person.text_of("role")) && text.contains(&place),
            "{text}"
        );
        let years = match person.metadata["years"].as_u64().expect("a whole number") {
            0 => "less than a year".to_owned(),
            1 => "1 year".to_owned(),
            years => format!("{years} years"),
        };
        assert!(lower(text).contains(&years), "{text}");
        let shift = person.text_of("shift");
        if person.metadata["available"] == true {
            assert!(text.contains(shift), "{text}");
            assert_eq!(
                text.contains("weekends"),
                person.metadata["weekends"] == true,
                "{text}"
            );
        } else {
            assert!(text.contains("Not available"), "{text}");
        }
        assert!(
            text.ends_with('.') && !text.contains("..") && !text.contains("  "),
            "{text}"
        );
    }
}

#[test]
fn cities_have_more_of_the_roles_that_they_lean_to() {
    let (cities, roles) = (cities(), roles());
    let documents = Corpus::new(20_000, 1).documents();
    let industries: BTreeSet<&str> = roles.values().map(|role| role.industry.as_str()).collect();
    for industry in industries {
        // Counts of the industry's people and of all people, in cities without and with the lean.
        let mut counts = [[0.0; 2]; 2];
        for person in &documents {
            let place = (
                person.text_of("city").to_owned(),
                person.text_of("state").to_owned(),
            );
            let leans = cities[&place].leans.iter().any(|lean| lean == industry);
            let [of_industry, all] = &mut counts[usize::from(leans)];
            *of_industry += f64::from(u8::from(roles[person.text_of("role")].industry == industry));
            *all += 1.0;
        }
        let [elsewhere, leaning] = counts.map(|[of_industry, all]| of_industry / all);
        assert!(
            leaning > 1.5 * elsewhere,
            "{industry}: {leaning} and {elsewhere} elsewhere"
        );
    }
}

/// The metadata member for a certification.
fn member(certification: &str) -> String {
    let key: String = lower(certification)
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    format!("cert_{key}")
}

fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}
