//! The loop itself.

use std::time::Instant;

use lakehouse_base::TraceId;
use lakehouse_base::chat::{self, ChatModel};
use lakehouse_json as json;
use lakehouse_json::{Json, MAX_DEPTH};

use super::prompt::{Rejection, correction, opening};
use super::{IterateRequest, SessionSink};
use crate::extract_json::{NoObject, Reply};
use crate::roster::Roster;
use crate::session::{Attempt, AttemptVerdict, SessionRecord, Verdict};
use crate::{Finding, Kind, Mode, Outcome, ValidationFailure, fill, message, playbook, validate};

/// The services that a run uses.
#[derive(Clone, Copy)]
pub struct Services<'s> {
    /// The provider that the request names.
    pub chat: &'s dyn ChatModel,
    /// The roster for the whole run.
    pub roster: &'s Roster,
    /// The log of session records.
    pub sessions: &'s dyn SessionSink,
}

/// A finished run, which has been recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The record that was appended.
    pub record: SessionRecord,
    /// The findings about an accepted artifact.
    pub findings: Vec<Finding>,
}

/// Asks for an artifact until one passes or the attempts are exhausted, and records the run.
///
/// # Errors
/// The record cannot be written, and the run is lost. A failing provider is a verdict, not an
/// error.
pub async fn run(
    request: &IterateRequest,
    trace_id: &TraceId,
    services: Services<'_>,
) -> std::io::Result<Run> {
    let started = Instant::now();
    let Ended { end, attempts } = converse(request, services).await;
    let (final_verdict, accepted, error) = match end {
        End::Accepted(accepted) => (Verdict::Accepted, Some(accepted), None),
        End::Exhausted => (Verdict::MaxIterExhausted, None, None),
        End::Failed(error) => (Verdict::InfraError, None, Some(error)),
    };
    let grounded_in_roster = accepted.as_ref().map(|accepted| accepted.grounded);
    let (artifact, findings) = accepted.map(|a| (a.artifact, a.findings)).unzip();
    let record = SessionRecord {
        session_id: trace_id.to_string(),
        kind: request.kind,
        provider: request.provider.clone(),
        model: request.model.clone(),
        prompt: request.prompt.clone(),
        iterations: attempts.last().map_or(0, |attempt| attempt.iteration),
        max_iterations: request.max_iterations,
        final_verdict,
        attempts,
        artifact,
        grounded_in_roster,
        error,
        duration_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
    };
    services.sessions.append(&record)?;
    Ok(Run {
        record,
        findings: findings.unwrap_or_default(),
    })
}

/// The end of a conversation and its completed attempts.
struct Ended {
    end: End,
    attempts: Vec<Attempt>,
}

enum End {
    Accepted(Accepted),
    Exhausted,
    Failed(String),
}

struct Accepted {
    /// The carried-over artifact.
    artifact: String,
    grounded: bool,
    findings: Vec<Finding>,
}

async fn converse(request: &IterateRequest, services: Services<'_>) -> Ended {
    let mut attempts = Vec::new();
    let mut messages = opening(request);
    for iteration in 1..=request.max_iterations {
        let reply = services
            .chat
            .reply(&request.model, &messages, &request.options)
            .await;
        let reply = match reply {
            Ok(reply) => reply,
            Err(e) => {
                let end = End::Failed(e.to_string());
                return Ended { end, attempts };
            }
        };
        let judged = judge(&reply, request, services.roster);
        let attempt = |verdict, error| Attempt {
            iteration,
            verdict,
            raw: reply.text.clone(),
            error,
        };
        let (attempt, rejection) = match judged {
            Judged::Accepted(accepted) => {
                attempts.push(attempt(AttemptVerdict::Accepted, None));
                let end = End::Accepted(accepted);
                return Ended { end, attempts };
            }
            Judged::CutOff => (attempt(AttemptVerdict::CutOff, None), Rejection::CutOff),
            Judged::NoObject(reason) => (
                attempt(AttemptVerdict::NoJson, None),
                Rejection::NoObject(reason),
            ),
            Judged::Failed(failure) => (
                attempt(AttemptVerdict::ValidationFailed, Some(failure.clone())),
                Rejection::Invalid(failure),
            ),
        };
        messages.extend(correction(&reply.text, &rejection));
        attempts.push(attempt);
    }
    let end = End::Exhausted;
    Ended { end, attempts }
}

enum Judged {
    Accepted(Accepted),
    CutOff,
    NoObject(NoObject),
    Failed(ValidationFailure),
}

/// Judges a reply by its first object that passes, else by its last one.
fn judge(reply: &chat::Reply, request: &IterateRequest, roster: &Roster) -> Judged {
    let text = Reply::new(&reply.text);
    let mut last_failure = None;
    for object in text.objects() {
        let Ok(artifact) = json::parse(&object, MAX_DEPTH) else {
            continue;
        };
        match check(&artifact, request, roster) {
            Ok(accepted) => return Judged::Accepted(accepted),
            Err(failure) => last_failure = Some(failure),
        }
    }
    match last_failure {
        _ if reply.is_cut_off => Judged::CutOff,
        Some(failure) => Judged::Failed(failure),
        None => Judged::NoObject(text.no_object()),
    }
}

fn check(
    artifact: &Json<'_>,
    request: &IterateRequest,
    roster: &Roster,
) -> Result<Accepted, ValidationFailure> {
    let Outcome { failures, findings } = validate(
        request.kind,
        artifact,
        &request.context,
        roster,
        Mode::First,
    );
    match failures.into_iter().next() {
        Some(failure) => Err(failure),
        None => Ok(Accepted {
            artifact: artifact.carried_over(),
            grounded: is_grounded(artifact, request, roster),
            findings,
        }),
    }
}

/// Whether the roster has every worker that an accepted artifact names.
fn is_grounded(artifact: &Json<'_>, request: &IterateRequest, roster: &Roster) -> bool {
    let named = match request.kind {
        Kind::Fill => fill::worker_ids(artifact),
        Kind::Email | Kind::Sms => {
            let own = message::worker_id(artifact);
            own.or(request.context.worker_id.as_deref())
                .into_iter()
                .collect()
        }
        Kind::Playbook => playbook::answer_id(artifact).into_iter().collect(),
    };
    named.into_iter().all(|id| roster.find(id).is_some())
}
