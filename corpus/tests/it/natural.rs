//! The natural style: the same people, in their own words.

use std::collections::BTreeMap;

use lakehouse_corpus::{Spec, Style};
use serde::Deserialize;

use crate::support::{Corpus, Document, fixture};

#[derive(Deserialize)]
struct Words {
    role: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

fn natural(workers: u64, seed: u64) -> Corpus {
    Corpus::of(&Spec {
        workers,
        seed,
        style: Style::Natural,
    })
}

#[test]
fn only_the_texts_differ_from_the_plain_style() {
    let (plain, natural) = (Corpus::new(1_000, 1), natural(1_000, 1));
    for file in ["roster.jsonl", "fill_events.jsonl", "queries.jsonl"] {
        assert!(plain.bytes(file) == natural.bytes(file), "{file} differs");
    }
    let (plain, natural) = (plain.documents(), natural.documents());
    assert_eq!(plain.len(), natural.len());
    for (one, other) in plain.iter().zip(&natural) {
        assert_eq!(one.id, other.id);
        assert_eq!(one.metadata, other.metadata, "{}", one.id);
        assert_ne!(one.text, other.text, "{}", one.id);
    }
}

#[test]
fn the_bytes_of_a_seed_are_pinned() {
    let corpus = natural(500, 7);
    let files = corpus.manifest.files.iter();
    let hashes: Vec<&str> = files.take(2).map(|file| file.sha256.as_str()).collect();
    assert_eq!(hashes, PINNED);
    assert_eq!(corpus.manifest.style, Style::Natural);
}

/// `workers.jsonl` and `employees.jsonl` of 500 workers and seed 7; they change with the words, too.
const PINNED: [&str; 2] = [
    "80f52ffcd7288642226edd4acae8325f4c81cbbf3e6a8b2b99e765fd3a843a31",
    "4e9cf582ccbffe30ed0e9ac203a7244a7c016089a9b3687ee6602cf87b580554",
];

#[test]
fn no_template_is_left_unfilled() {
    for person in natural(5_000, 2).documents() {
        let text = &person.text;
        assert!(!text.contains(['{', '}']), "{}: {text}", person.id);
        assert!(
            !text.trim().is_empty() && !text.contains("  ") && !text.ends_with(' '),
            "{}: {text}",
            person.id
        );
    }
}

#[test]
fn people_use_their_own_words_and_leave_things_out() {
    let words: Words = fixture("natural.toml");
    let people = natural(5_000, 3).documents();
    let share = |holds: &dyn Fn(&Document) -> bool| {
        let count = people.iter().filter(|person| holds(person)).count();
        count * 100 / people.len()
    };
    let has = |person: &Document, text: &str| lower(&person.text).contains(&lower(text));
    let own = |person: &Document, language: &str| {
        let own = &words.role[person.text_of("role")][language];
        own.iter().any(|own| has(person, own))
    };
    // Wide ranges: the shares are in the fixture, and words are misspelled.
    for (what, expected, found) in [
        (
            "the role as the metadata names it",
            15..=45,
            share(&|person| has(person, person.text_of("role"))),
        ),
        (
            "the role in other English words",
            40..=75,
            share(&|person| own(person, "english")),
        ),
        (
            "the role in Spanish",
            8..=20,
            share(&|person| own(person, "spanish")),
        ),
        (
            "the city as the metadata names it",
            45..=80,
            share(&|person| has(person, person.text_of("city"))),
        ),
        (
            "lower case alone",
            20..=40,
            share(&|person| person.text == person.text.to_lowercase()),
        ),
    ] {
        assert!(expected.contains(&found), "{what}: {found} percent");
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}
