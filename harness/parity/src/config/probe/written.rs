//! `probe.toml` as it is written.

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::{self, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Coverage;
use crate::config::headers;
use crate::normalise::{Action, Check};

/// How a surface is tested, and how its answers are compared.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    /// What the surface does.
    #[expect(dead_code, reason = "documentation; the file must have it")]
    about: String,
    /// The transports over which it is tested.
    pub(super) transports: Spanned<Vec<Transport>>,
    /// Whether its cases change state.
    #[serde(default)]
    pub(super) writes: bool,
    /// When a case gets a fresh process and state.
    #[serde(default)]
    pub(super) reset: Reset,
    /// The number of rounds, of which the later ones detect nondeterminism [default: 2].
    pub(super) noise_runs: Option<Spanned<usize>>,
    /// Requests, for the transport `http`.
    pub(super) http: Option<WrittenHttp>,
    /// Lines, for the transport `line`.
    pub(super) line: Option<WrittenLine>,
    /// Files, for the transport `files`.
    pub(super) files: Option<WrittenFiles>,
    /// How answers are compared.
    #[expect(dead_code, reason = "`Compare` reads it")]
    #[serde(default)]
    #[schemars(schema_with = "crate::comparators::schema")]
    compare: Option<IgnoredAny>,
    /// How an error is recognised in an answer without a status.
    pub(super) guard: Option<Spanned<WrittenGuard>>,
    /// Values that are hidden before the comparison, such as times and ids.
    #[serde(default)]
    pub(super) normalise: Vec<Spanned<WrittenNormaliser>>,
    /// The answers that the cases should reach.
    #[serde(default)]
    pub(super) coverage: Coverage,
}

/// When a case gets a fresh process and state.
#[derive(Deserialize, Default, PartialEq, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reset {
    /// Cases share a process.
    #[default]
    None,
    /// Before every case.
    Restart,
}

/// Requests, for the transport `http`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenHttp {
    /// The method of every request.
    #[serde(default = "post")]
    pub(super) method: String,
    /// The path of every request, relative to the base URL.
    pub(super) path: Spanned<String>,
    /// Headers of every request; may contain `{case}`.
    #[serde(default)]
    pub(super) headers: headers::Written,
    /// Headers of the answer that are compared.
    #[serde(default)]
    pub(super) observe_headers: Vec<String>,
    /// Files or folders in the state folder that are compared after each step.
    #[serde(default)]
    pub(super) observe_files: Vec<String>,
    /// Whether the requests to the model server are compared.
    #[serde(default)]
    pub(super) observe_upstream: bool,
    /// The time limit for one answer.
    #[serde(default = "ten_seconds")]
    pub(super) timeout_ms: u64,
}

pub(super) fn post() -> String {
    "POST".to_owned()
}

pub(super) fn ten_seconds() -> u64 {
    10_000
}

/// Lines, for the transport `line`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenLine {
    /// What a line of the answer holds.
    #[serde(default)]
    pub(super) envelope: Envelope,
    /// The time limit for one answer.
    #[serde(default = "ten_seconds")]
    pub(super) timeout_ms: u64,
}

/// What a line of an answer holds.
#[derive(Deserialize, Default, PartialEq, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Envelope {
    /// The body.
    #[default]
    Body,
    /// `{"status": …, "body": …}`.
    Response,
}

/// Files, for the transport `files`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFiles {
    /// Files or folders in the state folder that are compared.
    pub(super) observe: Vec<String>,
}

/// How an error is recognised in an answer without a status; one of the two conditions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenGuard {
    /// The answer is an error when this holds.
    pub(super) error_when: Option<WrittenCondition>,
    /// The answer is an error unless this holds.
    pub(super) error_unless: Option<WrittenCondition>,
}

/// A condition on the body.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCondition {
    /// The JSON path of a member.
    pub(super) path: Spanned<String>,
    /// Its value; without one any value counts.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) equals: Option<toml::Value>,
}

/// Values that are hidden before the comparison.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenNormaliser {
    /// The part of the answer: `body`, `file`, `upstream` or `header:NAME`.
    pub(super) on: Spanned<String>,
    /// The JSON path of the values; a header has none.
    pub(super) path: Option<Spanned<String>>,
    /// The text that a value must begin with.
    pub(super) begins: Option<String>,
    /// The check that a value must pass to be hidden.
    #[schemars(schema_with = "Check::schema")]
    pub(super) must_be: Spanned<String>,
    /// How a value is hidden.
    pub(super) action: Action,
    /// Why the value may differ.
    pub(super) reason: String,
}

/// The JSON Schema of `probe.toml`.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<Written>()
}
