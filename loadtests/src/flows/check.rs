//! The rules that answers must follow, as functions over parsed answers.

use std::collections::HashSet;
use std::fmt::{Debug, Display};

use serde::Serialize;

use super::answer::{Embeddings, Hit, Recorded, SearchAnswer, Stage, Verdict};
use super::dataset::Dataset;
use super::fault::{Fault, FaultKind};
use super::request::{Recording, Search};

/// Permitted error of a distance.
const TOLERANCE: f64 = 5e-5;

/// The words for a social security number in a rejection.
const SSN: &str = "social security number";

/// Checks any search: the right number of hits, each permitted by the request, in order.
pub fn search(dataset: &Dataset, request: &Search<'_>, answer: &SearchAnswer) -> Result<(), Fault> {
    let wrong = |kind, detail: &dyn Display| Err(fault(kind, request, detail));
    for corpus in request.corpora {
        let mut statuses = answer.corpora.iter();
        let status = statuses.find(|status| status.corpus == *corpus);
        if status.is_none_or(|status| status.status != "ok") {
            let detail = format_args!("corpus `{corpus}`: {status:?}");
            return wrong(FaultKind::FailedCorpus, &detail);
        }
    }
    if request.playbook_role.is_none() {
        let playbook = &answer.playbook;
        let mut hits = answer.hits.iter();
        let moved = hits.find(|hit| hit.distance != hit.base_distance);
        if playbook.used || playbook.boosted + playbook.injected > 0 || moved.is_some() {
            let detail = format_args!("playbook {playbook:?}, moved hit {moved:?}");
            return wrong(FaultKind::UnaskedPlaybook, &detail);
        }
    }
    let mut seen = HashSet::new();
    for hit in &answer.hits {
        let Some(person) = dataset.document(&hit.corpus, &hit.id) else {
            return wrong(FaultKind::UnknownHit, &describe(hit));
        };
        if !request.corpora.contains(&hit.corpus) {
            return wrong(FaultKind::UnknownHit, &describe(hit));
        }
        if !seen.insert((&hit.corpus, &hit.id)) {
            return wrong(FaultKind::RepeatedHit, &describe(hit));
        }
        // A cosine distance lies between 0 and 2; a boost by a score of -1 raises it to at most 3.
        let is_possible = |distance: f64| (-TOLERANCE..=3.0 + TOLERANCE).contains(&distance);
        if !is_possible(hit.distance) || !is_possible(hit.base_distance) {
            return wrong(FaultKind::WrongDistance, &describe(hit));
        }
        if request.exclude.contains(&hit.id) {
            return wrong(FaultKind::ExcludedHit, &describe(hit));
        }
        let filter = request.filter.as_ref();
        if filter.is_some_and(|place| !person.is_of(place)) {
            return wrong(FaultKind::UnfilteredHit, &describe(hit));
        }
    }
    for pair in answer.hits.windows(2) {
        if pair[0].distance > pair[1].distance {
            let detail = format!("{} before {}", describe(&pair[0]), describe(&pair[1]));
            return wrong(FaultKind::OutOfOrder, &detail);
        }
    }
    let expected = expected_hits(dataset, request);
    let actual = answer.hits.len();
    let detail = format_args!("{actual} hits, expected {expected}");
    if actual < expected {
        return wrong(FaultKind::TooFewHits, &detail);
    }
    if actual > expected {
        return wrong(FaultKind::TooManyHits, &detail);
    }
    Ok(())
}

/// The number of hits that a search must return: `k`, or the number of matching documents.
fn expected_hits(dataset: &Dataset, request: &Search<'_>) -> usize {
    let filter = request.filter.as_ref();
    let matching = dataset.count(request.corpora, filter);
    let matches = |id: &String| {
        let corpora = request.corpora.iter();
        let mut people = corpora.filter_map(|corpus| dataset.document(corpus, id));
        people.any(|person| filter.is_none_or(|place| person.is_of(place)))
    };
    let excluded: HashSet<&String> = request.exclude.iter().filter(|id| matches(id)).collect();
    request.k.min(matching - excluded.len())
}

/// Checks the verdict on a valid draft.
pub fn passes(draft: &impl Serialize, verdict: &Verdict) -> Result<(), Fault> {
    match verdict {
        Verdict::Passed => Ok(()),
        Verdict::Rejected { .. } => Err(unexpected(FaultKind::RefusedDraft, draft, verdict)),
    }
}

/// Checks the verdict on a valid text that has a phone number.
pub fn phone_passes(draft: &impl Serialize, verdict: &Verdict) -> Result<(), Fault> {
    match verdict {
        Verdict::Rejected { reason, .. } if reason.contains(SSN) => {
            Err(unexpected(FaultKind::PhoneAsSsn, draft, verdict))
        }
        _ => passes(draft, verdict),
    }
}

/// Checks the verdict on a text that has this social security number.
pub fn ssn_is_rejected(
    draft: &impl Serialize,
    number: &str,
    verdict: &Verdict,
) -> Result<(), Fault> {
    match verdict {
        Verdict::Passed => Err(unexpected(FaultKind::SsnPassed, draft, verdict)),
        Verdict::Rejected { reason, .. } if reason.contains(number) => {
            Err(unexpected(FaultKind::SsnPrinted, draft, verdict))
        }
        Verdict::Rejected {
            stage: Stage::Policy,
            reason,
        } if reason.contains(SSN) => Ok(()),
        Verdict::Rejected { .. } => Err(unexpected(FaultKind::WrongRefusal, draft, verdict)),
    }
}

