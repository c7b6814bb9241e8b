//! The forms of requests and answers, for the OpenAPI document.
//!
//! Requests are read field by field with the contract's own errors, and answers are written
//! member by member in the contract's order; so these types are described, never built.

pub mod matrix;
pub mod playbook;
pub mod vectors;

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

/// An error (RFC 9457).
#[derive(ToSchema)]
pub struct Problem {
    /// Always `about:blank`.
    #[schema(example = "about:blank")]
    pub r#type: String,
    /// The status' standard phrase.
    #[schema(example = "Bad Request")]
    pub title: String,
    /// The response's status.
    #[schema(example = 400, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong, and where.
    #[schema(example = "missing field `texts`")]
    pub detail: String,
    /// The request's trace id.
    pub trace_id: String,
}

/// Texts to embed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedBody {
    /// The texts; each has something besides white space.
    #[schema(min_items = 1, max_items = 256)]
    pub texts: Vec<String>,
    /// The model's name; without it, the configured provider's default.
    #[schema(example = "hash-768")]
    pub model: Option<String>,
}

/// Unit vectors, one for each text, in the texts' order.
#[derive(ToSchema)]
pub struct EmbedAnswer {
    /// The model that answered.
    pub model: String,
    /// The length of each vector.
    #[schema(minimum = 1)]
    pub dimension: u32,
    /// The vectors.
    pub vectors: Vec<Vec<f32>>,
}

/// Unit vectors in the legacy dialect.
#[derive(ToSchema)]
pub struct LegacyEmbedAnswer {
    /// The model that answered.
    pub model: String,
    /// The length of each vector.
    #[schema(minimum = 1)]
    pub dimensions: u32,
    /// The vectors.
    pub embeddings: Vec<Vec<f32>>,
}

/// What an artifact is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Workers put forward for a shift.
    Fill,
    /// An email to a worker.
    Email,
    /// A text message to a worker.
    Sms,
    /// An answer worth remembering.
    Playbook,
}

/// What an artifact is checked against, besides the roster.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// How many workers are asked for.
    #[schema(minimum = 1, maximum = 1000)]
    pub count: Option<u32>,
    /// The role they work as.
    pub role: Option<String>,
    /// The city they work in.
    pub city: Option<String>,
    /// The state they work in.
    pub state: Option<String>,
    /// The client they work for.
    pub client: Option<String>,
    /// The day of the shift.
    #[schema(example = "2026-05-04", pattern = r"^\d{4}-\d{2}-\d{2}$")]
    pub date: Option<String>,
    /// When the shift begins.
    #[schema(example = "06:00", pattern = r"^\d{2}:\d{2}$")]
    pub start: Option<String>,
    /// When it ends; on the following day when that is not later than its start.
    #[schema(example = "14:00", pattern = r"^\d{2}:\d{2}$")]
    pub end: Option<String>,
    /// The worker that a message is for.
    pub worker_id: Option<String>,
}

/// An artifact to validate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateBody {
    /// What it is meant to be.
    pub kind: Kind,
    /// The artifact: any value.
    pub artifact: serde_json::Value,
    /// What it is checked against.
    pub context: Option<Context>,
}

/// The artifact passed.
#[derive(ToSchema)]
pub struct ValidateAnswer {
    /// As requested.
    pub kind: Kind,
    /// Remarks that stop nothing.
    pub findings: Vec<Finding>,
    /// How long the rules took, in milliseconds.
    #[schema(minimum = 0)]
    pub elapsed_ms: f64,
}

/// A remark that stops nothing.
#[derive(ToSchema)]
pub struct Finding {
    /// Where.
    pub field: String,
    /// How much it matters.
    pub severity: Severity,
    /// What was noticed.
    pub message: String,
}

/// How much a finding matters.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Worth a look.
    Warning,
}

/// One rule that an artifact does not keep, as an envelope with the stage's name.
#[derive(Deserialize, ToSchema)]
pub enum ValidationFailure {
    /// It is not of the right form.
    Schema {
        /// Where.
        field: String,
        /// What is wrong there.
        reason: String,
    },
    /// Something is absent, too short or too long.
    Completeness {
        /// What is wrong.
        reason: String,
    },
    /// It contradicts the roster, the context or itself.
    Consistency {
        /// What is wrong.
        reason: String,
    },
    /// It must not leave.
    Policy {
        /// What is wrong.
        reason: String,
    },
}

