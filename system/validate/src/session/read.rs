//! Parsing a record with any order of members and any spacing.

use lakehouse_base::ErrorCode;
use lakehouse_json as json;
use lakehouse_json::{FieldError, Fields, Json, MAX_DEPTH, ParseError};

use super::{Attempt, AttemptVerdict, SessionRecord, Verdict};
use crate::{Kind, ValidationFailure};

/// Why a text is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The text is not JSON.
    #[error("input line is not valid JSON")]
    NotJson,
    /// The text nests too deep.
    #[error("input nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The text is JSON, but not an object.
    #[error("input must be a JSON object")]
    NotAnObject,
    /// A member does not belong to a record.
    #[error("unknown field `{0}`")]
    UnknownField(String),
    /// A member is absent or unacceptable.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl RecordError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}

const FIELDS: [&str; 13] = [
    "session_id",
    "kind",
    "provider",
    "model",
    "prompt",
    "iterations",
    "max_iterations",
    "final_verdict",
    "attempts",
    "artifact",
    "grounded_in_roster",
    "error",
    "duration_ms",
];

impl SessionRecord {
    /// Parses a record before it is logged, without `schema`, `timestamp` and `daemon`.
    ///
    /// # Errors
    /// The first applicable [`RecordError`], in the order of the enum; fields in the contract's
    /// order.
    pub fn read(text: &str) -> Result<Self, RecordError> {
        let json = json::parse(text, MAX_DEPTH).map_err(|e| match e {
            ParseError::Invalid => RecordError::NotJson,
            ParseError::TooDeep => RecordError::TooDeep,
        })?;
        let object = json.as_object().ok_or(RecordError::NotAnObject)?;
        let fields = Fields::new(object);
        if let Some(name) = fields.first_unknown(&FIELDS) {
            return Err(RecordError::UnknownField(name.to_owned()));
        }
        let text = |name| fields.required(name, "a string", string);
        let count = |name| {
            let at_least_0 = |v: &Json<'_>| v.as_integer().filter(|n| *n >= 0);
            fields.required(name, "an integer of at least 0", at_least_0)
        };
        Ok(Self {
            session_id: text("session_id")?,
            kind: fields.required("kind", Kind::MUST_BE, |v| Kind::parse(v.as_str()?))?,
            provider: text("provider")?,
            model: text("model")?,
            prompt: text("prompt")?,
            iterations: count("iterations")?,
            max_iterations: fields.required(
                "max_iterations",
                "an integer of at least 1",
                at_least_1,
            )?,
            final_verdict: fields.required(
                "final_verdict",
                "one of `accepted`, `max_iter_exhausted`, `infra_error`",
                |v| Verdict::parse(v.as_str()?),
            )?,
            attempts: fields.required("attempts", "an array of attempts", attempts)?,
            artifact: fields.required("artifact", "an object or null", |v| {
                or_null(v, |v| v.as_object().map(|_| v.carried_over()))
            })?,
            grounded_in_roster: fields.required(
                "grounded_in_roster",
                "a boolean or null",
                |v| or_null(v, Json::as_bool),
            )?,
            error: fields.required("error", "a string or null", |v| or_null(v, string))?,
            duration_ms: count("duration_ms")?,
        })
    }
}

fn attempts(json: &Json<'_>) -> Option<Vec<Attempt>> {
    json.as_array()?.iter().map(attempt).collect()
}

/// An object with exactly the members of an attempt.
fn attempt(json: &Json<'_>) -> Option<Attempt> {
    let object = json.as_object()?;
    let members = ["iteration", "verdict", "raw", "error"];
    if Fields::new(object).first_unknown(&members).is_some() {
        return None;
    }
    Some(Attempt {
        iteration: at_least_1(object.get("iteration")?)?,
        verdict: AttemptVerdict::parse(object.get("verdict")?.as_str()?)?,
        raw: string(object.get("raw")?)?,
        error: or_null(object.get("error")?, ValidationFailure::read)?,
    })
}

/// `Some(None)` for `null`, else the result of `read`.
fn or_null<'j, 'a, T>(
    json: &'j Json<'a>,
    read: impl FnOnce(&'j Json<'a>) -> Option<T>,
) -> Option<Option<T>> {
    if json.is_null() {
        Some(None)
    } else {
        read(json).map(Some)
    }
}

fn string(json: &Json<'_>) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn at_least_1(json: &Json<'_>) -> Option<i64> {
    json.as_integer().filter(|n| *n >= 1)
}
