//! The effect of recordings on a ranking, and the cross-role gate.

use std::{collections::HashSet, sync::Arc};

use lakehouse_matrix::{
    Answer, MatrixQuery, PLAYBOOK_INDEX, Shape,
    playbook::Recording,
    role::{KnownTerms, LexiconWords, Reading, RoleKey},
};
use lakehouse_vector::{Filter, Metadata, Scalar, Search};
use proptest::{prelude::*, sample::select};

use super::fixture::{Fixture, dictionary, ids, rejected};

const QUERY: &str = "Need 2 pickers in Detroit";
/// Nearly that query, but not the very question.
const RECORDED: &str = "Need 2 pickers in Detroit now";

/// Workers, ordered by distance from the query.
async fn filled() -> Fixture {
    let fixture = Fixture::new().await;
    let detroit = r#"{"role":"Picker","city":"Detroit","available":true}"#;
    let flint = r#"{"role":"Picker","city":"Flint"}"#;
    let unavailable = r#"{"role":"Picker","city":"Detroit","available":false}"#;
    let packer = r#"{"role":"Packer","city":"Detroit"}"#;
    let documents = [
        ("w-1", "need 2 pickers in Detroit", detroit),
        ("w-2", "need 2 pickers in Detroit k", detroit),
        ("w-3", "need 2 pickers in Detroit k l", detroit),
        ("w-4", "need 2 pickers in Detroit k l m", detroit),
        ("w-5", "need 2 pickers in Detroit k l m o", detroit),
        ("w-6", "Finn, pickers Detroit", flint),
        ("w-7", "Gus in Flint", unavailable),
        ("w-8", "Hal in Flint", packer),
        ("w-9", "Edna, works nights", detroit),
    ];
    fixture.fill("workers", &documents).await;
    fixture
        .fill("others", &[("o-1", "Ida, by car", detroit)])
        .await;
    fixture
}

fn hit<'a>(answer: &'a Answer, id: &str) -> &'a lakehouse_matrix::MatrixHit {
    answer.hits.iter().find(|hit| &*hit.id == id).unwrap()
}

#[tokio::test]
async fn good_answers_move_nearer() {
    let fixture = filled().await;
    let cold = fixture.cold(QUERY, &["workers"], 4).await;
    assert_eq!(ids(&cold), ["w-1", "w-2", "w-3", "w-4"]);
    let recorded = fixture
        .record("need pickers in Detroit", "workers/w-3", "1", None)
        .await;
    let warm = fixture.warm(QUERY, &["workers"], 4).await;
    let (before, after) = (hit(&cold, "w-3"), hit(&warm, "w-3"));
    assert_eq!(after.base_distance, before.distance);
    assert_eq!(after.distance, before.distance * 0.5);
    assert_eq!(after.why.shape, Shape::Boosted);
    assert_eq!(after.why.playbook, Some(recorded.id));
    assert_eq!((after.why.score, after.why.factor), (Some(1.0), 0.5));
    assert_eq!((warm.playbook.boosted, warm.playbook.injected), (1, 0));
    // Searches without the playbook do not change.
    assert_eq!(fixture.cold(QUERY, &["workers"], 4).await, cold);

    // Scores decay by whole days, to a half in 180.
    fixture.clock.advance_days(180);
    let decayed = fixture.warm(QUERY, &["workers"], 4).await;
    let decayed = hit(&decayed, "w-3");
    assert_eq!((decayed.why.score, decayed.why.factor), (Some(0.5), 0.75));
    fixture
        .clock
        .advance(std::time::Duration::from_secs(86_399));
    let same_day = fixture.warm(QUERY, &["workers"], 4).await;
    assert_eq!(hit(&same_day, "w-3").why.score, Some(0.5));
}

#[test]
fn the_formulas_follow_the_contract() {
    let config = lakehouse_matrix::playbook::PlaybookConfig::default();
    let nearer = 0.4449 * config.factor(config.decayed(1.0, 0));
    assert_eq!(format!("{nearer:.4}"), "0.2225");
    assert_eq!(config.factor(config.decayed(-1.0, 180)), 1.25);
}

