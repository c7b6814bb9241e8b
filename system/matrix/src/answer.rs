//! What a search answers.

use lakehouse_vector::Metadata;

use crate::{
    playbook::{Reason, Recording},
    role::FoundRole,
};

/// The documents found, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Nearest first, those of equal distance by id and then by corpus.
    pub hits: Vec<MatrixHit>,
    /// What the playbook did.
    pub playbook: PlaybookUse,
    /// Each corpus asked, once, in the order of asking.
    pub corpora: Vec<CorpusReport>,
}

/// A document found.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixHit {
    /// Its id.
    pub id: Box<str>,
    /// Its corpus.
    pub corpus: Box<str>,
    /// How far it counts as being from the query.
    pub distance: f32,
    /// How far it is.
    pub base_distance: f32,
    /// Its metadata.
    pub metadata: Metadata,
    /// Its text, if it has one; only [`retrieve`](crate::Matrix::retrieve) looks.
    pub text: Option<Box<str>>,
    /// Why it is here.
    pub why: Why,
}

/// Why a document is among the hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// How it came here.
    pub shape: Shape,
    /// The id of the recording that moved it.
    pub playbook: Option<Box<str>>,
    /// That recording's score as it counts today.
    pub score: Option<f64>,
    /// What `base_distance` was multiplied by.
    pub factor: f64,
}

/// How a document came among the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The search found it.
    Cold,
    /// The search found it, and a recording moved it.
    Boosted,
    /// A recording brought it in.
    Injected,
}

/// What the playbook did to a search.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaybookUse {
    /// Whether it was asked for.
    pub used: bool,
    /// The query's role, when the playbook was asked for.
    pub role: FoundRole,
    /// How many recordings boosted.
    pub boosted: usize,
    /// How many injected, those cut off afterwards included.
    pub injected: usize,
    /// The others, in the order of consideration.
    pub rejected: Vec<Rejected>,
}

/// A recording that moved nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its id.
    pub playbook: Box<str>,
    /// Its answer.
    pub answer_id: Box<str>,
    /// Its answer's corpus.
    pub answer_corpus: Box<str>,
    /// Why.
    pub reason: Reason,
}

/// How the search of one corpus went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusReport {
    /// The name asked for.
    pub corpus: String,
    /// How many hits it gave to the ranking before the cut, or why it could not be searched.
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
    /// Its name on the wire.
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