/// All failures, the answer to `all=true`.
#[derive(Deserialize, ToSchema)]
pub struct ValidationFailures {
    /// In the order of the rules.
    #[schema(min_items = 1)]
    pub failures: Vec<ValidationFailure>,
}

/// The first failure, or all of them with `all=true`.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ValidationRefusal {
    /// The first failure.
    First(ValidationFailure),
    /// All of them.
    All(ValidationFailures),
}

/// The roster was read.
#[derive(ToSchema)]
pub struct RosterAnswer {
    /// How many workers it has.
    pub workers: u64,
}

/// A draft to ask a model for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IterateBody {
    /// What is asked for.
    pub kind: Kind,
    /// The coordinator's words; not blank.
    #[schema(min_length = 1)]
    pub prompt: String,
    /// What the draft is checked against.
    pub context: Option<Context>,
    /// Who is asked.
    #[schema(example = "ollama")]
    pub provider: String,
    /// Which of its models; not blank.
    #[schema(min_length = 1)]
    pub model: String,
    /// How many attempts there may be.
    #[schema(minimum = 1, maximum = 10, default = 3)]
    pub max_iterations: Option<u32>,
    /// What stands instead of the kind's own system text.
    pub system: Option<String>,
    /// Handed to the model.
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// Handed to the model.
    #[schema(minimum = 1, maximum = 32768)]
    pub max_tokens: Option<u32>,
}

/// One attempt.
#[derive(ToSchema)]
pub struct Attempt {
    /// Counted from 1.
    #[schema(minimum = 1)]
    pub iteration: u32,
    /// What it came to.
    pub verdict: AttemptVerdict,
    /// The model's text.
    pub raw: String,
    /// Why it was not accepted, for `validation_failed`.
    #[schema(required = true)]
    pub error: Option<ValidationFailure>,
}

/// What an attempt came to.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum AttemptVerdict {
    /// It passed.
    Accepted,
    /// There was no JSON object in it.
    NoJson,
    /// It did not pass.
    ValidationFailed,
}

/// A draft that passed.
#[derive(ToSchema)]
pub struct IterateAccepted {
    /// Always `accepted`.
    #[schema(example = "accepted")]
    pub verdict: String,
    /// The run's trace id, and its `session_id` in the session log.
    pub trace_id: String,
    /// As requested.
    pub kind: Kind,
    /// How many attempts there were.
    pub iterations: u32,
    /// The draft.
    #[schema(value_type = Object)]
    pub artifact: serde_json::Value,
    /// Remarks on it.
    pub findings: Vec<Finding>,
    /// All attempts.
    pub attempts: Vec<Attempt>,
}

/// No attempt passed.
#[derive(ToSchema)]
pub struct IterateExhausted {
    /// Always `max_iter_exhausted`.
    #[schema(example = "max_iter_exhausted")]
    pub verdict: String,
    /// The run's trace id.
    pub trace_id: String,
    /// As requested.
    pub kind: Kind,
    /// How many attempts there were.
    pub iterations: u32,
    /// All attempts.
    pub attempts: Vec<Attempt>,
}

/// The provider failed.
#[derive(ToSchema)]
pub struct IterateInfraError {
    /// Always `infra_error`.
    #[schema(example = "infra_error")]
    pub verdict: String,
    /// The run's trace id.
    pub trace_id: String,
    /// As requested.
    pub kind: Kind,
    /// How many attempts there were before.
    pub iterations: u32,
    /// What happened.
    #[schema(example = "ollama: cannot connect")]
    pub error: String,
    /// All attempts before.
    pub attempts: Vec<Attempt>,
}

/// The process runs.
#[derive(ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    pub status: String,
    /// Always `gateway`.
    #[schema(example = "gateway")]
    pub service: String,
    /// The server's version.
    pub version: String,
}

/// Whether requests can be served.
#[derive(ToSchema)]
pub struct Readiness {
    /// `ready` or `not_ready`.
    #[schema(example = "ready")]
    pub status: String,
    /// Each check, `ok` or what is wrong.
    pub checks: BTreeMap<String, String>,
}
