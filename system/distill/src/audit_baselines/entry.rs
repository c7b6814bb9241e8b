//! One entry of the log.

use lakehouse_base::ErrorCode;
use lakehouse_json as json;
use lakehouse_json::{FieldError, Fields, Json, MAX_DEPTH, Object, ParseError};

use super::rfc3339;

/// The metrics of an entry, in the contract's order.
pub const METRICS: [&str; 10] = [
    "p2_evidence_rows",
    "p2_evidence_skips",
    "p3_accepted",
    "p3_partial",
    "p3_rejected",
    "p3_human",
    "p4_rag_rows",
    "p4_sft_rows",
    "p4_preference_pairs",
    "p4_quarantined",
];

/// A valid entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    text: String,
    metrics: [i64; METRICS.len()],
}

/// Why a text is not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// It is not JSON.
    #[error("not valid JSON")]
    NotJson,
    /// It nests too deep.
    #[error("nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// It is JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A member is absent or unacceptable.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A metric is absent.
    #[error("missing metric `{0}`")]
    MissingMetric(&'static str),
    /// A metric is not a count.
    #[error("metric `{0}` must be an integer of at least 0")]
    WrongMetric(&'static str),
}

impl EntryError {
    /// Always [`ErrorCode::BadRequest`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadRequest
    }
}

impl Entry {
    /// Parses one entry.
    ///
    /// # Errors
    /// The first applicable [`EntryError`], in the contract's order.
    pub fn read(text: &str) -> Result<Self, EntryError> {
        let json = json::parse(text, MAX_DEPTH).map_err(|e| match e {
            ParseError::Invalid => EntryError::NotJson,
            ParseError::TooDeep => EntryError::TooDeep,
        })?;
        let object = json.as_object().ok_or(EntryError::NotAnObject)?;
        let fields = Fields::new(object);
        fields.required("recorded_at", "an RFC 3339 time", |v| {
            v.as_str().filter(|text| rfc3339::is_time(text))
        })?;
        fields.required("git_commit", "a string that is not empty", |v| {
            v.as_str().filter(|text| !text.is_empty())
        })?;
        let metrics = fields.required("metrics", "an object", Json::as_object)?;
        let mut values = [0; METRICS.len()];
        for (value, name) in values.iter_mut().zip(METRICS) {
            *value = metric(metrics, name)?;
        }
        Ok(Self {
            text: json.carried_over(),
            metrics: values,
        })
    }

    /// The carried-over text: a line of the log without its line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The metrics in the order of [`METRICS`], each at least 0 and at most 2⁵³ − 1.
    pub fn metrics(&self) -> &[i64; METRICS.len()] {
        &self.metrics
    }
}

fn metric(metrics: &Object<'_>, name: &'static str) -> Result<i64, EntryError> {
    let value = metrics.get(name).ok_or(EntryError::MissingMetric(name))?;
    let count = value.as_integer().filter(|count| *count >= 0);
    count.ok_or(EntryError::WrongMetric(name))
}
