//! What a proxy can make wrong of an answer: one kind of wrongness each, all else left as it was.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A kind of wrongness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Lie {
    /// The last hit has an id that was excluded
    ExcludedHit,
    /// A distance that a playbook moved is not `base_distance` times its factor
    WrongBoost,
    /// What was recorded moves nothing
    LostPlaybook,
    /// Every third search has a last hit that is a millionth further away
    ChangedAnswer,
    /// A fill with somebody who is not in the roster passes
    UnknownWorkerPassed,
    /// An sms with a phone number is refused for a social security number
    PhoneAsSsn,
    /// The last hit is missing
    TooFewHits,
    /// Every answer takes half as long again
    Slow,
}

/// An answer, and what it answers.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The request's path, without the query.
    pub path: &'a str,
    /// The request's body.
    pub request: &'a Value,
    /// The answer's status.
    pub status: &'a mut StatusCode,
    /// The answer's body.
    pub answer: &'a mut Value,
}

/// Tells one lie for as long as it lives.
#[derive(Debug)]
pub struct Liar {
    lie: Lie,
    searches: AtomicU64,
}

impl Liar {
    /// Whoever tells this lie.
    pub fn new(lie: Lie) -> Self {
        Self {
            lie,
            searches: AtomicU64::new(0),
        }
    }

    /// Changes the answer where the lie applies to it, and says whether it did.
    pub fn tell(&self, exchange: Exchange<'_>) -> bool {
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

    /// How much longer an answer that took so long is to take.
    pub fn delay(&self, took: Duration) -> Duration {
        match self.lie {
            Lie::Slow => took / 2,
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

/// Halves the way to the hit before, so that the order stays right.
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
    // Ten digits or more, whatever stands between them.
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

/// The hits of a search that was answered.
fn hits(exchange: Exchange<'_>) -> Option<&mut Vec<Value>> {
    let search = matches!(exchange.path, "/v1/matrix/search" | "/v1/matrix/retrieve");
    if !search || !exchange.status.is_success() {
        return None;
    }
    exchange.answer.get_mut("hits")?.as_array_mut()
}

/// The kind of the artifact that was validated.
fn validated<'a>(exchange: &Exchange<'a>) -> Option<&'a str> {
    let kind = exchange.request["kind"].as_str()?;
    (exchange.path == "/v1/validate").then_some(kind)
}
