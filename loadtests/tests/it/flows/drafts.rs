//! Drafts and the numbers in them.

use jiff::civil::{date, time};
use lakehouse_loadtests::flows::{Draft, Shift, phone_number, shift_offer, social_security_number};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::dataset::dataset;

/// Whether the text has nine digits, together or in groups of three, two and four.
fn looks_like_ssn(text: &str) -> bool {
    let runs: Vec<usize> = text
        .split(['-', '.', ' '])
        .map(|run| {
            if run.bytes().all(|byte| byte.is_ascii_digit()) {
                run.len()
            } else {
                0
            }
        })
        .collect();
    let in_groups = runs.windows(3).any(|runs| runs == [3, 2, 4]);
    in_groups || runs.contains(&9)
}

#[test]
fn phone_numbers_never_look_like_social_security_numbers() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..2_000 {
        let phone = phone_number(&mut random);
        assert!(!looks_like_ssn(&phone), "{phone}");
        let number = social_security_number(&mut random);
        assert!(looks_like_ssn(&number), "{number}");
    }
}

#[test]
fn offers_fit_into_one_message() {
    let dataset = dataset();
    let mut demand = dataset.demands()[0].clone();
    // The longest role and city of the corpora.
    demand.place.role = "x".repeat(31).into();
    demand.place.city = "x".repeat(14).into();
    let shift = Shift::new(date(2026, 5, 17), time(22, 0, 0, 0), time(6, 0, 0, 0)).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for _ in 0..200 {
        let phone = phone_number(&mut random);
        let offer = shift_offer(&dataset.people()[0], &demand, &shift, &phone);
        // First names have up to 23 characters, 20 more than this one.
        assert!(offer.is_ascii() && offer.len() + 20 <= 160, "{offer}");
    }
}

#[test]
fn fills_name_people_and_the_shift() {
    let dataset = dataset();
    let demand = dataset.demands()[0].clone();
    let shift = Shift::new(date(2026, 5, 5), time(22, 0, 0, 0), time(6, 0, 0, 0)).unwrap();
    let people = ["w-3", "w-5"].map(|id| dataset.person(id).unwrap());
    let fill = Draft::fill(&people, &demand, &shift);
    let context = json!({
        "count": 2, "role": "Picker", "city": "Toledo", "state": "OH", "client": "Beacon Freight",
        "date": "2026-05-05", "start": "22:00", "end": "06:00",
    });
    let names = |fill: &Draft<'_>| {
        let body: Value = serde_json::to_value(fill).unwrap();
        assert_eq!(body["kind"], "fill");
        assert_eq!(body["context"], context);
        body["artifact"]["fills"].clone()
    };
    let first = json!({ "worker_id": "w-3", "name": "Ana O'Hara" });
    assert_eq!(
        names(&fill),
        json!([first, { "worker_id": "w-5", "name": "Ana O'Hara" }])
    );
    assert_eq!(
        names(&fill.with_last("w-099")),
        json!([first, { "worker_id": "w-099" }])
    );
}