#[tokio::test]
async fn wrong_answers_move_behind_the_next() {
    let fixture = filled().await;
    let corpora = ["workers", "others"];
    let cold = fixture.cold(QUERY, &corpora, 20).await;
    fixture.record(QUERY, "workers/w-4", "-1", None).await;
    let warm = fixture.warm(QUERY, &corpora, 4).await;
    assert_eq!(ids(&warm), ["w-1", "w-2", "w-3", "w-5"]);
    assert_eq!(warm.hits[3], cold.hits[4]);
    assert_eq!(warm.playbook.boosted, 1);
    let counts = warm.corpora.iter().map(|report| report.outcome.clone());
    assert_eq!(counts.collect::<Vec<_>>(), [Ok(4), Ok(1)]);
    // If all documents are hits, it remains one, farther away.
    let all = fixture.warm(QUERY, &corpora, 20).await;
    assert_eq!(ids(&all)[..6], ["w-1", "w-2", "w-3", "w-5", "w-4", "w-6"]);
    assert_eq!(hit(&all, "w-4").distance, hit(&cold, "w-4").distance * 1.5);
    assert_eq!(all.hits.len(), 10);
}

#[tokio::test]
async fn answers_that_were_not_found_are_injected() {
    let fixture = filled().await;
    let corpora = ["workers", "others"];
    fixture.record(QUERY, "workers/w-9", "1", None).await;
    fixture.record(QUERY, "others/o-1", "0.5", None).await;
    let cold = fixture.cold(QUERY, &corpora, 20).await;
    let warm = fixture.warm(QUERY, &corpora, 8).await;
    assert_eq!(ids(&warm)[5..7], ["w-6", "w-9"]);
    assert_eq!((warm.playbook.boosted, warm.playbook.injected), (0, 2));
    let edna = hit(&warm, "w-9");
    assert_eq!(edna.base_distance, hit(&cold, "w-9").distance);
    assert_eq!(edna.distance, edna.base_distance * 0.5);
    assert_eq!(edna.why.shape, Shape::Injected);
    // The answers to the very question are kept, the nearest if there are more.
    let few = fixture.warm(QUERY, &corpora, 3).await;
    assert_eq!(ids(&few), ["w-1", "w-9", "o-1"]);
    assert_eq!((few.playbook.boosted, few.playbook.injected), (0, 2));
    let one = fixture.warm(QUERY, &corpora, 1).await;
    assert_eq!((ids(&one), one.playbook.injected), (vec!["w-9"], 2));
    // For other questions, injected documents count even if they are not among the `k` hits.
    let few = fixture.warm(RECORDED, &corpora, 3).await;
    assert_eq!(ids(&few), ["w-1", "w-2", "w-3"]);
    assert_eq!((few.playbook.boosted, few.playbook.injected), (0, 2));
    let all = fixture.warm(QUERY, &corpora, 20).await;
    assert_eq!((all.playbook.boosted, all.playbook.injected), (2, 0));
}

#[tokio::test]
async fn every_reason_is_reported() {
    let fixture = filled().await;
    let reasons = async |query: MatrixQuery<'_>| {
        let query = MatrixQuery {
            use_playbook: true,
            k: 2,
            ..query
        };
        let answer = fixture.search(query).await;
        let mut reasons: Vec<_> = rejected(&answer)
            .into_iter()
            .map(|(id, reason)| (id.to_owned(), reason.to_owned()))
            .collect();
        reasons.sort();
        reasons
    };
    let want_of = |pairs: &[(&str, &str)]| -> Vec<_> {
        let owned = |(id, reason): &(&str, &str)| ((*id).to_owned(), (*reason).to_owned());
        pairs.iter().map(owned).collect()
    };
    let roleless = "someone in Detroit, need";
    fixture
        .record(roleless, "workers/w-5", "1", Some("Pickers"))
        .await;
    let query = MatrixQuery::new("need", vec!["workers"]);
    assert_eq!(reasons(query).await, want_of(&[("w-5", "no_query_role")]));
    fixture.engine.drop_index(PLAYBOOK_INDEX).await.unwrap();

    for (answer, score, role) in [
        ("workers/w-1", "1", Some("Packer")),
        ("workers/w-6", "1", None),
        ("workers/w-7", "1", None),
        ("workers/w-8", "1", None),
        ("workers/w-5", "0", None),
        ("workers/w-4", "1", None),
        ("others/o-1", "1", None),
    ] {
        fixture.record(RECORDED, answer, score, role).await;
    }
    // The phrase is empty and no role is known, so the recording has no role.
    fixture
        .record("Detroit needs Detroit", "workers/w-3", "1", None)
        .await;
    let workers = fixture.engine.get("workers").unwrap();
    workers.delete(vec!["w-4".into()]).await.unwrap();
    let query = || MatrixQuery::new(QUERY, vec!["workers", "gone"]);
    let want = want_of(&[
        ("o-1", "corpus_not_searched"),
        ("w-1", "role_mismatch"),
        ("w-4", "answer_gone"),
        ("w-5", "negative"),
        ("w-6", "judge_city"),
        ("w-7", "judge_unavailable"),
        ("w-8", "judge_role"),
    ]);
    let mut got = reasons(query()).await;
    got.retain(|(id, _)| id != "w-3");
    assert_eq!(got, want);

    let excluding = MatrixQuery {
        exclude_ids: vec!["w-5", "w-4"],
        filter: Some(Filter::Not(Box::new(Filter::Eq {
            field: "city".into(),
            value: Scalar::from("Flint"),
        }))),
        ..query()
    };
    let mut got = reasons(excluding).await;
    got.retain(|(id, _)| ["w-4", "w-5", "w-6"].contains(&id.as_str()));
    let want = want_of(&[
        ("w-4", "answer_gone"),
        ("w-5", "filtered"),
        ("w-6", "filtered"),
    ]);
    assert_eq!(got, want);
}

