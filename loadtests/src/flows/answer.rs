//! What servers answer, as far as it is looked at.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// The answer of `POST /v1/matrix/search`.
#[derive(Debug, Clone, Deserialize)]
pub struct SearchAnswer {
    /// Nearest first.
    pub hits: Vec<Hit>,
    /// What was remembered.
    pub playbook: PlaybookUse,
    /// How each corpus fared.
    pub corpora: Vec<CorpusStatus>,
}

/// One document that was found.
#[derive(Debug, Clone, Deserialize)]
pub struct Hit {
    /// The document.
    pub id: String,
    /// Where it is from.
    pub corpus: String,
    /// What it is ordered by.
    pub distance: f64,
    /// The distance before any playbook.
    pub base_distance: f64,
    /// How it came to be there, when that was asked for.
    pub why: Option<Why>,
}

/// How a hit came to be where it is.
#[derive(Debug, Clone, Deserialize)]
pub struct Why {
    /// `cold`, `boosted` or `injected`.
    pub shape: String,
    /// The recording's id.
    pub playbook: Option<String>,
    /// The score as it counts today.
    pub score: Option<f64>,
    /// What the base distance was multiplied by.
    pub factor: f64,
}

/// What a search did with what was remembered.
#[derive(Debug, Clone, Deserialize)]
pub struct PlaybookUse {
    /// Whether it was looked at.
    pub used: bool,
    /// How many hits were moved.
    pub boosted: u64,
    /// How many were brought in.
    pub injected: u64,
    /// What was not used.
    pub rejected: Vec<Rejection>,
}

/// A recording that was considered and not used.
#[derive(Debug, Clone, Deserialize)]
pub struct Rejection {
    /// The recording's id.
    pub playbook: String,
    /// Why it was not used.
    pub reason: String,
}

/// How one corpus fared in a search.
#[derive(Debug, Clone, Deserialize)]
pub struct CorpusStatus {
    /// Its name.
    pub corpus: String,
    /// `ok` or `failed`.
    pub status: String,
    /// Why it failed.
    pub reason: Option<String>,
}

/// The answer of `POST /v1/matrix/playbooks/record`.
#[derive(Debug, Clone, Deserialize)]
pub struct Recorded {
    /// The recording's id.
    pub id: String,
    /// The role's key.
    pub role: Option<String>,
    /// Where the role is from.
    pub role_source: String,
}

/// The answer of `POST /v1/embed`.
#[derive(Debug, Clone, Deserialize)]
pub struct Embeddings {
    /// How long each vector is.
    pub dimension: usize,
    /// One for each text.
    pub vectors: Vec<Vec<f64>>,
}

/// The answer of `POST /v1/validate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The draft may leave the house.
    Passed,
    /// It may not.
    Refused {
        /// Which kind of rule failed first.
        stage: Stage,
        /// Why.
        reason: String,
    },
}

/// The stages of validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Stage {
    /// The draft's form.
    Schema,
    /// What has to be there.
    Completeness,
    /// What the roster and the context say.
    Consistency,
    /// What must not leave the house.
    Policy,
}

impl Verdict {
    /// Reads the body of a 200.
    pub(super) fn passed(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Passed {
            #[serde(rename = "kind")]
            _kind: String,
            #[serde(rename = "findings")]
            _findings: Vec<Value>,
        }
        serde_json::from_slice::<Passed>(body).ok()?;
        Some(Self::Passed)
    }

    /// Reads the body of a 422: an object with one member, the stage.
    pub(super) fn refused(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        enum Failure {
            Schema(Reason),
            Completeness(Reason),
            Consistency(Reason),
            Policy(Reason),
        }
        #[derive(Deserialize)]
        struct Reason {
            reason: String,
        }
        let (stage, Reason { reason }) = match serde_json::from_slice(body).ok()? {
            Failure::Schema(reason) => (Stage::Schema, reason),
            Failure::Completeness(reason) => (Stage::Completeness, reason),
            Failure::Consistency(reason) => (Stage::Consistency, reason),
            Failure::Policy(reason) => (Stage::Policy, reason),
        };
        Some(Self::Refused { stage, reason })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Refused { stage, reason } => write!(f, "refused, {stage:?}: {reason}"),
        }
    }
}
