//! Checks of search answers.

use lakehouse_loadtests::flows::{FaultKind, Hit, Search, SearchAnswer, check};
use serde_json::{Value, json};

use super::dataset::{corpora, dataset, place};
use super::kind;

const TEXT: &str = "Need 2 Pickers in Toledo OH";

/// An answer with hits of these ids, at increasing distances.
pub(super) fn answer(ids: &[&str]) -> SearchAnswer {
    let hits: Vec<Value> = ids
        .iter()
        .enumerate()
        .map(|(place, id)| {
            let corpus = if id.starts_with('e') {
                "employees"
            } else {
                "workers"
            };
            let distance = 0.25 + 0.01 * place as f64;
            json!({ "id": id, "corpus": corpus, "distance": distance, "base_distance": distance,
                "metadata": {} })
        })
        .collect();
    let answer = json!({
        "hits": hits,
        "playbook": { "used": false, "role": null, "role_source": "none", "boosted": 0,
            "injected": 0, "rejected": [] },
        "corpora": [
            { "corpus": "workers", "status": "ok", "hits": 3 },
            { "corpus": "employees", "status": "ok", "hits": 1 },
        ],
    });
    serde_json::from_value(answer).unwrap()
}

/// The fault of a correct answer with four hits after `change`.
fn found(change: impl FnOnce(&mut SearchAnswer)) -> Option<FaultKind> {
    found_with(|_| {}, change)
}

