//! The body of `POST /v1/iterate`.

use lakehouse_base::is_blank;
use lakehouse_json::{FieldError, Fields, Json, Object};

use crate::{Context, Kind};
use lakehouse_base::chat::ChatOptions;

const DEFAULT_MAX_ITERATIONS: i64 = 3;

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

impl IterateRequest {
    /// Reads a request body.
    ///
    /// # Errors
    /// The first unacceptable field; the context's members are checked last.
    pub fn read(body: &Object<'_>) -> Result<Self, FieldError> {
        let fields = Fields::new(body).only(&[
            "kind",
            "prompt",
            "context",
            "provider",
            "model",
            "max_iterations",
            "system",
            "temperature",
            "max_tokens",
        ])?;
        let kind = fields.required("kind", Kind::MUST_BE, |v| Kind::parse(v.as_str()?))?;
        let prompt = fields.required("prompt", "a string that is not blank", not_blank)?;
        let context = fields.optional("context", "an object", |v| Some((v, v.as_object()?)))?;
        let provider = fields.required("provider", "a string", text)?;
        let model = fields.required("model", "a string that is not blank", not_blank)?;
        let max_iterations = fields.optional("max_iterations", "an integer from 1 to 10", |v| {
            v.as_integer().filter(|n| (1..=10).contains(n))
        })?;
        let system = fields.optional("system", "a string", text)?;
        let temperature = fields.optional("temperature", "a number from 0 to 2", |v| {
            let number = v.as_number()?;
            number.is_from_0_to(2).then(|| number.lexeme().to_owned())
        })?;
        let max_tokens = fields.optional("max_tokens", "an integer from 1 to 32768", |v| {
            v.as_integer().filter(|n| (1..=32768).contains(n))
        })?;
        Ok(Self {
            kind,
            prompt,
            context: Context::read(context.map(|(_, object)| object))?,
            context_text: context.map(|(json, _)| json.carried_over()),
            provider,
            model,
            max_iterations: max_iterations.unwrap_or(DEFAULT_MAX_ITERATIONS),
            system,
            options: ChatOptions {
                temperature,
                max_tokens,
            },
        })
    }
}

fn text(json: &Json<'_>) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn not_blank(json: &Json<'_>) -> Option<String> {
    text(json).filter(|text| !is_blank(text))
}
