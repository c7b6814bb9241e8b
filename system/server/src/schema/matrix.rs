//! `/v1/matrix`, without its playbooks, and the legacy dialect.

use serde::Deserialize;
use utoipa::ToSchema;

use super::vectors::Filter;

/// A corpus to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpusBody {
    /// The model that embeds its documents; without it, the configured provider's default.
    #[schema(example = "hash-768")]
    pub model: Option<String>,
}

/// A corpus.
#[derive(ToSchema)]
pub struct CorpusDescription {
    /// Its name.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,63}$")]
    pub name: String,
    /// The model that embeds its documents.
    pub model: String,
    /// How many components their vectors have.
    pub dimension: u32,
    /// How many documents there are.
    pub documents: u64,
}

/// All corpora.
#[derive(ToSchema)]
pub struct CorpusList {
    /// By name.
    pub corpora: Vec<CorpusDescription>,
}

/// A document, one a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentLine {
    /// What it is called: at most 256 bytes.
    #[schema(min_length = 1)]
    pub id: String,
    /// What is embedded; not blank.
    #[schema(min_length = 1)]
    pub text: String,
    /// Carried over to every hit.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
}

/// What became of the lines.
#[derive(ToSchema)]
pub struct Taken {
    /// How many documents were taken.
    pub taken: u64,
    /// How many lines were refused.
    pub refused: u64,
    /// The first of them.
    #[schema(max_items = 100)]
    pub errors: Vec<LineError>,
}

/// A line that was refused.
#[derive(ToSchema)]
pub struct LineError {
    /// Its number, counted from 1.
    #[schema(minimum = 1)]
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A document.
#[derive(ToSchema)]
pub struct Document {
    /// What it is called.
    pub id: String,
    /// Its text; null where an item was put into the index without one.
    #[schema(required = true)]
    pub text: Option<String>,
    /// Carried over.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
}

/// What is looked for, and where.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatrixSearchBody)]
pub struct SearchBody {
    /// The coordinator's words; not blank.
    #[schema(min_length = 1, example = "Need 3 forklift operators in Detroit MI")]
    pub query_text: String,
    /// The corpora's names.
    #[schema(min_items = 1, max_items = 16)]
    pub corpora: Vec<String>,
    /// How many hits.
    #[schema(minimum = 1, maximum = 1000, default = 10)]
    pub k: Option<u32>,
    /// What does not pass.
    #[schema(max_items = 10000)]
    pub exclude_ids: Option<Vec<String>>,
    /// What passes.
    pub filter: Option<Filter>,
    /// Whether earlier answers count.
    #[schema(default = false)]
    pub use_playbook: Option<bool>,
    /// The role that is asked for; without it, the text tells it.
    pub query_role: Option<String>,
    /// Whether each hit says why it is there.
    #[schema(default = false)]
    pub explain: Option<bool>,
}

/// What is looked for, where, and a condition of SQL.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetrieveBody {
    /// All of a search.
    #[serde(flatten)]
    pub search: SearchBody,
    /// A condition over the members of the metadata.
    #[schema(max_length = 4096, example = "years >= 3 AND state IN ('MI', 'OH')")]
    pub sql_filter: Option<String>,
}

/// What was found.
#[derive(ToSchema)]
#[schema(as = MatrixSearchAnswer)]
pub struct SearchAnswer {
    /// Nearest first.
    pub hits: Vec<MatrixHit>,
    /// What the playbook did.
    pub playbook: PlaybookUse,
    /// How each corpus went, in the order of asking.
    pub corpora: Vec<CorpusReport>,
}

/// A document that was found.
#[derive(ToSchema)]
pub struct MatrixHit {
    /// What it is called.
    pub id: String,
    /// Where it is.
    pub corpus: String,
    /// Its text; only where texts are retrieved.
    #[schema(required = false)]
    pub text: Option<String>,
    /// How far it counts as being.
    pub distance: f32,
    /// How far it is.
    pub base_distance: f32,
    /// Carried over.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
    /// Why it is there; only where that was asked for.
    #[schema(required = false, nullable = false)]
    pub why: Option<Why>,
}