fn found_with(
    request: impl FnOnce(&mut Search<'_>),
    change: impl FnOnce(&mut SearchAnswer),
) -> Option<FaultKind> {
    let corpora = corpora();
    let mut search = Search::cold(TEXT, &corpora, 4);
    request(&mut search);
    let mut answer = answer(&["w-1", "e-1", "w-2", "w-3"]);
    change(&mut answer);
    kind(check::search(&dataset(), &search, &answer))
}

#[test]
fn correct_answers_pass() {
    assert_eq!(found(|_| {}), None);
    let exclude = |search: &mut Search<'_>| search.exclude = vec!["w-4".to_owned()];
    assert_eq!(found_with(exclude, |_| {}), None);
    let filter = |search: &mut Search<'_>| search.filter = Some(place("Picker", "Toledo"));
    assert_eq!(found_with(filter, |_| {}), None);
    assert_eq!(
        found(|answer| answer.hits[1].distance = answer.hits[0].distance),
        Some(FaultKind::UnaskedPlaybook)
    );
}

#[test]
fn equal_distances_may_come_in_any_order() {
    let change = |answer: &mut SearchAnswer| {
        let first = answer.hits[0].distance;
        (answer.hits[1].distance, answer.hits[1].base_distance) = (first, first);
    };
    assert_eq!(found(change), None);
}

#[test]
fn wrong_numbers_of_hits_are_detected() {
    assert_eq!(
        found(|answer| answer.hits.truncate(3)),
        Some(FaultKind::TooFewHits)
    );
    assert_eq!(
        found(|answer| answer.hits.clear()),
        Some(FaultKind::TooFewHits)
    );
    let fewer = |search: &mut Search<'_>| search.k = 3;
    assert_eq!(found_with(fewer, |_| {}), Some(FaultKind::TooManyHits));
}

#[test]
fn the_number_of_matching_documents_limits_the_hits() {
    let dataset = dataset();
    let corpora = corpora();
    let welders = ["w-9", "w-10", "w-11", "w-12"];
    let mut search = Search::cold(TEXT, &corpora, 10);
    search.filter = Some(place("Welder", "Detroit"));
    assert_eq!(
        kind(check::search(&dataset, &search, &answer(&welders))),
        None
    );
    let three = answer(&welders[..3]);
    assert_eq!(
        kind(check::search(&dataset, &search, &three)),
        Some(FaultKind::TooFewHits)
    );
    // Only one of the excluded ids matches the filter.
    search.exclude = ["w-1", "w-12", "w-99"].map(str::to_owned).to_vec();
    assert_eq!(kind(check::search(&dataset, &search, &three)), None);
    let two = answer(&welders[..2]);
    assert_eq!(
        kind(check::search(&dataset, &search, &two)),
        Some(FaultKind::TooFewHits)
    );
}

#[test]
fn wrong_order_and_impossible_distances_are_detected() {
    assert_eq!(
        found(|answer| answer.hits.swap(1, 2)),
        Some(FaultKind::OutOfOrder)
    );
    for distance in [f64::NAN, f64::INFINITY, -0.5, 7.0] {
        let change = |answer: &mut SearchAnswer| {
            let last = answer.hits.last_mut().unwrap();
            (last.distance, last.base_distance) = (distance, distance);
        };
        let found = found_with(|search| search.playbook_role = Some("Picker"), change);
        assert_eq!(found, Some(FaultKind::WrongDistance), "{distance}");
    }
}

#[test]
fn forbidden_hits_are_detected() {
    let last = |change: fn(&mut Hit)| found(|answer| change(answer.hits.last_mut().unwrap()));
    assert_eq!(
        last(|hit| hit.id = "w-2".to_owned()),
        Some(FaultKind::RepeatedHit)
    );
    assert_eq!(
        last(|hit| hit.id = "w-99".to_owned()),
        Some(FaultKind::UnknownHit)
    );
    assert_eq!(
        last(|hit| hit.corpus = "employees".to_owned()),
        Some(FaultKind::UnknownHit)
    );
    let exclude = |search: &mut Search<'_>| search.exclude = vec!["w-3".to_owned()];
    assert_eq!(found_with(exclude, |_| {}), Some(FaultKind::ExcludedHit));
    let filter = |search: &mut Search<'_>| search.filter = Some(place("Picker", "Toledo"));
    let welder = |answer: &mut SearchAnswer| answer.hits[3].id = "w-9".to_owned();
    assert_eq!(found_with(filter, welder), Some(FaultKind::UnfilteredHit));
}

#[test]
fn failed_corpora_are_detected() {
    let failed = |answer: &mut SearchAnswer| answer.corpora[1].status = "failed".to_owned();
    assert_eq!(found(failed), Some(FaultKind::FailedCorpus));
    assert_eq!(
        found(|answer| answer.corpora.truncate(1)),
        Some(FaultKind::FailedCorpus)
    );
}

#[test]
fn unrequested_playbook_effects_are_detected() {
    assert_eq!(
        found(|answer| answer.playbook.used = true),
        Some(FaultKind::UnaskedPlaybook)
    );
    assert_eq!(
        found(|answer| answer.playbook.boosted = 1),
        Some(FaultKind::UnaskedPlaybook)
    );
    let moved = |answer: &mut SearchAnswer| answer.hits[0].distance /= 2.0;
    assert_eq!(found(moved), Some(FaultKind::UnaskedPlaybook));
}

#[test]
fn repeated_answers_must_have_the_same_bytes() {
    assert_eq!(
        kind(check::same_bytes("request", b"{\"a\":1}", b"{\"a\":1}")),
        None
    );
    for again in ["{\"a\":2}", "{\"a\":1} ", "{\"a\":", ""] {
        let found = kind(check::same_bytes("request", b"{\"a\":1}", again.as_bytes()));
        assert_eq!(found, Some(FaultKind::ChangedAnswer), "{again}");
    }
}

#[test]
fn vectors_must_be_unit_vectors() {
    let found = |answer: Value| {
        kind(check::vectors(
            "request",
            2,
            &serde_json::from_value(answer).unwrap(),
        ))
    };
    let right = json!({ "model": "m", "dimension": 2, "vectors": [[0.6, 0.8], [1.0, 0.0]] });
    assert_eq!(found(right), None);
    let wrong = [
        json!({ "dimension": 2, "vectors": [[0.6, 0.8]] }),
        json!({ "dimension": 2, "vectors": [[0.6, 0.8], [1.0]] }),
        json!({ "dimension": 2, "vectors": [[0.6, 0.8], [0.5, 0.5]] }),
        json!({ "dimension": 2, "vectors": [[0.6, 0.8], [0.0, 0.0]] }),
    ];
    for answer in wrong {
        assert_eq!(
            found(answer.clone()),
            Some(FaultKind::WrongVector),
            "{answer}"
        );
    }
}

#[test]
fn searches_serialize_only_the_members_that_they_use() {
    let corpora = corpora();
    let mut search = Search::cold(TEXT, &corpora, 4);
    let body = serde_json::to_string(&search).unwrap();
    assert_eq!(
        body,
        r#"{"query_text":"Need 2 Pickers in Toledo OH","corpora":["workers","employees"],"k":4}"#
    );
    search.exclude = vec!["w-1".to_owned()];
    search.filter = Some(place("Picker", "Toledo"));
    search.playbook_role = Some("Picker");
    let body = serde_json::to_value(&search).unwrap();
    let filter = json!({ "and": [
        { "eq": { "field": "role", "value": "Picker" } },
        { "eq": { "field": "city", "value": "Toledo" } },
    ] });
    assert_eq!(body["filter"], filter);
    assert_eq!(body["exclude_ids"], json!(["w-1"]));
    assert_eq!(body["use_playbook"], true);
    assert_eq!(body["query_role"], "Picker");
    assert_eq!(body["explain"], true);
}
