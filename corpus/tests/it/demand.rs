//! `fill_events.jsonl`: clustered demand, most of which can be filled.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Corpus, cities, roles};

#[test]
fn events_name_known_roles_and_cities() {
    let (cities, roles) = (cities(), roles());
    for (index, event) in Corpus::new(5_000, 1).events().into_iter().enumerate() {
        assert_eq!(event.id, format!("f-{}", index + 1));
        assert!(roles.contains_key(&event.role), "{}", event.role);
        assert!(
            cities.contains_key(&(event.city, event.state)),
            "{}",
            event.id
        );
        assert!((1..=20).contains(&event.count));
        let (hours, minutes) = event.at.split_once(':').expect("HH:MM");
        assert!(
            hours < "24" && minutes < "60" && event.at.len() == 5,
            "{}",
            event.at
        );
    }
}

#[test]
fn the_number_of_events_grows_with_the_people() {
    for (workers, events) in [(10, 40), (2_000, 40), (5_000, 100)] {
        assert_eq!(Corpus::new(workers, 1).events().len(), events);
    }
}

#[test]
fn clients_repeatedly_ask_for_several_roles_in_a_place() {
    for (workers, seed) in [(100, 1), (100, 2), (100, 3), (20_000, 1)] {
        let events = Corpus::new(workers, seed).events();
        let mut clusters: BTreeMap<_, (usize, BTreeSet<_>)> = BTreeMap::new();
        let mut cities: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for event in &events {
            let place = (&event.city, &event.state);
            let cluster = clusters.entry((&event.client, place)).or_default();
            cluster.0 += 1;
            cluster.1.insert(&event.role);
            cities.entry(&event.client).or_default().insert(place);
        }
        assert!(cities.values().all(|cities| cities.len() <= 2));
        let of_several: usize = clusters
            .values()
            .filter(|(_, roles)| roles.len() >= 2)
            .map(|(events, _)| events)
            .sum();
        assert!(
            of_several * 2 >= events.len(),
            "{workers} workers, seed {seed}: {of_several} of {} events",
            events.len()
        );
        let repeated = clusters
            .values()
            .any(|(events, roles)| *events > roles.len());
        assert!(
            repeated,
            "{workers} workers, seed {seed}: no request is repeated"
        );
    }
}

#[test]
fn most_events_can_be_filled() {
    let corpus = Corpus::new(1_000, 1);
    let documents = corpus.documents();
    let events = corpus.events();
    let filled = events.iter().filter(|event| {
        let fitting = documents.iter().filter(|person| {
            person.text_of("role") == event.role
                && person.text_of("city") == event.city
                && person.text_of("state") == event.state
                && person.metadata["available"] == true
        });
        fitting.count() >= event.count as usize
    });
    let filled = filled.count();
    assert!(
        filled * 10 >= events.len() * 8,
        "{filled} of {}",
        events.len()
    );
}
