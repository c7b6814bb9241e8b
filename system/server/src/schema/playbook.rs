//! `/v1/matrix/playbooks`.

use serde::Deserialize;
use utoipa::ToSchema;

use super::matrix::RoleSource;

/// An answer to remember.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordBody {
    /// The coordinator's words; not blank.
    #[schema(min_length = 1)]
    pub query_text: String,
    /// The document that was the answer.
    #[schema(min_length = 1)]
    pub answer_id: String,
    /// Its corpus.
    pub answer_corpus: String,
    /// How good it was; negative when it was wrong.
    #[schema(minimum = -1, maximum = 1)]
    pub score: f64,
    /// The role that was asked for; without it, the text tells it.
    pub role: Option<String>,
}

/// What was remembered.
#[derive(ToSchema)]
pub struct Recorded {
    /// The recording's id.
    #[schema(pattern = "^pb-[0-9a-f]{32}$")]
    pub id: String,
    /// Its role.
    #[schema(required = true)]
    pub role: Option<String>,
    /// Where that comes from.
    pub role_source: RoleSource,
}

/// A recording.
#[derive(ToSchema)]
pub struct Recording {
    /// Its id.
    #[schema(pattern = "^pb-[0-9a-f]{32}$")]
    pub id: String,
    /// The coordinator's words.
    pub query_text: String,
    /// The document that was the answer.
    pub answer_id: String,
    /// Its corpus.
    pub answer_corpus: String,
    /// How good it was: carried over.
    #[schema(minimum = -1, maximum = 1)]
    pub score: f64,
    /// The role that was asked for.
    #[schema(required = true)]
    pub role: Option<String>,
    /// When it was recorded.
    #[schema(format = DateTime)]
    pub recorded_at: String,
}
