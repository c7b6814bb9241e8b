//! Searches by what the query asks for.

use lakehouse_matrix::{Match, MatrixQuery};
use lakehouse_understand::What;

use super::fixture::{Fixture, Options, ids};

async fn people() -> Fixture {
    people_with(Options::default()).await
}

async fn people_with(options: Options) -> Fixture {
    let fixture = Fixture::with(options).await;
    let person = |role: &str, city: &str, state: &str, more: &str| {
        format!(r#"{{"role":"{role}","city":"{city}","state":"{state}"{more}}}"#)
    };
    let documents = [
        (
            "d1",
            person(
                "Forklift Operator",
                "Detroit",
                "MI",
                r#","name":"Ana Ruiz","rate":19,"cert_osha_10":true"#,
            ),
        ),
        (
            "d2",
            person(
                "Forklift Operator",
                "Detroit",
                "MI",
                r#","shift":"nights","rate":24,"phone":"(313) 555-0102""#,
            ),
        ),
        (
            "d3",
            person(
                "Forklift Operator",
                "Detroit",
                "MI",
                r#","available":false"#,
            ),
        ),
        (
            "d4",
            person(
                "Loader",
                "Detroit",
                "MI",
                r#","second_role":"Forklift Operator""#,
            ),
        ),
        ("d5", person("Loader", "Detroit", "MI", "")),
        ("d6", person("Welder", "Detroit", "MI", "")),
        ("l1", person("Forklift Operator", "Saint Louis", "MO", "")),
        ("p1", person("Picker", "Portland", "OR", "")),
        ("p2", person("Picker", "Portland", "ME", "")),
        ("p3", person("Picker", "Portland", "ME", "")),
        ("x1", r#"{"kind":"note"}"#.to_owned()),
    ];
    let documents: Vec<_> = documents
        .iter()
        .map(|(id, metadata)| (*id, *id, metadata.as_str()))
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

/// The ids of the hits of tiers of profiles, in order.
#[track_caller]
fn profiles(answer: &lakehouse_matrix::Answer) -> Vec<&str> {
    let mut ids = ids(answer);
    ids.retain(|id| *id != "x1");
    ids
}

#[tokio::test]
async fn conditions_and_tiers_decide_the_hits() {
    let fixture = people().await;
    for (text, expected) in [
        ("hilo drivers near Detroit", "d1 d2 d4 d5"),
        ("forklift operators in Detroit at nights", "d2 d1 d4 d5"),
        ("forklift operators in Detroit under $20", "d1 d4 d5"),
        ("forklft operater with OSHA 10", "d1"),
        ("forklift operators not in Michigan", "l1"),
        ("forklift driver St. Louis MO", "l1"),
        ("pickers in Portland", "p2 p3 p1"),
        ("pickers in Portland, but not Maine", "p1"),
        ("unavailable forklift operators", "d3"),
        ("forklift operators in Saint Louis, not a loader", "l1"),
    ] {
        let answer = fixture.search(query(text)).await;
        assert_eq!(profiles(&answer).join(" "), expected, "{text}");
        let understood = answer.understood.unwrap();
        assert_eq!(understood.understanding.nobody, [], "{text}");
    }
}

#[tokio::test]
async fn distances_follow_the_tiers() {
    let fixture = people().await;
    let answer = fixture.search(query("forklift operators in Detroit")).await;
    for hit in &answer.hits {
        assert_eq!(hit.distance, hit.base_distance + 2.0 * hit.tier as f64);
    }
    let matches: Vec<_> = answer.hits.iter().map(|hit| &*hit.matches).collect();
    let with_place = |first| vec![first, Match::Place];
    assert_eq!(matches[0], with_place(Match::Role));
    assert_eq!(matches[2], with_place(Match::SecondRole));
    assert_eq!(matches[3], with_place(Match::Related));
}

#[tokio::test]
async fn documents_are_in_one_tier_only() {
    let fixture = people().await;
    // A city that some documents have without a state, and others with one of several.
    let picker = |more: &str| format!(r#"{{"role":"Picker","city":"Portland"{more}}}"#);
    let (plain, elsewhere) = (picker(""), picker(r#","state":"TX""#));
    let more = [("p4", "p4", &*plain), ("p5", "p5", &*elsewhere)];
    fixture.fill("people", &more).await;
    for text in ["pickers in Portland", "pickers in East Portland"] {
        let answer = fixture.search(query(text)).await;
        let mut hits = profiles(&answer);
        hits.sort_unstable();
        assert_eq!(hits.join(" "), "p1 p2 p3 p4 p5", "{text}");
    }
}

#[tokio::test]
async fn people_are_looked_up() {
    let fixture = people().await;
    for (text, expected) in [
        ("d3", "d3"),
        ("ana ruiz", "d1"),
        ("is Ruiz, Ana free?", "d1"),
        ("call 313-555-0102", "d2"),
        ("999-555-0102", ""),
        ("z-99", ""),
    ] {
        let answer = fixture.search(query(text)).await;
        assert_eq!(ids(&answer).join(" "), expected, "{text}");
        let nobody = answer.understood.unwrap().understanding.nobody;
        let nobody: Vec<_> = nobody.iter().map(|entry| entry.what).collect();
        let reported = if expected.is_empty() {
            vec![What::Person]
        } else {
            vec![]
        };
        assert_eq!(nobody, reported, "{text}");
    }
}

#[tokio::test]
async fn what_nobody_has_is_reported() {
    let fixture = people().await;
    for (text, what, nearest) in [
        ("brick layer in Detroit", What::Role, ""),
        ("picker in Boise", What::Place, ""),
        ("welder in Portland", What::Together, ""),
        ("forklift operators in Portland", What::Together, ""),
        ("?", What::Text, ""),
        ("warehouse associate in Detroit", What::Role, "Loader"),
        (
            "loaders in Saint Louis",
            What::Together,
            "Forklift Operator",
        ),
    ] {
        let answer = fixture.search(query(text)).await;
        assert!(profiles(&answer).is_empty(), "{text}");
        let nobody = &answer.understood.unwrap().understanding.nobody;
        assert_eq!(nobody.len(), 1, "{text}");
        assert_eq!(nobody[0].what, what, "{text}");
        if !nearest.is_empty() {
            assert!(
                nobody[0].nearest.iter().any(|role| role == nearest),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn people_who_can_fill_in_are_hits_and_reported() {
    let fixture = people().await;
    let excluded = MatrixQuery {
        exclude_ids: vec!["d1", "d2"],
        ..query("forklift operators in Detroit")
    };
    let answer = fixture.search(excluded).await;
    assert_eq!(profiles(&answer), ["d4"]);
    let nobody = &answer.understood.unwrap().understanding.nobody;
    assert_eq!(nobody[0].what, What::Together);
    assert_eq!(nobody[0].nearest, ["Loader"]);

    let answer = fixture
        .search(query("forklift operators in Detroit, weekends"))
        .await;
    assert_eq!(profiles(&answer), ["d1", "d2", "d4", "d5"]);
    let nobody = &answer.understood.unwrap().understanding.nobody;
    assert_eq!(nobody[0].what, What::Shift);
    assert_eq!(nobody[0].text, "weekends");
}

#[tokio::test]
async fn the_shift_comes_before_the_very_role() {
    let fixture = people().await;
    let loader = r#"{"role":"Loader","second_role":"Forklift Operator","city":"Detroit","state":"MI","shift":"nights"}"#;
    let helper = r#"{"role":"Loader","city":"Detroit","state":"MI","shift":"nights"}"#;
    let more = [("d7", "d7", loader), ("d8", "d8", helper)];
    fixture.fill("people", &more).await;
    let asked = "forklift operators in Detroit at nights";
    let answer = fixture.search(query(asked)).await;
    assert_eq!(profiles(&answer), ["d2", "d7", "d1", "d4", "d8", "d5"]);

    // With stand-ins alone among the hits, the others are not looked at.
    let few = MatrixQuery {
        exclude_ids: vec!["d2"],
        k: 1,
        ..query(asked)
    };
    let answer = fixture.search(few).await;
    assert_eq!(profiles(&answer), ["d7"]);
    let nobody = &answer.understood.unwrap().understanding.nobody;
    assert_eq!(nobody.len(), 1);
    assert_eq!(nobody[0].what, What::Shift);
}

#[tokio::test]
async fn hits_beyond_the_maximum_distance_are_left_out() {
    let fixture = people().await;
    for understand in [false, true] {
        let near = MatrixQuery {
            understand,
            max_distance: Some(0.5),
            ..MatrixQuery::new("d1", vec!["people"])
        };
        let answer = fixture.search(near).await;
        assert_eq!(ids(&answer), ["d1"]);
    }
}

#[tokio::test]
async fn parts_that_are_switched_off_do_not_decide_the_hits() {
    let without = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        people_with(options)
    };
    let fixture = without(|options| options.looks_up = false).await;
    for text in ["ana ruiz", "d3", "999-555-0102", "z-99"] {
        let understood = fixture.search(query(text)).await.understood.unwrap();
        let nobody = understood.understanding.nobody;
        assert_eq!(understood.person, None, "{text}");
        assert!(nobody.iter().all(|one| one.what != What::Person), "{text}");
    }
    let fixture = without(|options| options.parts.nobody = false).await;
    for (text, expected) in [
        ("brick layer in Detroit", "d1 d2 d4 d5 d6"),
        ("picker in Boise", ""),
        ("loaders in Saint Louis", "l1"),
        ("999-555-0102", "d1 d2 d4 d5 d6 l1 p1 p2 p3"),
    ] {
        let answer = fixture.search(query(text)).await;
        let mut hits = profiles(&answer);
        hits.sort_unstable();
        assert_eq!(hits.join(" "), expected, "{text}");
        let nobody = answer.understood.unwrap().understanding.nobody;
        assert_eq!(nobody, [], "{text}");
    }
    let fixture = without(|options| options.parts.availability = false).await;
    let answer = fixture.search(query("forklift operators in Detroit")).await;
    let mut hits = profiles(&answer);
    hits.sort_unstable();
    assert_eq!(hits, ["d1", "d2", "d3", "d4", "d5"]);
}

#[tokio::test]
async fn each_corpus_is_searched_once() {
    const CORPORA: u64 = 50;
    let fixture = Fixture::new().await;
    let names: Vec<_> = (0..CORPORA).map(|at| format!("people-{at}")).collect();
    let person = r#"{"role":"Forklift Operator","city":"Portland","state":"OR"}"#;
    for name in &names {
        fixture.fill(name, &[(name, name, person)]).await;
    }
    // Roles, shifts and cities of one name: many tiers.
    let query = MatrixQuery {
        k: 100,
        corpora: names.iter().map(String::as_str).collect(),
        ..query("forklift operators or loaders at nights in Portland")
    };
    for round in 0..2 {
        let answer = fixture.search(query.clone()).await;
        assert_eq!(answer.hits.len() as u64, CORPORA);
        let stats = fixture.matrix.cache_stats();
        assert_eq!((stats.misses, stats.hits), (CORPORA, round * CORPORA));
    }
}
