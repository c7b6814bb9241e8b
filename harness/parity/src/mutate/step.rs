//! Damage to a step as a whole: status, exit code, requests to the model server.

use crate::comparators::damage::{Change, Damage};
use crate::difference::DifferenceKind as Kind;
use crate::observation::{Failure, Step, UpstreamRequest};

pub(super) const STEP_DROPPED: Damage = Damage::new("step dropped", &[Kind::Failure]);
pub(super) const REQUESTS_SWAPPED: Damage = Damage::new(
    "upstream requests swapped",
    &[
        Kind::Value,
        Kind::Type,
        Kind::Missing,
        Kind::Extra,
        Kind::Length,
        Kind::KeyOrder,
        Kind::DuplicateKey,
        Kind::NumberLexeme,
        Kind::Escape,
    ],
);
pub(super) const STATUS_CHANGED: Damage = Damage::new("status changed", &[Kind::Status]);
pub(super) const EXIT_CHANGED: Damage = Damage::new("exit code changed", &[Kind::Exit]);
pub(super) const ANSWER_FAILED: Damage = Damage::new("answer lost", &[Kind::Failure]);
pub(super) const BODY_CUT: Damage = Damage::new("body cut", &[Kind::Bytes]);
pub(super) const BODY_EMPTIED: Damage = Damage::new("body emptied", &[Kind::Missing, Kind::Bytes]);
pub(super) const SCRIPT_MISCOUNTED: Damage =
    Damage::new("upstream script miscounted", &[Kind::Value]);
const REQUEST_ADDED: Damage = Damage::new("upstream request added", &[Kind::Length]);
const REQUEST_DROPPED: Damage = Damage::new("upstream request dropped", &[Kind::Length]);
const REQUEST_DOUBLED: Damage = Damage::new("upstream request doubled", &[Kind::Length]);
const REQUEST_PATH: Damage = Damage::new("upstream path changed", &[Kind::Value]);
const REQUEST_METHOD: Damage = Damage::new("upstream method changed", &[Kind::Value]);

/// Damage to a step.
#[derive(Debug, Clone)]
pub(super) struct StepSite {
    pub(super) damage: Damage,
    /// Index of the request that is damaged.
    pub(super) request: usize,
}

fn at_request(damage: Damage, request: usize) -> StepSite {
    StepSite { damage, request }
}

fn whole(damage: Damage) -> StepSite {
    at_request(damage, 0)
}

/// All damage to a step. `is_json` says whether its body is compared as JSON.
pub(super) fn sites(step: &Step, is_json: bool) -> Vec<StepSite> {
    let mut sites = vec![whole(ANSWER_FAILED)];
    if step.status.is_some() {
        sites.push(whole(STATUS_CHANGED));
    }
    if step.exit.is_some() {
        sites.push(whole(EXIT_CHANGED));
    }
    if step.script.is_some() {
        sites.push(whole(SCRIPT_MISCOUNTED));
    }
    let last = step.body.trim_ascii_end().last();
    if is_json && matches!(last, Some(b'}' | b']' | b'"')) {
        sites.push(whole(BODY_CUT));
    }
    if !step.body.trim_ascii().is_empty() {
        sites.push(whole(BODY_EMPTIED));
    }
    if let Some(requests) = &step.upstream {
        sites.push(whole(REQUEST_ADDED));
        for number in 0..requests.len() {
            for damage in [
                REQUEST_DROPPED,
                REQUEST_DOUBLED,
                REQUEST_PATH,
                REQUEST_METHOD,
            ] {
                sites.push(at_request(damage, number));
            }
            if number + 1 < requests.len() {
                sites.push(at_request(REQUESTS_SWAPPED, number));
            }
        }
    }
    sites
}

/// Damages a step. Returns the part that changes as well.
pub(super) fn damage(site: &StepSite, step: &mut Step) -> Option<(String, Change)> {
    let part = |part: &str, summary: String| {
        Some((part.to_owned(), Change::new(vec![part.to_owned()], summary)))
    };
    match site.damage {
        STATUS_CHANGED => {
            let status = step.status.as_mut()?;
            let old = *status;
            *status = old.checked_add(1)?;
            part("status", format!("{old} -> {status}"))
        }
        EXIT_CHANGED => {
            let exit = step.exit.as_mut()?;
            let old = *exit;
            *exit = old.checked_add(1)?;
            part("exit", format!("{old} -> {exit}"))
        }
        SCRIPT_MISCOUNTED => {
            step.script.as_mut()?.unused += 1;
            let expected = vec!["script:$.unused".to_owned()];
            let change = Change::new(expected, "one scripted answer unused");
            Some(("script".to_owned(), change))
        }
        ANSWER_FAILED => {
            step.failure = Some(Failure::NoAnswer {
                what: "the answer was removed".to_owned(),
            });
            part("failure", "an answer -> none".to_owned())
        }
        BODY_CUT => {
            let end = step.body.trim_ascii_end().len().checked_sub(1)?;
            step.body.truncate(end);
            part("body", "the last character cut".to_owned())
        }
        BODY_EMPTIED => {
            let length = step.body.len();
            step.body.clear();
            part("body", format!("{length} bytes -> none"))
        }
        _ => request(site, step),
    }
}

fn request(site: &StepSite, step: &mut Step) -> Option<(String, Change)> {
    let number = site.request;
    let requests = step.upstream.as_mut()?;
    let (path, summary) = match site.damage {
        REQUEST_ADDED => {
            requests.push(UpstreamRequest {
                method: "GET".to_owned(),
                path: "/mutant".to_owned(),
                body: Vec::new(),
            });
            (String::new(), "one more request".to_owned())
        }
        REQUEST_DROPPED => {
            requests.remove(number);
            (String::new(), format!("request {number} dropped"))
        }
        REQUEST_DOUBLED => {
            let again = requests.get(number)?.clone();
            requests.insert(number, again);
            (String::new(), format!("request {number} doubled"))
        }
        REQUEST_PATH => {
            requests.get_mut(number)?.path.push('x');
            (format!("[{number}].path"), "one more character".to_owned())
        }
        REQUEST_METHOD => {
            requests.get_mut(number)?.method.push('X');
            (
                format!("[{number}].method"),
                "one more character".to_owned(),
            )
        }
        _ => return None,
    };
    let expected = vec![format!("upstream:${path}")];
    Some(("upstream".to_owned(), Change::new(expected, summary)))
}
