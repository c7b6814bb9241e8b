//! The record of an iterate run in the shared log (`session_log.md`).

mod mask;

pub use mask::{masked_object, masked_text};

use crate::{Kind, ValidationFailure};

/// One run, without the time and the writer's name, which are added when it is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The run's trace id.
    pub session_id: String,
    /// The kind of artifact.
    pub kind: Kind,
    /// The provider's name.
    pub provider: String,
    /// The provider's model.
    pub model: String,
    /// The prompt.
    pub prompt: String,
    /// The number of completed attempts, possibly 0.
    pub iterations: i64,
    /// The maximum number of attempts, at least 1.
    pub max_iterations: i64,
    /// The end of the run.
    pub final_verdict: Verdict,
    /// The completed attempts.
    pub attempts: Vec<Attempt>,
    /// The carried-over accepted artifact, the text of a JSON object.
    pub artifact: Option<String>,
    /// Whether the roster has every worker that the accepted artifact names.
    pub grounded_in_roster: Option<bool>,
    /// The provider's failure.
    pub error: Option<String>,
    /// The duration of the run in milliseconds.
    pub duration_ms: i64,
}

/// The end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// An artifact passed.
    Accepted,
    /// No attempt passed.
    MaxIterExhausted,
    /// The provider failed.
    InfraError,
}

/// One completed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The attempt's number, from 1.
    pub iteration: i64,
    /// The outcome.
    pub verdict: AttemptVerdict,
    /// The model's text.
    pub raw: String,
    /// The failure, when the artifact did not pass.
    pub error: Option<ValidationFailure>,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptVerdict {
    /// The artifact passed.
    Accepted,
    /// The text contained no JSON object.
    NoJson,
    /// The artifact did not pass.
    ValidationFailed,
    /// The text ended at a limit of its length, and nothing complete in it passed.
    CutOff,
}

impl Verdict {
    /// The name in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::MaxIterExhausted => "max_iter_exhausted",
            Self::InfraError => "infra_error",
        }
    }
}