/// Why a document is among the hits.
#[derive(ToSchema)]
pub struct Why {
    /// How it came there.
    pub shape: Shape,
    /// The recording that moved it.
    #[schema(required = true)]
    pub playbook: Option<String>,
    /// That recording's score as it counts today.
    #[schema(required = true)]
    pub score: Option<f64>,
    /// What the distance was multiplied by.
    pub factor: f64,
}

/// How a document came among the hits.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Shape {
    /// It is near.
    Cold,
    /// It is near, and a recording moved it.
    Boosted,
    /// A recording brought it in.
    Injected,
}

/// What the playbook did.
#[derive(ToSchema)]
pub struct PlaybookUse {
    /// Whether it was asked for.
    pub used: bool,
    /// The query's role.
    #[schema(required = true)]
    pub role: Option<String>,
    /// Where that comes from.
    pub role_source: RoleSource,
    /// How many recordings moved a hit.
    pub boosted: u64,
    /// How many brought one in.
    pub injected: u64,
    /// The other recordings that were considered.
    pub rejected: Vec<Rejected>,
}

/// Where a role comes from.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum RoleSource {
    /// The request named it.
    Request,
    /// The text tells it.
    Text,
    /// There is none.
    None,
}

/// A recording that moved nothing.
#[derive(ToSchema)]
pub struct Rejected {
    /// Its id.
    pub playbook: String,
    /// Its answer.
    pub answer_id: String,
    /// Its answer's corpus.
    pub answer_corpus: String,
    /// Why.
    #[schema(example = "role_mismatch")]
    pub reason: String,
}

/// How the search of one corpus went.
#[derive(ToSchema)]
pub struct CorpusReport {
    /// Its name.
    pub corpus: String,
    /// Whether it was searched.
    pub status: CorpusStatus,
    /// How many hits it gave to the ranking; only where it was searched.
    #[schema(required = false, nullable = false)]
    pub hits: Option<u64>,
    /// Why it was not; only then.
    #[schema(required = false, nullable = false)]
    pub reason: Option<String>,
}

/// Whether a corpus was searched.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum CorpusStatus {
    /// It was.
    Ok,
    /// It was not.
    Failed,
}

/// What is looked for, in the legacy dialect.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegacySearchBody {
    /// The corpus.
    pub index_name: String,
    /// The text; not blank.
    #[schema(min_length = 1)]
    pub query: String,
    /// How many results.
    #[schema(minimum = 1, maximum = 1000, default = 10)]
    pub top_k: Option<u32>,
}

/// The same with a condition of SQL.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegacyHybridBody {
    /// The corpus.
    pub index_name: String,
    /// The text; not blank.
    #[schema(min_length = 1)]
    pub question: String,
    /// A condition over the members of the metadata.
    #[schema(max_length = 4096)]
    pub sql_filter: Option<String>,
    /// How many results.
    #[schema(minimum = 1, maximum = 1000, default = 10)]
    pub top_k: Option<u32>,
}

/// What was found, in the legacy dialect.
#[derive(ToSchema)]
pub struct LegacySearchAnswer {
    /// Nearest first.
    pub results: Vec<LegacyResult>,
}

/// A document that was found.
#[derive(ToSchema)]
pub struct LegacyResult {
    /// What it is called.
    pub doc_id: String,
    /// How far it is.
    pub distance: f32,
    /// Carried over.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
}

/// What was found, with texts.
#[derive(ToSchema)]
pub struct LegacyHybridAnswer {
    /// Nearest first.
    pub results: Vec<LegacyTextResult>,
}

/// A document that was found, with its text.
#[derive(ToSchema)]
pub struct LegacyTextResult {
    /// What it is called.
    pub doc_id: String,
    /// How far it is.
    pub distance: f32,
    /// Its text.
    #[schema(required = true)]
    pub text: Option<String>,
    /// Carried over.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
}
