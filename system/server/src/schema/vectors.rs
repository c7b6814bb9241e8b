//! `/v1/vectors`.

use serde::Deserialize;
use utoipa::ToSchema;

/// An index to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexBody {
    /// How many components each vector has.
    #[schema(minimum = 1, maximum = 4096, example = 768)]
    pub dimension: u32,
    /// How distances are measured.
    #[schema(default = "cosine")]
    pub distance: Option<Distance>,
    /// How it is searched.
    #[schema(default = "hnsw")]
    pub backend: Option<Backend>,
    /// The embedding space of its vectors; requests that name another are refused.
    #[schema(example = "hash-768")]
    pub space: Option<String>,
}

/// How distances are measured.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Distance {
    /// 1 minus the cosine of the angle.
    Cosine,
    /// The length of the difference.
    Euclidean,
    /// The negative inner product.
    Dot,
}

/// How an index is searched.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// In memory, through a graph where it is large.
    Hnsw,
}

/// An index.
#[derive(ToSchema)]
pub struct IndexDescription {
    /// Its name.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,63}$")]
    pub name: String,
    /// How many components each vector has.
    pub dimension: u32,
    /// How distances are measured.
    pub distance: Distance,
    /// How it is searched.
    pub backend: Backend,
    /// The embedding space of its vectors.
    #[schema(required = true)]
    pub space: Option<String>,
    /// How many items it has.
    pub items: u64,
}

/// All indexes.
#[derive(ToSchema)]
pub struct IndexList {
    /// By name.
    pub indexes: Vec<IndexDescription>,
}

/// What was dropped.
#[derive(ToSchema)]
pub struct Dropped {
    /// Its name.
    pub dropped: String,
}

/// Items to put in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemsBody {
    /// In the order in which they are applied.
    #[schema(min_items = 1, max_items = 1000)]
    pub items: Vec<NewItem>,
    /// The embedding space of the vectors.
    pub space: Option<String>,
}

/// An item to put in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// What it is called: at most 256 bytes.
    #[schema(min_length = 1)]
    pub id: String,
    /// Its components, each within ±10¹⁵.
    #[schema(min_items = 1, max_items = 4096)]
    pub vector: Vec<f32>,
    /// Carried over to every hit.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
}

/// How many items were put in.
#[derive(ToSchema)]
pub struct Upserted {
    /// As many as the request had.
    pub upserted: u64,
}

/// Items to take out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdsBody {
    /// Their ids.
    #[schema(min_items = 1, max_items = 1000)]
    pub ids: Vec<String>,
}

/// How many were taken out.
#[derive(ToSchema)]
pub struct Deleted {
    /// Those that were there.
    pub deleted: u64,
}

/// An item.
#[derive(ToSchema)]
pub struct Item {
    /// What it is called.
    pub id: String,
    /// Its components as they are kept: of length 1 under `cosine`.
    pub vector: Vec<f32>,
    /// Carried over.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
}

/// What is looked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchBody {
    /// The query.
    #[schema(min_items = 1, max_items = 4096)]
    pub vector: Vec<f32>,
    /// How many hits.
    #[schema(minimum = 1, maximum = 1000, default = 10)]
    pub k: Option<u32>,
    /// What passes.
    pub filter: Option<Filter>,
    /// What does not.
    #[schema(max_items = 10000)]
    pub exclude_ids: Option<Vec<String>>,
    /// How widely a graph is searched.
    #[schema(minimum = 1, maximum = 10000)]
    pub ef: Option<u32>,
    /// The embedding space of the query.
    pub space: Option<String>,
}

/// What passes, by its metadata: an object with exactly one of these members.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// Has the member with that value.
    Eq {
        /// The member's name.
        field: String,
        /// A string, a number, a boolean or null.
        value: serde_json::Value,
    },
    /// Has the member with one of these values.
    In {
        /// The member's name.
        field: String,
        /// Strings, numbers, booleans or nulls.
        #[schema(min_items = 1, max_items = 1000)]
        values: Vec<serde_json::Value>,
    },
    /// Has the member with a value within the bounds, all numbers or all strings.
    Range {
        /// The member's name.
        field: String,
        /// Above.
        gt: Option<serde_json::Value>,
        /// Above or equal.
        gte: Option<serde_json::Value>,
        /// Below.
        lt: Option<serde_json::Value>,
        /// Below or equal.
        lte: Option<serde_json::Value>,
    },
    /// Passes all of them, at most 64.
    #[schema(no_recursion)]
    And(Vec<Filter>),
    /// Passes one of them, at most 64.
    #[schema(no_recursion)]
    Or(Vec<Filter>),
    /// Does not pass it.
    #[schema(no_recursion)]
    Not(Box<Filter>),
}

/// The nearest items.
#[derive(ToSchema)]
pub struct SearchAnswer {
    /// Nearest first.
    pub hits: Vec<Hit>,
}

/// An item that is near.
#[derive(ToSchema)]
pub struct Hit {
    /// What it is called.
    pub id: String,
    /// How far it is.
    pub distance: f32,
    /// Carried over.
    #[schema(value_type = Object)]
    pub metadata: serde_json::Value,
}
