//! The ways in which the proxy can corrupt answers, each detected by one kind of check.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A way to corrupt answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Lie {
    /// The last hit has an excluded id
    ExcludedHit,
    /// A boosted distance is not `base_distance` times its factor
    WrongBoost,
    /// Recordings have no effect
    LostPlaybook,
    /// The last hit of every third search is farther away by a millionth
    ChangedAnswer,
    /// A fill with an unknown worker passes
    UnknownWorkerPassed,
    /// An sms with a phone number is rejected for a social security number
    PhoneAsSsn,
    /// The last hit is missing
    TooFewHits,
    /// Every answer takes 1.5 times as long
    Slow,
}

/// A request and its answer, which can be changed.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// Path of the request, without the query.
    pub path: &'a str,
    /// Body of the request.
    pub request: &'a Value,
    /// Status of the answer.
    pub status: &'a mut StatusCode,
    /// Body of the answer.
    pub answer: &'a mut Value,
}

/// Applies one lie to all answers that it concerns.
#[derive(Debug)]
pub struct Liar {
    lie: Lie,
    searches: AtomicU64,
}

impl Liar {
    /// Creates a liar for one lie.
    pub fn new(lie: Lie) -> Self {
        Self {
            lie,
            searches: AtomicU64::new(0),
        }
    }

    /// Changes the answer if the lie concerns it, and returns whether it did.
    pub fn corrupt(&self, exchange: Exchange<'_>) -> bool {
        match self.lie {
            Lie::ExcludedHit => excluded_hit(exchange),
            Lie::WrongBoost => wrong_boost(exchange),
            Lie::LostPlaybook => lost_playbook(exchange),
            Lie::ChangedAnswer => self.changed_answer(exchange),
            Lie::UnknownWorkerPassed => unknown_worker_passed(exchange),
            Lie::PhoneAsSsn => phone_as_ssn(exchange),
            Lie::TooFewHits => too_few_hits(exchange),
            Lie::Slow => None,
        }
        .is_some()
    }

    /// Additional time for an answer that took `elapsed`.
    pub fn delay(&self, elapsed: Duration) -> Duration {
        match self.lie {
            Lie::Slow => elapsed / 2,
            _ => Duration::ZERO,
        }
    }

    fn changed_answer(&self, exchange: Exchange<'_>) -> Option<()> {
        let last = hits(exchange)?.last_mut()?;
        let searches = self.searches.fetch_add(1, Ordering::Relaxed) + 1;
        if !searches.is_multiple_of(3) {
            return None;
        }
        for name in ["distance", "base_distance"] {
            let distance = last[name].as_f64()?;
            last[name] = json!(distance + 1e-6);
        }
        Some(())
    }
}

fn excluded_hit(exchange: Exchange<'_>) -> Option<()> {
    let excluded = exchange.request["exclude_ids"].get(0)?.clone();
    hits(exchange)?.last_mut()?["id"] = excluded;
    Some(())
}

/// Halves the distance to the previous hit, which keeps the order correct.
fn wrong_boost(exchange: Exchange<'_>) -> Option<()> {
    let mut before = 0.0;
    let mut changed = None;
    for hit in hits(exchange)? {
        let distance = hit["distance"].as_f64()?;
        if hit["distance"] != hit["base_distance"] && distance > before {
            hit["distance"] = json!(f64::midpoint(before, distance));
            changed = Some(());
        }
        before = distance;
    }
    changed
}

fn lost_playbook(exchange: Exchange<'_>) -> Option<()> {
    let playbook = exchange.answer.get_mut("playbook")?;
    if playbook["boosted"].as_u64()? + playbook["injected"].as_u64()? == 0 {
        return None;
    }
    playbook["boosted"] = json!(0);
    playbook["injected"] = json!(0);
    let hits = hits(exchange)?;
    for hit in hits.iter_mut() {
        hit["distance"] = hit["base_distance"].clone();
        if let Some(why) = hit.get_mut("why") {
            *why = json!({ "shape": "cold", "playbook": null, "score": null, "factor": 1 });
        }
    }
    hits.sort_by(|a, b| {
        let distance = |hit: &Value| hit["distance"].as_f64().unwrap_or(f64::INFINITY);
        let name = |hit: &Value| [hit["id"].to_string(), hit["corpus"].to_string()];
        distance(a)
            .total_cmp(&distance(b))
            .then_with(|| name(a).cmp(&name(b)))
    });
    Some(())
}

fn unknown_worker_passed(exchange: Exchange<'_>) -> Option<()> {
    let unknown = exchange.answer["Consistency"]["reason"]
        .as_str()?
        .ends_with("is not in the roster");
    if !unknown || validated(&exchange)? != "fill" {
        return None;
    }
    *exchange.status = StatusCode::OK;
    *exchange.answer = json!({ "kind": "fill", "findings": [], "elapsed_ms": 0.041 });
    Some(())
}

fn phone_as_ssn(exchange: Exchange<'_>) -> Option<()> {
    let body = exchange.request["artifact"]["body"].as_str()?;
    // A phone number has at least ten digits, with any separators.
    let has_phone = body
        .split(|c: char| !(c.is_ascii_digit() || " -.()+".contains(c)))
        .any(|run| run.chars().filter(char::is_ascii_digit).count() >= 10);
    if !has_phone || *exchange.status != StatusCode::OK || validated(&exchange)? != "sms" {
        return None;
    }
    *exchange.status = StatusCode::UNPROCESSABLE_ENTITY;
    *exchange.answer = json!({
        "Policy": { "reason": "body has what looks like a social security number" }
    });
    Some(())
}

fn too_few_hits(exchange: Exchange<'_>) -> Option<()> {
    hits(exchange)?.pop().map(drop)
}

/// The hits of a successful search.
fn hits(exchange: Exchange<'_>) -> Option<&mut Vec<Value>> {
    let search = matches!(exchange.path, "/v1/matrix/search" | "/v1/matrix/retrieve");
    if !search || !exchange.status.is_success() {
        return None;
    }
    exchange.answer.get_mut("hits")?.as_array_mut()
}

/// The kind of a validated artifact.
fn validated<'a>(exchange: &Exchange<'a>) -> Option<&'a str> {
    let kind = exchange.request["kind"].as_str()?;
    (exchange.path == "/v1/validate").then_some(kind)
}
