//! The parts of the server's answers that the checks read.

use serde::Deserialize;
use serde_json::Value;

/// The answer of `POST /v1/matrix/search`.
#[derive(Debug, Clone, Deserialize)]
pub struct SearchAnswer {
    /// Nearest first.
    pub hits: Vec<Hit>,
    /// Effect of the playbook on the hits.
    pub playbook: PlaybookUse,
    /// Outcome for each corpus.
    pub corpora: Vec<CorpusStatus>,
}

/// One document of an answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Hit {
    /// The document's id.
    pub id: String,
    /// The document's corpus.
    pub corpus: String,
    /// The distance that orders the hits.
    pub distance: f64,
    /// The distance before playbook boosts.
    pub base_distance: f64,
    /// The explanation, if the request asked for one.
    pub why: Option<Why>,
}

/// The explanation of a hit.
#[derive(Debug, Clone, Deserialize)]
pub struct Why {
    /// `cold`, `boosted` or `injected`.
    pub shape: String,
    /// The recording's id.
    pub playbook: Option<String>,
    /// The recording's score after decay.
    pub score: Option<f64>,
    /// The factor applied to the base distance.
    pub factor: f64,
}

/// Effect of the playbook on a search.
#[derive(Debug, Clone, Deserialize)]
pub struct PlaybookUse {
    /// Whether the playbook was consulted.
    pub used: bool,
    /// Number of hits that moved.
    pub boosted: u64,
    /// Number of hits that were added.
    pub injected: u64,
    /// Recordings that were not applied.
    pub rejected: Vec<Rejection>,
}

/// A recording that was considered and not applied.
#[derive(Debug, Clone, Deserialize)]
pub struct Rejection {
    /// The recording's id.
    pub playbook: String,
    /// Reason for the rejection.
    pub reason: String,
}

/// Outcome of a search in one corpus.
#[derive(Debug, Clone, Deserialize)]
pub struct CorpusStatus {
    /// The corpus's name.
    pub corpus: String,
    /// `ok` or `failed`.
    pub status: String,
    /// Reason for the failure.
    pub reason: Option<String>,
}

/// The answer of `POST /v1/matrix/playbooks/record`.
#[derive(Debug, Clone, Deserialize)]
pub struct Recorded {
    /// The recording's id.
    pub id: String,
    /// The role's key.
    pub role: Option<String>,
    /// Origin of the role.
    pub role_source: String,
}

/// The answer of `POST /v1/embed`.
#[derive(Debug, Clone, Deserialize)]
pub struct Embeddings {
    /// Length of each vector.
    pub dimension: usize,
    /// One vector for each text.
    pub vectors: Vec<Vec<f64>>,
}

/// The answer of `POST /v1/validate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The draft may be sent.
    Passed,
    /// The draft may not be sent.
    Rejected {
        /// The stage whose rule failed first.
        stage: Stage,
        /// Reason for the rejection.
        reason: String,
    },
}

/// The stages of validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Stage {
    /// The draft's structure.
    Schema,
    /// Required fields.
    Completeness,
    /// Agreement with the roster and the context.
    Consistency,
    /// Content that may not be sent.
    Policy,
}

impl Verdict {
    /// Reads the body of a 200.
    pub(super) fn from_ok(body: &[u8]) -> Option<Self> {
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

    /// Reads the body of a 422: an object whose only member is named for the stage.
    pub(super) fn from_unprocessable(body: &[u8]) -> Option<Self> {
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
        Some(Self::Rejected { stage, reason })
    }
}
