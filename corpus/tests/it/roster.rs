//! `roster.jsonl`: the same people, in the format of `docs/contract/validate.md`.

use serde::Deserialize;

use crate::support::Corpus;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    worker_id: String,
    name: String,
    city: String,
    state: String,
    phone: String,
    email: String,
    roles: Vec<String>,
    active: bool,
    #[serde(default)]
    excluded_clients: Vec<String>,
    #[serde(default)]
    bookings: Vec<Booking>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Booking {
    date: String,
    start: String,
    end: String,
}

#[test]
fn the_roster_has_the_same_people() {
    let corpus = Corpus::new(3_000, 1);
    let (entries, documents) = (corpus.rows::<Entry>("roster.jsonl"), corpus.documents());
    assert_eq!(entries.len(), documents.len());
    for (entry, person) in entries.iter().zip(&documents) {
        assert_eq!(entry.worker_id, person.id);
        for (member, value) in [
            ("name", &entry.name),
            ("city", &entry.city),
            ("state", &entry.state),
            ("phone", &entry.phone),
            ("email", &entry.email),
            ("role", &entry.roles[0]),
        ] {
            assert_eq!(person.text_of(member), value, "{}: {member}", person.id);
        }
        let second = person
            .metadata
            .get("second_role")
            .and_then(|role| role.as_str());
        assert_eq!(
            entry.roles.get(1).map(String::as_str),
            second,
            "{}",
            person.id
        );
        assert!(
            entry.active || person.metadata["available"] == false,
            "{}",
            person.id
        );
    }
}

#[test]
fn addresses_and_bookings_follow_the_contract() {
    let corpus = Corpus::new(3_000, 1);
    let clients: Vec<String> = corpus
        .events()
        .into_iter()
        .map(|event| event.client)
        .collect();
    let (mut inactive, mut excluded, mut booked) = (0, 0, 0);
    for entry in corpus.rows::<Entry>("roster.jsonl") {
        let id = &entry.worker_id;
        let (local, domain) = entry.email.split_once('@').expect("an email address");
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
        assert!(!local.is_empty() && entry.email.bytes().all(|byte| plain(byte) || byte == b'@'));
        assert!(
            domain.split('.').count() >= 2 && domain.contains("example."),
            "{id}: {domain}"
        );
        assert_eq!(
            entry.phone.bytes().filter(u8::is_ascii_digit).count(),
            10,
            "{id}"
        );
        for client in &entry.excluded_clients {
            assert!(clients.contains(client), "{id}: {client}");
        }
        for Booking { date, start, end } in &entry.bookings {
            let day = date
                .strip_prefix("2026-05-")
                .and_then(|day| day.parse::<u32>().ok());
            assert!(
                day.is_some_and(|day| (4..=17).contains(&day)),
                "{id}: {date}"
            );
            for time in [start, end] {
                assert!(
                    time.len() == 5 && time.as_str() < "24" && time.ends_with(":00"),
                    "{id}: {time}"
                );
            }
        }
        inactive += u32::from(!entry.active);
        excluded += u32::from(!entry.excluded_clients.is_empty());
        booked += u32::from(!entry.bookings.is_empty());
    }
    // The expected shares are 4, 3 and 15 percent.
    assert!((66..=198).contains(&inactive), "{inactive}");
    assert!((50..=150).contains(&excluded), "{excluded}");
    assert!((330..=660).contains(&booked), "{booked}");
}
