use std::time::Duration;

use axum::http::StatusCode;
use clap::ValueEnum;
use lakehouse_loadtests::stand_in::lies::{Exchange, Liar, Lie};
use serde_json::{Value, json};

const SEARCH: &str = "/v1/matrix/search";
const VALIDATE: &str = "/v1/validate";

/// A request and its answer.
struct Sample {
    path: &'static str,
    request: Value,
    status: StatusCode,
    answer: Value,
}

/// A warm search: the first hit is boosted.
fn search() -> Sample {
    let hit = |id: &str, distance: f64, base: f64| {
        json!({
            "id": id, "corpus": "workers", "distance": distance, "base_distance": base,
            "metadata": { "role": "Picker" },
        })
    };
    Sample {
        path: SEARCH,
        request: json!({
            "query_text": "pickers", "corpora": ["workers"], "k": 3, "use_playbook": true,
            "exclude_ids": ["w-7", "w-8"],
        }),
        status: StatusCode::OK,
        answer: json!({
            "hits": [hit("w-1", 0.25, 0.5), hit("w-2", 0.375, 0.375), hit("w-3", 0.75, 0.75)],
            "playbook": {
                "used": true, "role": "picker", "role_source": "text",
                "boosted": 1, "injected": 0, "rejected": [],
            },
            "corpora": [{ "corpus": "workers", "status": "ok", "hits": 3 }],
        }),
    }
}

fn cold_search() -> Sample {
    let mut sample = search();
    sample.request = json!({ "query_text": "pickers", "corpora": ["workers"], "k": 3 });
    sample.answer["playbook"]["boosted"] = json!(0);
    sample.answer["hits"][0]["distance"] = json!(0.5);
    sample.answer["hits"][0]["base_distance"] = json!(0.5);
    sample.answer["hits"]
        .as_array_mut()
        .expect("hits")
        .swap(0, 1);
    sample
}

fn failed_search() -> Sample {
    Sample {
        status: StatusCode::NOT_FOUND,
        answer: json!({ "status": 404, "detail": "unknown corpus `workers`", "hits": [{}] }),
        ..search()
    }
}

fn unknown_worker(kind: &str) -> Sample {
    Sample {
        path: VALIDATE,
        request: json!({ "kind": kind, "artifact": { "fills": [{ "worker_id": "w-9" }] } }),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        answer: json!({ "Consistency": { "reason": "worker `w-9` is not in the roster" } }),
    }
}

fn sms(body: &str) -> Sample {
    Sample {
        path: VALIDATE,
        request: json!({ "kind": "sms", "artifact": { "to": "216-555-0191", "body": body } }),
        status: StatusCode::OK,
        answer: json!({
            "kind": "sms", "elapsed_ms": 0.02,
            "findings": [{ "field": "body", "severity": "info", "message": "9 of 160 GSM-7 septets" }],
        }),
    }
}

/// Asserts that a lie changes a sample as `change` does.
#[track_caller]
fn check(lie: Lie, sample: Sample, change: impl FnOnce(&mut StatusCode, &mut Value)) {
    let (mut status, mut answer) = (sample.status, sample.answer.clone());
    change(&mut status, &mut answer);
    let corrupted = corrupt(&Liar::new(lie), &sample);
    assert_eq!(corrupted, Some((status, answer)), "{lie:?}");
}

/// The changed sample, if the lie concerns it.
fn corrupt(liar: &Liar, sample: &Sample) -> Option<(StatusCode, Value)> {
    let (mut status, mut answer) = (sample.status, sample.answer.clone());
    let is_changed = liar.corrupt(Exchange {
        path: sample.path,
        request: &sample.request,
        status: &mut status,
        answer: &mut answer,
    });
    if !is_changed {
        assert_eq!(status, sample.status, "the status of an unchanged answer");
        return None;
    }
    assert_ne!(
        (status, &answer),
        (sample.status, &sample.answer),
        "a lie without effect"
    );
    Some((status, answer))
}

#[test]
fn excluded_hit() {
    check(Lie::ExcludedHit, search(), |_, answer| {
        answer["hits"][2]["id"] = json!("w-7");
    });
}

#[test]
fn wrong_boost() {
    check(Lie::WrongBoost, search(), |_, answer| {
        answer["hits"][0]["distance"] = json!(0.125);
    });
}

#[test]
fn lost_playbook() {
    check(Lie::LostPlaybook, search(), |_, answer| {
        answer["playbook"]["boosted"] = json!(0);
        answer["hits"][0]["distance"] = json!(0.5);
        answer["hits"].as_array_mut().expect("hits").swap(0, 1);
    });
}

#[test]
fn changed_answer() {
    let liar = Liar::new(Lie::ChangedAnswer);
    let mut changed = search().answer;
    changed["hits"][2]["distance"] = json!(0.75 + 1e-6);
    changed["hits"][2]["base_distance"] = json!(0.75 + 1e-6);
    for search_number in 1..=6 {
        let corrupted = corrupt(&liar, &search());
        let expected = (search_number % 3 == 0).then(|| (StatusCode::OK, changed.clone()));
        assert_eq!(corrupted, expected, "search {search_number}");
        assert_eq!(corrupt(&liar, &sms("hello")), None);
    }
}

#[test]
fn unknown_worker_passed() {
    check(
        Lie::UnknownWorkerPassed,
        unknown_worker("fill"),
        |status, answer| {
            *status = StatusCode::OK;
            *answer = json!({ "kind": "fill", "findings": [], "elapsed_ms": 0.041 });
        },
    );
}

#[test]
fn phone_as_ssn() {
    check(
        Lie::PhoneAsSsn,
        sms("Call (216) 555-0191."),
        |status, answer| {
            *status = StatusCode::UNPROCESSABLE_ENTITY;
            *answer = json!({
                "Policy": { "reason": "body has what looks like a social security number" }
            });
        },
    );
}

#[test]
fn too_few_hits() {
    check(Lie::TooFewHits, search(), |_, answer| {
        answer["hits"].as_array_mut().expect("hits").pop();
    });
}

#[test]
fn lies_change_only_the_answers_that_they_concern() {
    let samples = || {
        [
            (
                "a warm search",
                search(),
                &[
                    Lie::ExcludedHit,
                    Lie::WrongBoost,
                    Lie::LostPlaybook,
                    Lie::TooFewHits,
                ][..],
            ),
            ("a cold search", cold_search(), &[Lie::TooFewHits]),
            ("a failed search", failed_search(), &[]),
            (
                "a fill",
                unknown_worker("fill"),
                &[Lie::UnknownWorkerPassed],
            ),
            ("an unknown worker's email", unknown_worker("email"), &[]),
            (
                "an sms with a number",
                sms("216-555-0191"),
                &[Lie::PhoneAsSsn],
            ),
            ("an sms without", sms("12 boxes, 555-0191"), &[]),
            (
                "a list",
                Sample {
                    answer: json!([1]),
                    ..search()
                },
                &[],
            ),
        ]
    };
    for &lie in Lie::value_variants() {
        for (what, sample, applying) in samples() {
            let is_changed = corrupt(&Liar::new(lie), &sample).is_some();
            assert_eq!(is_changed, applying.contains(&lie), "{lie:?} of {what}");
        }
    }
}

#[test]
fn slow_delays_answers_by_half_their_time() {
    for &lie in Lie::value_variants() {
        let delay = Liar::new(lie).delay(Duration::from_millis(10));
        let expected = if lie == Lie::Slow { 5 } else { 0 };
        assert_eq!(delay, Duration::from_millis(expected), "{lie:?}");
    }
}
