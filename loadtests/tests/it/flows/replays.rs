//! Recordings and their effect on later searches.

use lakehouse_loadtests::flows::{
    FaultKind, Hit, Recorded, Recording, Rejection, Search, SearchAnswer, Why, check,
};

use super::dataset::corpora;
use super::kind;
use super::searches::answer;

const RECORDING: &str = "pb-0123456789abcdef0123456789abcdef";
const SCORE: f64 = 0.8;

/// The fault of a correct answer after `change`; the recorded hit is the second of the cold search.
fn found(change: impl FnOnce(&mut SearchAnswer)) -> Option<FaultKind> {
    let corpora = corpora();
    let cold = answer(&["w-1", "e-1", "w-2"]);
    let mut search = Search::cold("Welder Detroit PO 1", &corpora, 3);
    search.playbook_role = Some("Welder");
    let mut warm = answer(&["e-1", "w-1", "w-2"]);
    let hit = &mut warm.hits[0];
    hit.base_distance = cold.hits[1].base_distance;
    hit.distance = hit.base_distance * 0.6;
    hit.why = Some(Why {
        shape: "boosted".to_owned(),
        playbook: Some(RECORDING.to_owned()),
        score: Some(SCORE),
        factor: 0.6,
    });
    warm.playbook.used = true;
    warm.playbook.boosted = 1;
    change(&mut warm);
    kind(check::replay(
        &cold.hits[1],
        RECORDING,
        SCORE,
        &search,
        &warm,
    ))
}

fn found_in_hit(change: fn(&mut Hit)) -> Option<FaultKind> {
    found(|answer| change(&mut answer.hits[0]))
}

fn found_in_why(change: fn(&mut Why)) -> Option<FaultKind> {
    found(|answer| change(answer.hits[0].why.as_mut().unwrap()))
}

#[test]
fn correct_boosts_pass() {
    assert_eq!(found(|_| {}), None);
    assert_eq!(found_in_hit(|hit| hit.distance += 4e-5), None);
}

#[test]
fn recordings_without_effect_are_lost() {
    let lost = Some(FaultKind::LostPlaybook);
    assert_eq!(found(|answer| drop(answer.hits.remove(0))), lost);
    assert_eq!(found_in_hit(|hit| hit.corpus = "workers".to_owned()), lost);
    assert_eq!(found_in_hit(|hit| hit.why = None), lost);
    assert_eq!(found_in_why(|why| why.shape = "cold".to_owned()), lost);
    assert_eq!(found_in_why(|why| why.playbook = None), lost);
    assert_eq!(
        found_in_why(|why| why.playbook = Some("pb-other".to_owned())),
        lost
    );
    assert_eq!(found(|answer| answer.playbook.used = false), lost);
    let reject = |answer: &mut SearchAnswer| {
        let reason = "role_mismatch".to_owned();
        answer.playbook.rejected = vec![Rejection {
            playbook: RECORDING.to_owned(),
            reason,
        }];
    };
    assert_eq!(found(reject), lost);
}

#[test]
fn boosts_follow_the_score() {
    let wrong = Some(FaultKind::WrongBoost);
    assert_eq!(found_in_hit(|hit| hit.distance += 6e-5), wrong);
    assert_eq!(found_in_hit(|hit| hit.distance = hit.base_distance), wrong);
    assert_eq!(found_in_hit(|hit| hit.distance = f64::NAN), wrong);
    assert_eq!(found_in_why(|why| why.factor = 0.5), wrong);
    assert_eq!(found_in_why(|why| why.score = Some(0.7)), wrong);
    assert_eq!(found_in_why(|why| why.score = None), wrong);
}

#[test]
fn base_distances_equal_those_of_the_cold_search() {
    let change = |hit: &mut Hit| {
        hit.base_distance -= 1e-3;
        hit.distance = hit.base_distance * 0.6;
    };
    assert_eq!(found_in_hit(change), Some(FaultKind::WrongBaseDistance));
}

#[test]
fn recordings_have_an_id_and_the_requested_role() {
    let recording = Recording {
        text: "Welder Detroit",
        answer_id: "w-9",
        answer_corpus: "workers",
        score: SCORE,
        role: "Welder",
    };
    let found = |id: &str, role: Option<&str>, role_source: &str| {
        let (role, role_source) = (role.map(str::to_owned), role_source.to_owned());
        let recorded = Recorded {
            id: id.to_owned(),
            role,
            role_source,
        };
        kind(check::recorded(&recording, &recorded))
    };
    assert_eq!(found(RECORDING, Some("welder"), "request"), None);
    let wrong = Some(FaultKind::WrongRecording);
    assert_eq!(found("pb-123", Some("welder"), "request"), wrong);
    assert_eq!(found(&RECORDING[3..], Some("welder"), "request"), wrong);
    assert_eq!(found(RECORDING, None, "request"), wrong);
    assert_eq!(found(RECORDING, Some("welder"), "text"), wrong);
}
