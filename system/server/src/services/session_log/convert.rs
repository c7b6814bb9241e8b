//! Between the wire's types and those of a run.

use std::borrow::Cow;

use lakehouse_validate::{
    Kind, ValidationFailure,
    session::{Attempt, AttemptVerdict, SessionRecord, Verdict},
};
use lakehouse_wire::{
    AtLeast, Carried, Nullable, iterate,
    session_log::{self, Attempts, FinalVerdict, RunRecord},
    validate,
};

pub(super) fn record(record: &SessionRecord) -> session_log::SessionRecord<'_> {
    session_log::SessionRecord {
        session_id: &record.session_id,
        run: RunRecord {
            kind: kind(record.kind),
            provider: &record.provider,
            model: &record.model,
            prompt: &record.prompt,
            iterations: AtLeast::new(record.iterations),
            max_iterations: AtLeast::new(record.max_iterations),
            final_verdict: match record.final_verdict {
                Verdict::Accepted => FinalVerdict::Accepted,
                Verdict::MaxIterExhausted => FinalVerdict::MaxIterExhausted,
                Verdict::InfraError => FinalVerdict::InfraError,
            },
            attempts: Attempts(record.attempts.iter().map(attempt).collect()),
            artifact: Nullable(record.artifact.as_deref().map(carried)),
            grounded_in_roster: Nullable(record.grounded_in_roster),
            error: Nullable(record.error.as_deref()),
            duration_ms: AtLeast::new(record.duration_ms),
        },
    }
}

pub(crate) fn attempt(attempt: &Attempt) -> iterate::Attempt<'_> {
    iterate::Attempt {
        iteration: AtLeast::new(attempt.iteration),
        verdict: match attempt.verdict {
            AttemptVerdict::Accepted => iterate::AttemptVerdict::Accepted,
            AttemptVerdict::NoJson => iterate::AttemptVerdict::NoJson,
            AttemptVerdict::ValidationFailed => iterate::AttemptVerdict::ValidationFailed,
            AttemptVerdict::CutOff => iterate::AttemptVerdict::CutOff,
        },
        raw: &attempt.raw,
        error: Nullable(attempt.error.as_ref().map(failure)),
    }
}

pub(crate) fn failure(failure: &ValidationFailure) -> validate::ValidationFailure<'_> {
    let reason = Cow::Borrowed(failure.reason());
    match failure {
        ValidationFailure::Schema { field, .. } => validate::ValidationFailure::Schema {
            field: Cow::Borrowed(field),
            reason,
        },
        ValidationFailure::Completeness { .. } => {
            validate::ValidationFailure::Completeness { reason }
        }
        ValidationFailure::Consistency { .. } => {
            validate::ValidationFailure::Consistency { reason }
        }
        ValidationFailure::Policy { .. } => validate::ValidationFailure::Policy { reason },
    }
}

pub(crate) fn kind(kind: Kind) -> validate::Kind {
    match kind {
        Kind::Fill => validate::Kind::Fill,
        Kind::Email => validate::Kind::Email,
        Kind::Sms => validate::Kind::Sms,
        Kind::Playbook => validate::Kind::Playbook,
    }
}

/// An artifact that a run carried over.
pub(crate) fn carried(artifact: &str) -> Carried<'_> {
    Carried(Cow::Borrowed(artifact))
}
