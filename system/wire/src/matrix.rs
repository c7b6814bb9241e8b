//! `matrix_search.md`: corpora of documents, searched several at once.

pub mod legacy;
pub mod understood;

mod condition;
mod parameters;

use crate::{
    Array, AtLeast, Carried, Decimal, Id, JsonObject, Nullable, Text,
    object::{request, response},
    playbook::RoleSource,
    vectors::{DEFAULT_HITS, Filter, Hits, MAX_EXCLUDED, MAX_NOTICES},
    words::words,
};

use understood::Understood;

pub use condition::Condition;
pub use parameters::{AfterId, CorpusName, DocumentId, IdLimit};

request! {
    /// A corpus to create.
    pub struct CreateCorpus<'a> {
        /// The model that embeds its documents. Default: the default model of the configured
        /// provider.
        pub model: Option<&'a str>,
    }
}

/// A request that any server answers.
pub const CREATE_EXAMPLE: &str = r#"{"model":"hash-768"}"#;

response! {
    /// A corpus.
    pub struct CorpusDescription<'a> {
        /// Its name.
        pub name: &'a str,
        /// The model that embeds its documents.
        pub model: &'a str,
        /// The number of components of their vectors.
        pub dimension: AtLeast<1>,
        /// The number of documents.
        pub documents: AtLeast<0>,
    }
}

response! {
    /// All corpora.
    pub struct CorpusList<'a> {
        /// Their descriptions, by name.
        pub corpora: Vec<CorpusDescription<'a>>,
    }
}

request! {
    /// A document, on a line of its own.
    pub struct DocumentLine<'a> {
        /// Its id, at most 256 bytes.
        pub id: Id<'a>,
        /// The text, which is embedded.
        pub text: Text<'a>,
        /// Its metadata, carried over to every hit.
        pub metadata: Option<JsonObject<'a>>,
    }
}

/// Lines that any corpus takes.
pub const DOCUMENTS_EXAMPLE: &str = concat!(
    r#"{"id":"w-1001","text":"Ana Ruiz, Picker in Detroit MI","metadata":{"role":"Picker","city":"Detroit","years":4}}"#,
    "\n",
    r#"{"id":"w-1002","text":"Marcus Bell, Packer in Flint MI","metadata":{"role":"Packer","city":"Flint","years":1}}"#,
    "\n",
);

/// The largest number of rejected lines in an answer.
pub const MAX_LINE_ERRORS: usize = 100;

response! {
    /// The result of sending documents.
    pub struct DocumentsTaken<'a> {
        /// The number of documents taken.
        pub taken: AtLeast<0>,
        /// The number of lines rejected.
        pub refused: AtLeast<0>,
        /// The first of the rejected lines.
        pub errors: Array<LineError<'a>, 0, MAX_LINE_ERRORS>,
    }
}

response! {
    /// A line that was rejected.
    pub struct LineError<'a> {
        /// Its number, counted from 1.
        pub line: AtLeast<1>,
        /// What is wrong with it.
        pub reason: &'a str,
    }
}

/// The largest number of ids in an answer.
pub const MAX_IDS: usize = 10_000;
/// The number of ids in an answer when the request has no limit.
pub const DEFAULT_IDS: usize = 1000;

response! {
    /// Ids of the documents of a corpus.
    pub struct DocumentIds<'a> {
        /// The ids, in the order of their bytes.
        pub ids: Array<&'a str, 0, MAX_IDS>,
    }
}

response! {
    /// A document.
    pub struct Document<'a> {
        /// Its id.
        pub id: &'a str,
        /// Its text, or `null` for an item that was written as a vector.
        pub text: Nullable<&'a str>,
        /// Its metadata, carried over.
        pub metadata: Carried<'a>,
    }
}

request! {
    /// A search for the documents nearest to what a coordinator says.
    pub struct MatrixSearch<'a> {
        /// The coordinator's words.
        pub query_text: Text<'a>,
        /// The names of the corpora.
        pub corpora: Array<&'a str, 1, 16>,
        /// The number of hits.
        pub k: Hits = DEFAULT_HITS,
        /// Documents that are not hits.
        pub exclude_ids: Option<Array<&'a str, 0, MAX_EXCLUDED>>,
        /// A condition on the metadata of hits.
        pub filter: Option<Filter<'a>>,
        /// Whether recorded answers may move the hits.
        pub use_playbook: bool = false,
        /// The role asked for. Default: the role that the text names.
        pub query_role: Option<&'a str>,
        /// Whether each hit has a `why`.
        pub explain: bool = false,
        /// Whether the text is understood before it is searched.
        pub understand: Understand = Understand::Auto,
        /// The largest distance of a hit from the query.
        pub max_distance: Option<MaxDistance<'a>>,
    }
}

/// The largest distance of a hit from the query.
pub type MaxDistance<'a> = Decimal<'a, 0, 2>;

words! {
    /// Whether a text is understood before it is searched.
    pub enum Understand {
        /// What it asks for decides which documents are searched, and their order.
        Auto = "auto",
        /// The distance alone decides.
        Off = "off",
    }
}

/// A search of one corpus.
pub const SEARCH_EXAMPLE: &str = r#"{"query_text":"Need 3 pickers in Detroit MI","corpora":["workers"],"k":5,"use_playbook":true,"explain":true}"#;

request! {
    /// A search whose hits have texts, with a condition in SQL.
    pub struct MatrixRetrieve<'a> {
        ..search: MatrixSearch<'a>,
        /// Another condition on the metadata of hits, at most 4096 bytes.
        pub sql_filter: Option<Condition<'a>>,
    }
}

