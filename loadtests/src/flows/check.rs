//! What makes an answer wrong: functions over answers that were read, without a server.

use std::collections::HashSet;
use std::fmt::{Debug, Display};

use serde::Serialize;

use super::answer::{Embeddings, Hit, Recorded, SearchAnswer, Stage, Verdict};
use super::fault::{Fault, FaultKind};
use super::house::House;
use super::request::{Recording, Search};

/// How far a distance may be off.
const TOLERANCE: f64 = 5e-5;

/// How a refusal for a social security number calls it.
const SSN: &str = "social security number";

/// Every search: as many hits as there can be, each one of those that were asked for, in order.
pub fn search(house: &House, asked: &Search<'_>, answer: &SearchAnswer) -> Result<(), Fault> {
    let wrong = |kind, what: &dyn Display| {
        let asked = json(asked);
        Err(Fault::new(kind, format_args!("{what}; asked for {asked}")))
    };
    for corpus in asked.corpora {
        let status = answer
            .corpora
            .iter()
            .find(|status| status.corpus == *corpus);
        match status {
            Some(status) if status.status == "ok" => {}
            _ => {
                return wrong(
                    FaultKind::FailedCorpus,
                    &format_args!("`{corpus}`: {status:?}"),
                );
            }
        }
    }
    if asked.playbook_role.is_none() {
        let playbook = &answer.playbook;
        let moved = answer
            .hits
            .iter()
            .find(|hit| hit.distance != hit.base_distance);
        if playbook.used || playbook.boosted + playbook.injected > 0 || moved.is_some() {
            let what = format_args!("playbook {playbook:?}, moved {moved:?}");
            return wrong(FaultKind::UnaskedPlaybook, &what);
        }
    }
    let mut seen = HashSet::new();
    for hit in &answer.hits {
        let Some(person) = house.document(&hit.corpus, &hit.id) else {
            return wrong(FaultKind::UnknownHit, &shown(hit));
        };
        if !asked.corpora.contains(&hit.corpus) {
            return wrong(FaultKind::UnknownHit, &shown(hit));
        }
        if !seen.insert((&hit.corpus, &hit.id)) {
            return wrong(FaultKind::RepeatedHit, &shown(hit));
        }
        // A cosine distance lies between 0 and 2, and a boost takes it to 3 at most.
        let can_be = |distance: f64| (-TOLERANCE..=3.0 + TOLERANCE).contains(&distance);
        if !can_be(hit.distance) || !can_be(hit.base_distance) {
            return wrong(FaultKind::WrongDistance, &shown(hit));
        }
        if asked.exclude.contains(&hit.id) {
            return wrong(FaultKind::ExcludedHit, &shown(hit));
        }
        if asked
            .filter
            .as_ref()
            .is_some_and(|place| !person.is_of(place))
        {
            return wrong(FaultKind::UnfilteredHit, &shown(hit));
        }
    }
    for pair in answer.hits.windows(2) {
        if pair[0].distance > pair[1].distance {
            let what = format!("{} before {}", shown(&pair[0]), shown(&pair[1]));
            return wrong(FaultKind::OutOfOrder, &what);
        }
    }
    let expected = expected_hits(house, asked);
    let came = answer.hits.len();
    let what = format_args!("{came} hits, {expected} are right");
    if came < expected {
        return wrong(FaultKind::TooFewHits, &what);
    }
    if came > expected {
        return wrong(FaultKind::TooManyHits, &what);
    }
    Ok(())
}

/// How many hits there have to be: `k`, or fewer where the house has fewer.
fn expected_hits(house: &House, asked: &Search<'_>) -> usize {
    let there = house.count(asked.corpora, asked.filter.as_ref());
    let is_left_out = |id: &String| {
        let mut places = asked
            .corpora
            .iter()
            .filter_map(|corpus| house.document(corpus, id));
        places.any(|person| {
            asked
                .filter
                .as_ref()
                .is_none_or(|place| person.is_of(place))
        })
    };
    let left_out: HashSet<&String> = asked.exclude.iter().filter(|id| is_left_out(id)).collect();
    asked.k.min(there - left_out.len())
}

/// A draft that is as it should be.
pub fn passes(draft: &impl Serialize, verdict: &Verdict) -> Result<(), Fault> {
    match verdict {
        Verdict::Passed => Ok(()),
        Verdict::Refused { .. } => Err(told(FaultKind::RefusedDraft, draft, verdict)),
    }
}

/// A text with a phone number and nothing that must not leave the house.
pub fn phone_passes(draft: &impl Serialize, verdict: &Verdict) -> Result<(), Fault> {
    match verdict {
        Verdict::Refused { reason, .. } if reason.contains(SSN) => {
            Err(told(FaultKind::PhoneAsSsn, draft, verdict))
        }
        _ => passes(draft, verdict),
    }
}

/// A text with this social security number.
pub fn ssn_is_refused(
    draft: &impl Serialize,
    number: &str,
    verdict: &Verdict,
) -> Result<(), Fault> {
    match verdict {
        Verdict::Passed => Err(told(FaultKind::SsnPassed, draft, verdict)),
        Verdict::Refused { reason, .. } if reason.contains(number) => {
            Err(told(FaultKind::SsnPrinted, draft, verdict))
        }
        Verdict::Refused {
            stage: Stage::Policy,
            reason,
        } if reason.contains(SSN) => Ok(()),
        Verdict::Refused { .. } => Err(told(FaultKind::WrongRefusal, draft, verdict)),
    }
}

