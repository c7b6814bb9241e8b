//! The request for a run.

use lakehouse_base::chat::ChatOptions;

use crate::{Context, Kind};

/// A request for an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IterateRequest {
    /// The kind of artifact to draft.
    pub kind: Kind,
    /// The prompt; not blank.
    pub prompt: String,
    /// The work that the artifact is for.
    pub context: Context,
    /// The carried-over context, which the prompt includes; none when the request has none.
    pub context_text: Option<String>,
    /// The provider's name. The caller checks whether it exists.
    pub provider: String,
    /// The provider's model; not blank.
    pub model: String,
    /// The maximum number of attempts, 1 to 10.
    pub max_iterations: i64,
    /// The system text that replaces the kind's default.
    pub system: Option<String>,
    /// The settings for the model's replies.
    pub options: ChatOptions,
}