/// A search of one corpus.
pub const RETRIEVE_EXAMPLE: &str = r#"{"query_text":"Need 3 pickers in Detroit MI","corpora":["workers"],"sql_filter":"years >= 3 AND role IN ('Picker', 'Packer')"}"#;

response! {
    /// The documents found.
    pub struct MatrixSearchAnswer<'a> {
        /// The documents, nearest first, those of equal distance by id and then by corpus.
        pub hits: Vec<MatrixHit<'a>>,
        /// What the playbook did.
        pub playbook: PlaybookUse<'a>,
        /// The result for each corpus, in the order of the request.
        pub corpora: Vec<CorpusReport<'a>>,
        /// What the text was understood as, unless `understand` is `off`.
        pub understood: Option<Understood<'a>>,
        /// The conditions of the filters that match no document of a corpus, if there are any.
        pub notices: Option<Array<&'a str, 1, MAX_NOTICES>>,
    }
}

response! {
    /// A document that was found.
    pub struct MatrixHit<'a> {
        /// Its id.
        pub id: &'a str,
        /// Its corpus.
        pub corpus: &'a str,
        /// Its text, in answers to `/v1/matrix/retrieve`.
        pub text: Option<Nullable<&'a str>>,
        /// Its distance from the query, as the playbook changed it.
        pub distance: f64,
        /// Its distance from the query.
        pub base_distance: f64,
        /// Its metadata, carried over.
        pub metadata: Carried<'a>,
        /// What of the query it matches, unless `understand` is `off`.
        pub matches: Option<Vec<Match>>,
        /// The reason why it is a hit, with `explain`.
        pub why: Option<Why<'a>>,
    }
}

words! {
    /// What of a query a document matches.
    pub enum Match {
        /// It is the person who was looked up.
        Person = "person",
        /// Its role is wanted.
        Role = "role",
        /// Its second role is wanted.
        SecondRole = "second_role",
        /// Its role is related to one that is wanted.
        Related = "related",
        /// It is in a place that is wanted.
        Place = "place",
        /// It has a shift that is wanted.
        Shift = "shift",
        /// It has all certificates that are wanted.
        Certificates = "certificates",
    }
}

response! {
    /// The reason why a document is a hit.
    pub struct Why<'a> {
        /// How it came among the hits.
        pub shape: Shape,
        /// The id of the recording that moved it.
        pub playbook: Nullable<&'a str>,
        /// The recording's score as it counts today.
        pub score: Nullable<f64>,
        /// What `base_distance` was multiplied by.
        pub factor: f64,
    }
}

words! {
    /// How a document came among the hits.
    pub enum Shape {
        /// The search found it.
        Cold = "cold",
        /// The search found it, and a recording moved it.
        Boosted = "boosted",
        /// A recording added it.
        Injected = "injected",
    }
}

response! {
    /// What the playbook did to a search.
    pub struct PlaybookUse<'a> {
        /// Whether recordings were considered.
        pub used: bool,
        /// The role of the query.
        pub role: Nullable<&'a str>,
        /// The source of the role.
        pub role_source: RoleSource,
        /// The number of recordings that moved a hit.
        pub boosted: AtLeast<0>,
        /// The number of recordings that added a hit.
        pub injected: AtLeast<0>,
        /// The other recordings, in the order in which they were considered.
        pub rejected: Vec<Rejected<'a>>,
    }
}

response! {
    /// A recording that changed nothing.
    pub struct Rejected<'a> {
        /// Its id.
        pub playbook: &'a str,
        /// The document that was the answer.
        pub answer_id: &'a str,
        /// The corpus of that document.
        pub answer_corpus: &'a str,
        /// The reason.
        pub reason: RejectionReason,
    }
}

words! {
    /// Why a recording changed nothing.
    pub enum RejectionReason {
        /// The query has no role.
        NoQueryRole = "no_query_role",
        /// The recording has no role.
        NoRecordedRole = "no_recorded_role",
        /// The two roles differ.
        RoleMismatch = "role_mismatch",
        /// An earlier recording has the same answer.
        Superseded = "superseded",
        /// The corpus of the answer is not searched.
        CorpusNotSearched = "corpus_not_searched",
        /// The corpus has no such document any more.
        AnswerGone = "answer_gone",
        /// The answer is excluded or does not pass the filter.
        Filtered = "filtered",
        /// The score is not above 0.
        Negative = "negative",
        /// The document has another role.
        JudgeRole = "judge_role",
        /// The document has another city.
        JudgeCity = "judge_city",
        /// The document is not available.
        JudgeUnavailable = "judge_unavailable",
        /// A language model said no.
        JudgeRejected = "judge_rejected",
        /// The language model could not be asked.
        JudgeUnreachable = "judge_unreachable",
    }
}

response! {
    /// The result of the search of one corpus.
    pub struct CorpusReport<'a> {
        /// Its name.
        pub corpus: &'a str,
        /// Whether it was searched.
        pub status: CorpusStatus,
        /// The number of hits that it gave to the ranking, if it was searched.
        pub hits: Option<AtLeast<0>>,
        /// What went wrong, if it was not searched.
        pub reason: Option<&'a str>,
    }
}

words! {
    /// Whether a corpus was searched.
    pub enum CorpusStatus {
        /// It was.
        Ok = "ok",
        /// It was not.
        Failed = "failed",
    }
}