/// A fill that names somebody who is not of the house.
pub fn unknown_worker_is_refused(
    draft: &impl Serialize,
    worker: &str,
    verdict: &Verdict,
) -> Result<(), Fault> {
    match verdict {
        Verdict::Passed => Err(told(FaultKind::UnknownWorkerPassed, draft, verdict)),
        Verdict::Refused {
            stage: Stage::Consistency,
            reason,
        } if reason.contains(worker) => Ok(()),
        Verdict::Refused { .. } => Err(told(FaultKind::WrongRefusal, draft, verdict)),
    }
}

/// The answer to a recording that named its role.
pub fn recorded(asked: &Recording<'_>, answer: &Recorded) -> Result<(), Fault> {
    let is_an_id = answer.id.strip_prefix("pb-").is_some_and(|digits| {
        let mut characters = digits.bytes();
        digits.len() == 32 && characters.all(|byte| byte.is_ascii_hexdigit())
    });
    let has_its_role = answer.role_source == "request" && answer.role.is_some();
    if is_an_id && has_its_role {
        return Ok(());
    }
    Err(told(FaultKind::WrongRecording, asked, answer))
}

/// A search that uses what was remembered, right after `cold` was recorded with the score.
pub fn replay(
    cold: &Hit,
    recording: &str,
    score: f64,
    asked: &Search<'_>,
    answer: &SearchAnswer,
) -> Result<(), Fault> {
    let wrong = |kind, what: String| {
        let before = shown(cold);
        let what = format!("{what}; cold {before}, recorded with {score} as `{recording}`");
        Err(told(kind, asked, what))
    };
    let rejected = answer
        .playbook
        .rejected
        .iter()
        .find(|it| it.playbook == recording);
    if let Some(rejection) = rejected {
        return wrong(
            FaultKind::LostPlaybook,
            format!("rejected: {}", rejection.reason),
        );
    }
    let is_cold = |hit: &&Hit| hit.id == cold.id && hit.corpus == cold.corpus;
    let Some(hit) = answer.hits.iter().find(is_cold) else {
        return wrong(FaultKind::LostPlaybook, "not among the hits".to_owned());
    };
    let why = hit
        .why
        .as_ref()
        .filter(|why| why.playbook.as_deref() == Some(recording));
    let Some(why) = why.filter(|why| why.shape == "boosted" && answer.playbook.used) else {
        return wrong(
            FaultKind::LostPlaybook,
            format!("{}, {:?}", shown(hit), hit.why),
        );
    };
    if !near(hit.base_distance, cold.base_distance) {
        return wrong(FaultKind::WrongBaseDistance, shown(hit));
    }
    let factor = 1.0 - 0.5 * score;
    let is_its_score = why.score.is_some_and(|counted| near(counted, score));
    if !is_its_score || !near(why.factor, factor) || !near(hit.distance, hit.base_distance * factor)
    {
        return wrong(FaultKind::WrongBoost, format!("{}, {why:?}", shown(hit)));
    }
    Ok(())
}

/// An answer that must be the first one's bytes.
pub fn same_bytes(asked: impl Display, first: &[u8], again: &[u8]) -> Result<(), Fault> {
    if first == again {
        return Ok(());
    }
    let differs = first.iter().zip(again).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let part = &bytes[differs.saturating_sub(20)..bytes.len().min(differs + 60)];
        String::from_utf8_lossy(part).into_owned()
    };
    let (first, again) = (around(first), around(again));
    let what = format_args!("byte {differs}: first `{first}`, then `{again}`; asked for {asked}");
    Err(Fault::new(FaultKind::ChangedAnswer, what))
}

/// One unit vector for each text.
pub fn vectors(asked: impl Display, texts: usize, answer: &Embeddings) -> Result<(), Fault> {
    let is_unit = |vector: &Vec<f64>| {
        let norm = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
        vector.len() == answer.dimension && (norm - 1.0).abs() < 1e-3
    };
    if answer.vectors.len() == texts && answer.vectors.iter().all(is_unit) {
        return Ok(());
    }
    let lengths: Vec<usize> = answer.vectors.iter().map(Vec::len).collect();
    let dimension = answer.dimension;
    let what = format_args!(
        "vectors of {lengths:?} numbers, not all of them unit vectors of {dimension}; asked for {asked}"
    );
    Err(Fault::new(FaultKind::WrongVector, what))
}

/// False as well where either is not a number.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE
}

fn told(kind: FaultKind, asked: &impl Serialize, came: impl Debug) -> Fault {
    let asked = json(asked);
    Fault::new(kind, format_args!("{came:?}; asked for {asked}"))
}

fn json(asked: &impl Serialize) -> String {
    serde_json::to_string(asked).unwrap_or_default()
}

fn shown(hit: &Hit) -> String {
    let Hit {
        id,
        corpus,
        distance,
        base_distance,
        ..
    } = hit;
    format!("`{id}` of `{corpus}` at {distance} from {base_distance}")
}
