//! `queries.jsonl`: each event in each style.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::support::{Corpus, Event};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    event: String,
    style: String,
    text: String,
    role: String,
    client: String,
    city: String,
    state: String,
}

const STYLES: [&str; 4] = ["need", "client_first", "looking", "shorthand"];

/// Calls `check` with each event and each of its four queries.
fn check(corpus: &Corpus, mut check: impl FnMut(&Event, &Query)) {
    let events = corpus.events();
    let queries: Vec<Query> = corpus.rows("queries.jsonl");
    assert_eq!(queries.len(), events.len() * STYLES.len());
    for (event, queries) in events.iter().zip(queries.chunks(STYLES.len())) {
        for (query, style) in queries.iter().zip(STYLES) {
            assert_eq!(
                (query.event.as_str(), query.style.as_str()),
                (event.id.as_str(), style)
            );
            check(event, query);
        }
    }
}

#[test]
fn queries_name_their_role_and_city_and_usually_their_client() {
    check(&Corpus::new(5_000, 1), |event, query| {
        let words = query.text.to_lowercase();
        let members = [&query.role, &query.client, &query.city, &query.state];
        assert_eq!(
            members,
            [&event.role, &event.client, &event.city, &event.state]
        );
        let named = |what: &str| words.contains(&what.to_lowercase());
        assert!(named(&query.role) && named(&query.city), "{}", query.text);
        assert_eq!(
            named(&query.client),
            query.style != "shorthand",
            "{}",
            query.text
        );
        assert!(!words.contains(['{', '}']), "{}", query.text);
    });
}

#[test]
fn requests_for_one_person_use_the_singular() {
    check(&Corpus::new(5_000, 1), |event, query| {
        let (words, role) = (query.text.to_lowercase(), event.role.to_lowercase());
        for counted in [format!(" 1 {role}"), format!(" 1x {role}")] {
            if let Some((_, rest)) = words.split_once(&counted) {
                assert!(rest.starts_with(' '), "{}", query.text);
            }
        }
    });
}

#[test]
fn every_style_has_its_usual_form_and_variants() {
    let (mut usual, mut forms) = ([0; 4], [0; 4]);
    let mut lowered = BTreeSet::new();
    check(&Corpus::new(5_000, 1), |event, query| {
        let Event {
            client,
            city,
            state,
            role,
            count,
            at,
            ..
        } = event;
        let roles = if *count == 1 {
            role.clone()
        } else {
            format!("{role}s")
        };
        let expected = [
            format!("Need {count} {roles} in {city} {state} starting at {at} for {client}"),
            format!("{client} needs {count} {roles} in {city} {state} at {at}"),
            format!("Looking for {count} {roles} at {client} in {city} {state} for {at} shift"),
            format!("{role} {city}"),
        ];
        let style = STYLES
            .iter()
            .position(|style| *style == query.style)
            .expect("a style");
        forms[style] += 1;
        if query.text.eq_ignore_ascii_case(&expected[style]) {
            usual[style] += 1;
        }
        if query.text == query.text.to_lowercase() {
            lowered.insert(style);
        }
    });
    for style in 0..STYLES.len() {
        let share = f64::from(usual[style]) / f64::from(forms[style]);
        assert!((0.4..0.8).contains(&share), "{}: {share}", STYLES[style]);
    }
    assert_eq!(lowered.len(), STYLES.len());
}
