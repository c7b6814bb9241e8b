//! The result of a search.

use lakehouse_vector::Metadata;

use lakehouse_understand::Understanding;

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
    /// What the query was understood as, if it was to be.
    pub understood: Option<Understood>,
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
    /// What of the query it matches, if the query was understood.
    pub matches: Vec<Match>,
    /// The number of tiers before its own.
    pub tier: usize,
    /// Why it is among the hits.
    pub why: Why,
}

/// What a query was understood as.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// The person who was looked up.
    pub person: Option<Person>,
    /// What the text asks for.
    pub understanding: Understanding,
}

/// A person who was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// By what.
    pub by: PersonBy,
    /// The part of the query.
    pub text: String,
}

/// By what a person was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonBy {
    /// An id.
    Id,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A name.
    Name,
}

/// What of a query a document matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is the person who was looked up.
    Person,
    /// Its role is wanted.
    Role,
    /// Its second role is wanted.
    SecondRole,
    /// Its role is related to one that is wanted.
    Related,
    /// It is in a place that is wanted.
    Place,
    /// It has a shift that is wanted.
    Shift,
    /// It has all certificates that are wanted.
    Certificates,
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

impl Person {
    pub(crate) fn new(by: PersonBy, text: &str) -> Self {
        let text = text.to_owned();
        Self { by, text }
    }
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
