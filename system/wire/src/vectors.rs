//! `vector_search.md`: indexes, their items, and the nearest of them.

mod filter;
mod parameters;

use crate::{
    Array, AtLeast, Carried, Count, Deferred, Id, JsonObject, Nullable, Vector,
    object::{request, response},
    words::words,
};

pub use filter::{Bounds, Filter, Scalar};
pub use parameters::{IndexName, ItemId};

/// The number of hits of a search.
pub type Hits = Count<1, 1000>;
/// The number of hits of a search that asks for none.
pub const DEFAULT_HITS: Hits = Hits::new(10);
/// The largest number of notices about a filter.
pub const MAX_NOTICES: usize = 20;
/// The largest number of ids that a search excludes.
pub const MAX_EXCLUDED: usize = 10_000;

request! {
    /// An index to create.
    pub struct CreateIndex<'a> {
        /// The number of components of each vector.
        pub dimension: Count<1, 4096>,
        /// How distances are measured.
        pub distance: Distance = Distance::Cosine,
        /// How the index is searched.
        pub backend: Backend = Backend::Hnsw,
        /// The embedding space of the vectors. Requests that name another are rejected.
        pub space: Option<&'a str>,
    }
}

/// A request to create an index of three dimensions.
pub const CREATE_EXAMPLE: &str = r#"{"dimension":3,"distance":"cosine"}"#;

words! {
    /// How distances are measured.
    pub enum Distance {
        /// 1 minus the cosine of the angle.
        Cosine = "cosine",
        /// The length of the difference.
        Euclidean = "euclidean",
        /// The negative inner product.
        Dot = "dot",
    }
    must be "`cosine`, `euclidean` or `dot`"
}

words! {
    /// How an index is searched.
    pub enum Backend {
        /// In memory, and through a graph when it is large.
        Hnsw = "hnsw",
    }
    must be "`hnsw`"
}

response! {
    /// An index.
    pub struct IndexDescription<'a> {
        /// Its name.
        pub name: &'a str,
        /// The number of components of each vector.
        pub dimension: AtLeast<1>,
        /// How distances are measured.
        pub distance: Distance,
        /// How the index is searched.
        pub backend: Backend,
        /// The embedding space of the vectors.
        pub space: Nullable<&'a str>,
        /// The number of items.
        pub items: AtLeast<0>,
    }
}

response! {
    /// All indexes.
    pub struct IndexList<'a> {
        /// Their descriptions, by name.
        pub indexes: Vec<IndexDescription<'a>>,
    }
}

response! {
    /// An index or a corpus was dropped.
    pub struct Dropped<'a> {
        /// Its name.
        pub dropped: &'a str,
    }
}

request! {
    /// Items to insert or replace.
    pub struct UpsertItems<'a> {
        /// The items, which are applied in this order.
        pub items: Array<Deferred<'a, NewItem<'a>>, 1, 1000>,
        /// The embedding space of the vectors.
        pub space: Option<&'a str>,
    }
}

/// A request for an index of three dimensions.
pub const UPSERT_EXAMPLE: &str =
    r#"{"items":[{"id":"w-1001","vector":[0.6,0,0.8],"metadata":{"role":"Picker","years":4}}]}"#;

request! {
    /// An item to insert or replace.
    pub struct NewItem<'a> {
        /// Its id, at most 256 bytes.
        pub id: Id<'a>,
        /// Its components.
        pub vector: Vector<'a>,
        /// Its metadata, carried over to every hit.
        pub metadata: Option<JsonObject<'a>>,
    }
}

response! {
    /// Items were inserted or replaced.
    pub struct Upserted {
        /// The number of items of the request.
        pub upserted: AtLeast<0>,
    }
}

request! {
    /// Items to delete.
    pub struct DeleteItems<'a> {
        /// Their ids.
        pub ids: Array<&'a str, 1, 1000>,
    }
}

/// A request to delete two items.
pub const DELETE_EXAMPLE: &str = r#"{"ids":["w-1002","w-1003"]}"#;

response! {
    /// Items, documents or recordings were deleted.
    pub struct Deleted {
        /// The number of those that were there.
        pub deleted: AtLeast<0>,
    }
}

response! {
    /// An item.
    pub struct Item<'a> {
        /// Its id.
        pub id: &'a str,
        /// Its components as they are kept, which is with length 1 under `cosine`.
        pub vector: Vector<'a>,
        /// Its metadata, carried over.
        pub metadata: Carried<'a>,
    }
}

request! {
    /// A search for the items nearest to a vector.
    pub struct VectorSearch<'a> {
        /// The query.
        pub vector: Vector<'a>,
        /// The number of hits.
        pub k: Hits = DEFAULT_HITS,
        /// A condition on the metadata of hits.
        pub filter: Option<Filter<'a>>,
        /// Items that are not hits.
        pub exclude_ids: Option<Array<&'a str, 0, MAX_EXCLUDED>>,
        /// How widely a graph is searched.
        pub ef: Option<Count<1, 10_000>>,
        /// The embedding space of the query.
        pub space: Option<&'a str>,
    }
}

/// A search of an index of three dimensions.
pub const SEARCH_EXAMPLE: &str = r#"{"vector":[0.6,0,0.8],"k":3,"filter":{"and":[{"eq":{"field":"role","value":"Picker"}},{"range":{"field":"years","gte":2}}]}}"#;

response! {
    /// The items nearest to a vector.
    pub struct VectorSearchAnswer<'a> {
        /// The items, nearest first, those of equal distance by id.
        pub hits: Vec<VectorHit<'a>>,
        /// The conditions of the filter that match no item of the index, if there are any.
        pub notices: Option<Array<&'a str, 1, MAX_NOTICES>>,
    }
}

response! {
    /// An item that is near.
    pub struct VectorHit<'a> {
        /// Its id.
        pub id: &'a str,
        /// Its distance from the query.
        pub distance: f64,
        /// Its metadata, carried over.
        pub metadata: Carried<'a>,
    }
}