#[tokio::test]
async fn only_the_nearest_recording_of_an_answer_counts() {
    let fixture = filled().await;
    fixture.record(QUERY, "workers/w-2", "0.25", None).await;
    fixture
        .record("Need 2 pickers in Flint", "workers/w-2", "1", None)
        .await;
    let answer = fixture.warm(QUERY, &["workers"], 3).await;
    assert_eq!(hit(&answer, "w-2").why.score, Some(0.25));
    assert_eq!(rejected(&answer), [("w-2", "superseded")]);
}

#[tokio::test]
async fn at_most_16_recordings_are_considered() {
    let fixture = filled().await;
    for number in 0..40 {
        let query = format!("{QUERY} k{number}");
        fixture
            .record(&query, "workers/w-1", "1", Some("Packer"))
            .await;
    }
    fixture
        .record("Cooks wanted", "workers/w-1", "1", Some("Picker"))
        .await;
    let answer = fixture.warm(QUERY, &["workers"], 3).await;
    assert_eq!(answer.playbook.rejected.len(), 16);
    let answer = fixture.warm("Cooks wanted today", &["workers"], 3).await;
    assert_eq!(answer.playbook.rejected.len(), 1);
}

/// People in two cities.
async fn in_two_cities() -> Fixture {
    let fixture = Fixture::new().await;
    let person = |role: &str, city: &str, state: &str| {
        format!(r#"{{"role":"{role}","city":"{city}","state":"{state}","available":true}}"#)
    };
    let detroit = person("Forklift Operator", "Detroit", "MI");
    let louis = person("Forklift Operator", "Saint Louis", "MO");
    let truck = person("Truck Driver", "Detroit", "MI");
    let documents = [
        ("d1", "Forklift operator, Detroit, MI", &*detroit),
        ("l1", "Forklift operator, Saint Louis, MO", &louis),
        ("l2", "Forklift operator, Saint Louis, MO", &louis),
        ("t1", "Truck driver near Detroit, MI", &truck),
    ];
    fixture.fill("people", &documents).await;
    fixture
}

#[tokio::test]
async fn answers_of_one_place_never_move_queries_that_name_another() {
    let fixture = in_two_cities().await;
    let recorded = "Need 3 forklift operators in Detroit MI";
    fixture.record(recorded, "people/d1", "1", None).await;
    for place in [
        "in St. Louis MO",
        "in Saint Louis",
        "near ST LOUIS",
        "in Ann Arbor MI",
        "in Ann Arbor",
        "near ann arbor",
        "in Detroit, OH",
        "in Ohio",
        "in MO",
        "MO",
        "in East Detroit",
        "in Detroit Lakes MN",
        "in Missouri, not Detroit",
        "not in Michigan",
    ] {
        let query = format!("Need 3 forklift operators {place}");
        // Neither injected nor boosted.
        for k in [1, 10] {
            let cold = fixture.cold(&query, &["people"], k).await;
            let warm = fixture.warm(&query, &["people"], k).await;
            assert_eq!(ids(&warm), ids(&cold), "{place} {k}");
            assert_eq!(rejected(&warm), [("d1", "judge_city")], "{place} {k}");
        }
    }
    for place in [
        "in Detroit",
        "in detroit mi",
        "in Detroit, Michigan",
        "in Michigan",
        "at Beacon Freight, Detroit",
        "for Monday",
        "in Detroit or Ann Arbor",
        "in Detroit, not Ann Arbor",
    ] {
        let query = format!("Need 3 forklift operators {place}");
        let warm = fixture.warm(&query, &["people"], 10).await;
        assert_eq!(warm.playbook.boosted, 1, "{place}");
    }
}

#[tokio::test]
async fn the_very_question_is_answered_by_what_was_recorded() {
    for (recorded, asked, role) in [
        (
            "magni driver near Detroit",
            "magni driver near Detroit",
            None,
        ),
        (
            "magni driver near Detroit",
            "Magni  Driver near DETROIT",
            None,
        ),
        ("montacarguista, Detroit", "montacarguista, Detroit", None),
        ("someone for the big one", "someone for the big one", None),
        ("truck drivers in Ohio", "truck drivers in Ohio", None),
        (
            "need a magni driver",
            "need a magni driver",
            Some("Forklift Operator"),
        ),
    ] {
        let fixture = in_two_cities().await;
        fixture.record(recorded, "people/d1", "1", role).await;
        let warm = fixture.warm(asked, &["people"], 1).await;
        let moved = warm.playbook.boosted + warm.playbook.injected;
        assert_eq!((moved, warm.playbook.rejected.len()), (1, 0), "{asked}");
        assert_eq!(ids(&warm), ["d1"], "{asked}");
        // Another role makes it another question.
        let other = MatrixQuery {
            use_playbook: true,
            k: 1,
            query_role: Some("Welder"),
            ..MatrixQuery::new(asked, vec!["people"])
        };
        let other = fixture.search(other).await;
        assert_eq!(other.playbook.rejected.len(), 1, "{asked}");
        // What is gone, unavailable or wrong is not injected.
        let d1 = |available: bool| {
            format!(r#"{{"role":"Forklift Operator","city":"Detroit","available":{available}}}"#)
        };
        fixture.fill("people", &[("d1", "zzz", &d1(false))]).await;
        let warm = fixture.warm(asked, &["people"], 1).await;
        assert_eq!(rejected(&warm), [("d1", "judge_unavailable")], "{asked}");
        fixture.fill("people", &[("d1", "zzz", &d1(true))]).await;
        fixture.record(recorded, "people/d1", "-1", role).await;
        let warm = fixture.warm(asked, &["people"], 1).await;
        assert_eq!(rejected(&warm), [("d1", "negative")], "{asked}");
    }
}

#[tokio::test]
async fn jargon_is_learned_without_a_role_that_is_said() {
    let fixture = in_two_cities().await;
    fixture
        .record("magni driver near Detroit", "people/d1", "1", None)
        .await;
    let warm = fixture
        .warm("need 2 magni drivers in Detroit", &["people"], 1)
        .await;
    assert_eq!((warm.playbook.injected, rejected(&warm)), (1, vec![]));
    let elsewhere = fixture
        .warm("2 magni drivers near Flint", &["people"], 1)
        .await;
    assert_eq!(rejected(&elsewhere), [("d1", "judge_city")]);
}

#[tokio::test]
async fn plurals_are_one_role() {
    let fixture = in_two_cities().await;
    for (recorded, asked) in [
        ("need 2 RNs in Detroit", "Need 1 RN in Detroit"),
        ("need 2 PTs in Detroit", "need a PT in Detroit"),
        ("need 2 waitresses in Detroit", "need a waitress in Detroit"),
        ("need 2 foremen in Detroit", "need a foreman in Detroit"),
    ] {
        fixture.record(recorded, "people/d1", "1", None).await;
        let warm = fixture.warm(asked, &["people"], 10).await;
        assert_eq!(warm.playbook.boosted, 1, "{asked}");
        fixture.engine.drop_index(PLAYBOOK_INDEX).await.unwrap();
    }
}

/// Texts of few words, so that documents, queries and recordings are near each other.
fn text() -> impl Strategy<Value = String> {
    let word = select(
        &[
            "need", "pickers", "packer", "nurse", "in", "detroit", "flint", "2", "for", "night",
            "looking",
        ][..],
    );
    prop::collection::vec(word, 1..7).prop_map(|words| words.join(" "))
}

fn metadata() -> impl Strategy<Value = String> {
    let role = select(
        &[
            r#""Picker""#,
            r#""Packers""#,
            r#""Nurse""#,
            "null",
            r#"["Picker"]"#,
        ][..],
    );
    let city = select(&[r#""Detroit""#, r#""Flint""#, "null"][..]);
    let available = select(&["true", "false", "null"][..]);
    (role, city, available).prop_map(|(role, city, available)| {
        format!(r#"{{"role":{role},"city":{city},"available":{available}}}"#)
    })
}

#[derive(Debug, Clone)]
struct NewRecording {
    text: String,
    answer: prop::sample::Index,
    score: &'static str,
    role: Option<&'static str>,
}

fn recording() -> impl Strategy<Value = NewRecording> {
    let score = select(&["1", "0.5", "-1", "0", "-0.25"][..]);
    let role = select(&[None, None, None, Some("Picker"), Some("nurses"), Some("?")][..]);
    (text(), any::<prop::sample::Index>(), score, role).prop_map(|(text, answer, score, role)| {
        NewRecording {
            text,
            answer,
            score,
            role,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn recordings_for_one_role_never_change_queries_for_another(
        documents in prop::collection::vec((text(), metadata()), 2..25),
        recordings in prop::collection::vec(recording(), 1..25),
        queries in prop::collection::vec((text(), select(&[None, None, Some("packer")][..])), 1..6),
        k in 1..8_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::new().await;
            let names: Vec<_> = (0..documents.len()).map(|n| format!("w-{n}")).collect();
            let of_corpus = |remainder: usize| -> Vec<_> {
                let numbered = documents.iter().enumerate();
                let of_it = numbered.filter(|(n, _)| n % 2 == remainder);
                of_it.map(|(n, (text, metadata))| (&*names[n], &**text, &**metadata)).collect()
            };
            fixture.fill("even", &of_corpus(0)).await;
            fixture.fill("odd", &of_corpus(1)).await;
            let queries: Vec<_> = queries
                .iter()
                .map(|(text, role)| MatrixQuery {
                    k,
                    query_role: *role,
                    ..MatrixQuery::new(text, vec!["even", "odd"])
                })
                .collect();
            let mut before = Vec::new();
            for query in &queries {
                before.push(fixture.search(query.clone()).await);
            }
            for recording in &recordings {
                let number = recording.answer.index(documents.len());
                let answer = format!("{}/w-{number}", ["even", "odd"][number % 2]);
                fixture.record(&recording.text, &answer, recording.score, recording.role).await;
            }
            for (query, before) in queries.into_iter().zip(before) {
                let all = MatrixQuery { k: 1000, ..query.clone() };
                let all = fixture.search(all).await;
                assert_eq!(fixture.search(query.clone()).await, before, "without the playbook");
                let query = MatrixQuery { use_playbook: true, ..query };
                let warm = fixture.search(query.clone()).await;
                check_contract(&fixture, &query, &all, &warm);
            }
        });
    }
}

/// Computes the expected answer from the whole cold ranking and the recordings.
fn check_contract(fixture: &Fixture, query: &MatrixQuery<'_>, all: &Answer, warm: &Answer) {
    let index = fixture.engine.get(PLAYBOOK_INDEX).unwrap();
    let vector = lakehouse_models::embed::hash::embed_text(query.query_text);
    let nearest = index
        .search_blocking(&Search::new(vector.values(), 1000))
        .unwrap();
    let near = nearest.iter().filter(|hit| hit.distance <= 0.6).take(16);
    let text = |metadata: &Metadata, name: &str| match metadata.get(name) {
        Some(Scalar::Text(text)) => Some(text),
        _ => None,
    };
    let texts = |name: &str| -> Vec<_> {
        let hits = all.hits.iter();
        hits.filter_map(|hit| text(&hit.metadata, name)).collect()
    };
    let synonyms: Vec<_> = index
        .scan_items()
        .filter_map(|(_, metadata)| text(&metadata, "synonym"))
        .collect();
    let (roles, cities) = (texts("role"), texts("city"));
    let known = KnownTerms::new(
        Arc::new(LexiconWords::new(dictionary().lexicon())),
        roles.iter().map(|role| &**role),
        cities.iter().map(|city| &**city),
        synonyms.iter().map(|synonym| &**synonym),
    );
    let role = warm.playbook.role.key.as_ref();
    let role = role.map(|role| known.meaning(role));
    let role = role.as_ref();
    let places = |text: &str| Reading::of(text, &known).places;
    let is_same_question = |recording: &Recording, recorded_role: Option<&RoleKey>| {
        *recording.query_text == *query.query_text
            && (query.query_role.is_none() || recorded_role == role)
    };

    let mut want: Vec<_> = all.hits.clone();
    let (mut answers, mut injected) = (HashSet::new(), HashSet::new());
    let mut good = HashSet::new();
    let (mut boosts, mut reasons) = (0, Vec::new());
    for hit in near {
        let recording = fixture.matrix.recording(&hit.id).unwrap();
        let id = recording.answer_id.clone();
        let score = recording.score.value();
        let place = all.hits.iter().position(|hit| hit.id == id).unwrap();
        let document = &all.hits[place].metadata;
        let recorded_role = recording.role.as_ref().map(|role| known.meaning(role));
        let is_same = is_same_question(&recording, recorded_role.as_ref());
        let reason = if !is_same && role.is_none() {
            Some("no_query_role")
        } else if !is_same && recorded_role.is_none() {
            Some("no_recorded_role")
        } else if !is_same && recorded_role.as_ref() != role {
            Some("role_mismatch")
        } else if !answers.insert(id.clone()) {
            Some("superseded")
        } else if !is_same
            && places(query.query_text)
                .are_elsewhere(document, &known, || places(&recording.query_text))
        {
            Some("judge_city")
        } else if place < query.k {
            None
        } else if score <= 0.0 {
            Some("negative")
        } else if !is_same
            && role.is_some_and(|role| known.is_role_of_documents(role))
            && text(document, "role")
                .and_then(|role| RoleKey::from_text(&role))
                .map(|role| known.meaning(&role))
                .as_ref()
                != role
        {
            Some("judge_role")
        } else if document.get("available") == Some(Scalar::Bool(false)) {
            Some("judge_unavailable")
        } else {
            None
        };
        if let Some(reason) = reason {
            reasons.push((id, reason));
            continue;
        }
        if is_same && score > 0.0 {
            good.insert(id.clone());
        }
        if place < query.k {
            boosts += 1;
        } else {
            injected.insert(id);
        }
        want[place].distance = want[place].base_distance * (1.0 - 0.5 * score);
    }
    want.sort_by(|a, b| {
        a.distance
            .total_cmp(&b.distance)
            .then_with(|| a.id.cmp(&b.id))
    });
    // The good answers to the very question are kept.
    let kept = want.iter().filter(|hit| good.contains(&hit.id)).count();
    let kept = kept.min(query.k);
    let (mut kept, mut others) = (0..kept, 0..query.k - kept);
    want.retain(|hit| {
        let room = if good.contains(&hit.id) {
            &mut kept
        } else {
            &mut others
        };
        room.next().is_some()
    });

    let pairs = |hits: &[lakehouse_matrix::MatrixHit]| -> Vec<_> {
        hits.iter()
            .map(|hit| (hit.id.clone(), hit.distance, hit.base_distance))
            .collect()
    };
    assert_eq!(pairs(&warm.hits), pairs(&want));
    assert_eq!(warm.playbook.boosted, boosts);
    assert_eq!(warm.playbook.injected, injected.len());
    let got = rejected(warm);
    let reasons: Vec<_> = reasons
        .iter()
        .map(|(id, reason)| (&**id, *reason))
        .collect();
    assert_eq!(got, reasons);

    // The gate, checked independently of the expected answer.
    for hit in &warm.hits {
        match &hit.why.playbook {
            None => assert_eq!(hit.distance, hit.base_distance),
            Some(id) => {
                let recording = fixture.matrix.recording(id).unwrap();
                let recorded = recording.role.as_ref().map(|role| known.meaning(role));
                if is_same_question(&recording, recorded.as_ref()) {
                    continue;
                }
                assert!(recorded.is_some() && recorded.as_ref() == role, "{hit:?}");
                let named: Vec<_> = ["Detroit", "Flint"]
                    .into_iter()
                    .filter(|city| query.query_text.contains(&city.to_lowercase()))
                    .filter(|city| cities.iter().any(|known| **known == **city))
                    .collect();
                let city = text(&hit.metadata, "city");
                let is_there = city.is_none_or(|city| named.contains(&&*city));
                assert!(named.is_empty() || is_there, "{hit:?} for {named:?}");
            }
        }
    }
}
