//! Between the wire's types and those of validation.

use std::time::Duration;

use lakehouse_base::chat::ChatOptions;
use lakehouse_validate::{
    Context, Finding, Kind, Mode, Outcome, Severity,
    iterate::{IterateRequest, Run},
};
use lakehouse_wire::{
    Array, AtLeast, Deferred, Milliseconds, ReadError,
    iterate::{
        self, AcceptedVerdict, ExhaustedVerdict, FailedVerdict, IterateAccepted, IterateExhausted,
        IterateFailed,
    },
    to_text,
    validate::{self as wire, ValidateAnswer, ValidationFailures},
};

use crate::services::session_log::convert::{attempt, carried, failure, kind};

pub(super) fn kind_of(kind: wire::Kind) -> Kind {
    match kind {
        wire::Kind::Fill => Kind::Fill,
        wire::Kind::Email => Kind::Email,
        wire::Kind::Sms => Kind::Sms,
        wire::Kind::Playbook => Kind::Playbook,
    }
}

/// The context of a request, whose members are read here, after all members of the request.
pub(super) fn context<'a>(
    context: Option<Deferred<'a, wire::Context<'a>>>,
) -> Result<Context, ReadError> {
    let Some(context) = context else {
        return Ok(Context::default());
    };
    let context = context.read_members("context.")?;
    Ok(Context {
        count: context.count.map(|count| count.get().into()),
        role: context.role.map(str::to_owned),
        city: context.city.map(str::to_owned),
        state: context.state.map(str::to_owned),
        client: context.client.map(str::to_owned),
        date: context.date.map(|date| date.0),
        start: context.start.map(|time| time.0),
        end: context.end.map(|time| time.0),
        worker_id: context.worker_id.map(str::to_owned),
    })
}

pub(super) fn iterate_request(
    request: iterate::IterateRequest<'_>,
) -> Result<IterateRequest, ReadError> {
    let context_text = request.context.as_ref().map(to_text);
    Ok(IterateRequest {
        kind: kind_of(request.kind),
        prompt: request.prompt.0.to_owned(),
        context: context(request.context)?,
        context_text,
        provider: request.provider.to_owned(),
        model: request.model.0.to_owned(),
        max_iterations: request.max_iterations.get().into(),
        system: request.system.map(str::to_owned),
        options: ChatOptions {
            temperature: request.temperature.map(|number| number.lexeme().to_owned()),
            max_tokens: request.max_tokens.map(|tokens| tokens.get().into()),
        },
    })
}

/// The body of the answer: that of a 200 when the artifact passed, else that of a 422.
pub(super) fn outcome(outcome: &Outcome, artifact: Kind, mode: Mode, elapsed: Duration) -> String {
    match (outcome.failures.first(), mode) {
        (None, _) => to_text(&ValidateAnswer {
            kind: kind(artifact),
            findings: outcome.findings.iter().map(finding).collect(),
            elapsed_ms: Milliseconds(elapsed),
        }),
        (Some(first), Mode::First) => to_text(&failure(first)),
        (Some(_), Mode::All) => to_text(&ValidationFailures {
            failures: Array(outcome.failures.iter().map(failure).collect()),
        }),
    }
}

fn finding(finding: &Finding) -> wire::Finding<'_> {
    wire::Finding {
        field: &finding.field,
        severity: match finding.severity {
            Severity::Info => wire::Severity::Info,
            Severity::Warning => wire::Severity::Warning,
        },
        message: &finding.message,
    }
}

pub(super) fn accepted<'a>(run: &'a Run, artifact: &'a str) -> IterateAccepted<'a> {
    let record = &run.record;
    IterateAccepted {
        verdict: AcceptedVerdict::Accepted,
        trace_id: &record.session_id,
        kind: kind(record.kind),
        iterations: AtLeast::new(record.iterations),
        artifact: carried(artifact),
        findings: run.findings.iter().map(finding).collect(),
        attempts: record.attempts.iter().map(attempt).collect(),
    }
}

pub(super) fn exhausted(run: &Run) -> IterateExhausted<'_> {
    let record = &run.record;
    IterateExhausted {
        verdict: ExhaustedVerdict::MaxIterExhausted,
        trace_id: &record.session_id,
        kind: kind(record.kind),
        iterations: AtLeast::new(record.iterations),
        attempts: record.attempts.iter().map(attempt).collect(),
    }
}

pub(super) fn failed<'a>(run: &'a Run, error: &'a str) -> IterateFailed<'a> {
    let record = &run.record;
    IterateFailed {
        verdict: FailedVerdict::InfraError,
        trace_id: &record.session_id,
        kind: kind(record.kind),
        iterations: AtLeast::new(record.iterations),
        error,
        attempts: record.attempts.iter().map(attempt).collect(),
    }
}
