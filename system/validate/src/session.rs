//! The record that every iterate run leaves in the shared log (`session_log.md`).

mod read;
mod write;

pub use read::RecordError;
pub(crate) use write::write_attempts;

use crate::{Kind, ValidationFailure};

/// The schema's name, the first member of every line.
pub const SCHEMA: &str = "session.iterate.v1";

/// One run, without the time and the writer's name that are added when it is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// The run's trace id.
    pub session_id: String,
    /// What was drafted.
    pub kind: Kind,
    /// Who was asked.
    pub provider: String,
    /// Which of the provider's models.
    pub model: String,
    /// What was asked.
    pub prompt: String,
    /// How many attempts were completed, 0 included.
    pub iterations: i64,
    /// How many there could have been, at least 1.
    pub max_iterations: i64,
    /// How the run ended.
    pub final_verdict: Verdict,
    /// The completed attempts.
    pub attempts: Vec<Attempt>,
    /// The accepted artifact, carried over: the text of a JSON object.
    pub artifact: Option<String>,
    /// Whether every worker whom the accepted artifact names is in the roster.
    pub grounded_in_roster: Option<bool>,
    /// What went wrong when the provider failed.
    pub error: Option<String>,
    /// How long the run took, in milliseconds.
    pub duration_ms: i64,
}

/// How a run ended.
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
    /// Which one, from 1.
    pub iteration: i64,
    /// What came of it.
    pub verdict: AttemptVerdict,
    /// The model's text.
    pub raw: String,
    /// What failed, when the artifact did not pass.
    pub error: Option<ValidationFailure>,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptVerdict {
    /// The artifact passed.
    Accepted,
    /// There was no JSON object in the text.
    NoJson,
    /// The artifact did not pass.
    ValidationFailed,
}

impl Verdict {
    const ALL: [Self; 3] = [Self::Accepted, Self::MaxIterExhausted, Self::InfraError];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::MaxIterExhausted => "max_iter_exhausted",
            Self::InfraError => "infra_error",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == name)
    }
}

impl AttemptVerdict {
    const ALL: [Self; 3] = [Self::Accepted, Self::NoJson, Self::ValidationFailed];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NoJson => "no_json",
            Self::ValidationFailed => "validation_failed",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == name)
    }
}