/// Checks the verdict on a fill that names a worker who is not in the roster.
pub fn unknown_worker_is_rejected(
    draft: &impl Serialize,
    worker: &str,
    verdict: &Verdict,
) -> Result<(), Fault> {
    match verdict {
        Verdict::Passed => Err(unexpected(FaultKind::UnknownWorkerPassed, draft, verdict)),
        Verdict::Rejected {
            stage: Stage::Consistency,
            reason,
        } if reason.contains(worker) => Ok(()),
        Verdict::Rejected { .. } => Err(unexpected(FaultKind::WrongRefusal, draft, verdict)),
    }
}

/// Checks the answer to a recording whose request named the role.
pub fn recorded(request: &Recording<'_>, answer: &Recorded) -> Result<(), Fault> {
    let is_an_id = answer.id.strip_prefix("pb-").is_some_and(|digits| {
        let mut characters = digits.bytes();
        digits.len() == 32 && characters.all(|byte| byte.is_ascii_hexdigit())
    });
    let has_its_role = answer.role_source == "request" && answer.role.is_some();
    if is_an_id && has_its_role {
        return Ok(());
    }
    Err(unexpected(FaultKind::WrongRecording, request, answer))
}

/// Checks a search with the playbook that repeats a query for which `cold` was just recorded.
pub fn replay(
    cold: &Hit,
    recording: &str,
    score: f64,
    request: &Search<'_>,
    answer: &SearchAnswer,
) -> Result<(), Fault> {
    let wrong = |kind, detail: String| {
        let before = describe(cold);
        let detail =
            format!("{detail}; cold hit {before}, recorded as `{recording}` with score {score}");
        Err(fault(kind, request, &detail))
    };
    let mut rejected = answer.playbook.rejected.iter();
    if let Some(rejection) = rejected.find(|one| one.playbook == recording) {
        let detail = format!("rejected: {}", rejection.reason);
        return wrong(FaultKind::LostPlaybook, detail);
    }
    let is_recorded = |hit: &&Hit| hit.id == cold.id && hit.corpus == cold.corpus;
    let Some(hit) = answer.hits.iter().find(is_recorded) else {
        return wrong(FaultKind::LostPlaybook, "not among the hits".to_owned());
    };
    let why = hit.why.as_ref();
    let why = why.filter(|why| why.playbook.as_deref() == Some(recording));
    let Some(why) = why.filter(|why| why.shape == "boosted" && answer.playbook.used) else {
        let detail = format!("{}, {:?}", describe(hit), hit.why);
        return wrong(FaultKind::LostPlaybook, detail);
    };
    if !is_near(hit.base_distance, cold.base_distance) {
        return wrong(FaultKind::WrongBaseDistance, describe(hit));
    }
    let factor = 1.0 - 0.5 * score;
    let has_score = why.score.is_some_and(|counted| is_near(counted, score));
    let is_boosted = is_near(hit.distance, hit.base_distance * factor);
    if !has_score || !is_near(why.factor, factor) || !is_boosted {
        let detail = format!("{}, {why:?}", describe(hit));
        return wrong(FaultKind::WrongBoost, detail);
    }
    Ok(())
}

/// Checks that a repeated request returns the bytes of its first answer.
pub fn same_bytes(request: impl Display, first: &[u8], again: &[u8]) -> Result<(), Fault> {
    if first == again {
        return Ok(());
    }
    let equal = first.iter().zip(again).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let part = &bytes[equal.saturating_sub(20)..bytes.len().min(equal + 60)];
        String::from_utf8_lossy(part).into_owned()
    };
    let (first, again) = (around(first), around(again));
    let detail = format_args!(
        "differs from byte {equal}: first `{first}`, now `{again}`; request: {request}"
    );
    Err(Fault::new(FaultKind::ChangedAnswer, detail))
}

/// Checks that an answer has one unit vector for each text.
pub fn vectors(request: impl Display, texts: usize, answer: &Embeddings) -> Result<(), Fault> {
    let is_unit = |vector: &Vec<f64>| {
        let norm = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
        vector.len() == answer.dimension && (norm - 1.0).abs() < 1e-3
    };
    if answer.vectors.len() == texts && answer.vectors.iter().all(is_unit) {
        return Ok(());
    }
    let lengths: Vec<usize> = answer.vectors.iter().map(Vec::len).collect();
    let dimension = answer.dimension;
    let detail = format_args!(
        "vectors of lengths {lengths:?}, expected {texts} unit vectors of dimension {dimension}; \
         request: {request}"
    );
    Err(Fault::new(FaultKind::WrongVector, detail))
}

/// False if either number is NaN.
fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE
}

fn unexpected(kind: FaultKind, request: &impl Serialize, answer: impl Debug) -> Fault {
    fault(kind, request, &format_args!("{answer:?}"))
}

fn fault(kind: FaultKind, request: &impl Serialize, detail: &dyn Display) -> Fault {
    let request = serde_json::to_string(request).unwrap_or_default();
    Fault::new(kind, format_args!("{detail}; request: {request}"))
}

fn describe(hit: &Hit) -> String {
    let Hit {
        id,
        corpus,
        distance,
        base_distance,
        ..
    } = hit;
    format!("`{id}` of `{corpus}` at {distance} (base {base_distance})")
}
