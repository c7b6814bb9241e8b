//! Look-ups of people, and of people whom nobody knows.

use lakehouse_matrix::{Answer, MatrixQuery};
use lakehouse_understand::What;

use super::fixture::{Fixture, ids};

async fn people() -> Fixture {
    let fixture = Fixture::new().await;
    let documents = [
        (
            "W-1",
            r#"{"name":"José Núñez","role":"Picker","email":"Jose.Nunez@Example.com"}"#,
        ),
        (
            "w-2",
            r#"{"name":"José Luis Núñez Ortega","role":"Packer","phone":["313.555.0102","+1 313 555 0103"]}"#,
        ),
        (
            "w-3",
            r#"{"name":"Seán O’Brien","role":"Loader","city":"Detroit","state":"MI","phone":"Tel. 001 (313) 555-0104, evenings"}"#,
        ),
        (
            "w-4",
            r#"{"name":["Mary-Kate de la Cruz","Kate Stone"],"role":"Baker","available":false}"#,
        ),
        ("w-5", r#"{"name":"John A. Smith","role":"Picker"}"#),
        ("w-6", r#"{"name":"John Brian Smith","role":"Picker"}"#),
        ("n-1", r#"{"kind":"note"}"#),
    ];
    let documents: Vec<_> = documents
        .iter()
        .map(|(id, metadata)| (*id, *id, *metadata))
        .collect();
    fixture.fill("people", &documents).await;
    fixture
}

fn query(text: &str) -> MatrixQuery<'_> {
    MatrixQuery {
        understand: true,
        ..MatrixQuery::new(text, vec!["people"])
    }
}

/// The text and the nearest names of the person whom nobody knows.
fn unknown_person(answer: &Answer) -> Option<(&str, String)> {
    let nobody = &answer.understood.as_ref()?.understanding.nobody;
    let entry = nobody.iter().find(|entry| entry.what == What::Person)?;
    Some((&entry.text, entry.nearest.join(", ")))
}

#[tokio::test]
async fn people_are_found_however_they_are_spelled() {
    let fixture = people().await;
    for (text, expected) in [
        ("jose nunez", "W-1 w-2"),
        ("NUÑEZ, JOSE", "W-1 w-2"),
        ("find Jose L. Nunez, please", "W-1 w-2"),
        ("jose luis nunez", "W-1 w-2"),
        ("Jose Raul Nunez", "W-1"),
        ("is sean obrien free?", "w-3"),
        ("Sean O'Brien's shift", "w-3"),
        ("marykate delacruz", "w-4"),
        ("De La Cruz, Mary Kate", "w-4"),
        ("kate stone", "w-4"),
        ("john smith", "w-5 w-6"),
        ("John A Smith", "w-5"),
        ("313-555-0102", "w-2"),
        ("call +1 (313) 555.0103", "w-2"),
        ("3135550104", "w-3"),
        ("JOSE.NUNEZ@example.com", "W-1"),
        ("w-1", "W-1"),
        ("W-2", "w-2"),
    ] {
        let answer = fixture.search(query(text)).await;
        let mut found = ids(&answer);
        found.sort_unstable();
        assert_eq!(found.join(" "), expected, "{text}");
        let understood = answer.understood.unwrap();
        assert!(understood.person.is_some(), "{text}");
        assert_eq!(understood.understanding.nobody, [], "{text}");
    }
}

#[tokio::test]
async fn the_same_name_comes_before_those_that_fit() {
    let fixture = people().await;
    let answer = fixture.search(query("jose nunez")).await;
    assert_eq!(ids(&answer), ["W-1", "w-2"]);
    let tiers: Vec<_> = answer.hits.iter().map(|hit| hit.tier).collect();
    assert_eq!(tiers, [0, 1]);
}

#[tokio::test]
async fn a_person_whom_a_filter_leaves_out_is_known() {
    let fixture = people().await;
    let excluded = MatrixQuery {
        exclude_ids: vec!["W-1", "w-2"],
        ..query("jose nunez")
    };
    let answer = fixture.search(excluded).await;
    assert!(answer.hits.is_empty());
    assert_eq!(unknown_person(&answer), None);
}

#[tokio::test]
async fn people_whom_nobody_knows_are_reported() {
    let fixture = people().await;
    for (text, reported, nearest) in [
        ("is Sarah Parker free?", "sarah parker", ""),
        ("sarah parker", "sarah parker", ""),
        ("call Xiu Zhangwei", "xiu zhangwei", ""),
        ("call Maria Cook", "maria cook", ""),
        ("jose nunes", "jose nunes", "José Núñez"),
        (
            "mary kat de la cruz",
            "mary kat de la cruz",
            "Mary-Kate de la Cruz",
        ),
        ("is Sarah Barker free?", "sarah barker", ""),
        (
            "jose.nunes@example.com",
            "jose.nunes@example.com",
            "Jose.Nunez@Example.com",
        ),
        ("313-555-0109", "313-555-0109", ""),
        ("find w-99", "w-99", ""),
    ] {
        let answer = fixture.search(query(text)).await;
        let nearest = nearest.to_owned();
        assert_eq!(unknown_person(&answer), Some((reported, nearest)), "{text}");
        assert!(ids(&answer).iter().all(|id| *id == "n-1"), "{text}");
    }
}

#[tokio::test]
async fn work_that_is_asked_for_is_no_unknown_person() {
    let fixture = people().await;
    for text in [
        "call bakers",
        "call Maria",
        "call Maria tomorrow",
        "find Hyster Yale forklift operator",
        "need pickers for Sarah Parker",
        "Sarah needs pickers in Detroit",
        "is a Loader free in Detroit",
        "picker at Parker Hannifin",
        "sarah packer, two loaders in Detroit",
        "find a packer",
        "Hyster Yale",
    ] {
        let answer = fixture.search(query(text)).await;
        assert_eq!(unknown_person(&answer), None, "{text}");
    }
}

#[tokio::test]
async fn a_new_name_is_known_at_once() {
    let fixture = people().await;
    let answer = fixture.search(query("call Xiu Zhangwei")).await;
    assert_eq!(unknown_person(&answer).unwrap().0, "xiu zhangwei");
    let new = [(
        "w-9",
        "w-9",
        r#"{"name":"Xiu Zhangwei","phone":"313-555-0109"}"#,
    )];
    fixture.fill("people", &new).await;
    for text in ["call Xiu Zhangwei", "313-555-0109"] {
        let answer = fixture.search(query(text)).await;
        assert_eq!(ids(&answer), ["w-9"], "{text}");
    }
}
