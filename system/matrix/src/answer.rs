//! The result of a search.

use lakehouse_vector::Metadata;

use crate::{
    playbook::{Reason, Recording},
    role::FoundRole,
};

/// The hits of a search, and how they were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The hits, nearest first; ties are ordered by id, then by corpus.
    pub hits: Vec<MatrixHit>,
    /// The effect of the playbook.
    pub playbook: PlaybookUse,
    /// A report for each requested corpus, in the order of the request.
    pub corpora: Vec<CorpusReport>,
    /// The conditions of the filters that match no document of a corpus, in the contract's words.
    pub notices: Vec<String>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixHit {
    /// The document's id.
    pub id: Box<str>,
    /// The document's corpus.
    pub corpus: Box<str>,
    /// The distance after the playbook's change.
    pub distance: f64,
    /// The distance from the query.
    pub base_distance: f64,
    /// The document's metadata.
    pub metadata: Metadata,
    /// The document's text; only [`retrieve`](crate::Matrix::retrieve) loads it.
    pub text: Option<Box<str>>,
    /// Why it is among the hits.
    pub why: Why,
}

/// Why a document is among the hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// How it was found.
    pub shape: Shape,
    /// The id of the recording that changed its distance.
    pub playbook: Option<Box<str>>,
    /// The recording's current score.
    pub score: Option<f64>,
    /// The factor between `base_distance` and `distance`.
    pub factor: f64,
}

/// How a document was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// By the search.
    Cold,
    /// By the search, and a recording changed its distance.
    Boosted,
    /// By a recording.
    Injected,
}

/// The effect of the playbook on a search.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookUse {
    /// Whether it was used.
    pub used: bool,
    /// The query's role, if the playbook was requested.
    pub role: FoundRole,
    /// The number of recordings that changed a distance.
    pub boosted: usize,
    /// The number of recordings that added a document, even if it is not among the `k` hits.
    pub injected: usize,
    /// The other recordings, nearest first.
    pub rejected: Vec<Rejected>,
}

/// A recording without an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The recording's id.
    pub playbook: Box<str>,
    /// The id of its answer.
    pub answer_id: Box<str>,
    /// The corpus of its answer.
    pub answer_corpus: Box<str>,
    /// Why it had none.
    pub reason: Reason,
}

/// The outcome of the search of one corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusReport {
    /// The requested name.
    pub corpus: String,
    /// The number of its hits before the ranking is cut to `k`, or why it could not be searched.
    pub outcome: Result<usize, String>,
}

impl Why {
    pub(crate) const COLD: Self = Self {
        shape: Shape::Cold,
        playbook: None,
        score: None,
        factor: 1.0,
    };
}

impl Shape {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Boosted => "boosted",
            Self::Injected => "injected",
        }
    }
}

impl PlaybookUse {
    pub(crate) const NOT_USED: Self = Self {
        used: false,
        role: FoundRole::NONE,
        boosted: 0,
        injected: 0,
        rejected: Vec::new(),
    };
}

impl Rejected {
    pub(crate) fn new(recording: Recording, reason: Reason) -> Self {
        Self {
            playbook: recording.id,
            answer_id: recording.answer_id,
            answer_corpus: recording.answer_corpus,
            reason,
        }
    }
}
