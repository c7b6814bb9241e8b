//! The legacy dialect: searches of one corpus.

use super::Condition;
use crate::{
    Carried, Nullable, Text,
    object::{request, response},
    vectors::{DEFAULT_HITS, Hits},
};

request! {
    /// A search of one corpus, in the legacy dialect.
    pub struct LegacySearch<'a> {
        /// The name of the corpus.
        pub index_name: &'a str,
        /// The coordinator's words.
        pub query: Text<'a>,
        /// The number of results.
        pub top_k: Hits = DEFAULT_HITS,
    }
}

/// A search of one corpus.
pub const SEARCH_EXAMPLE: &str =
    r#"{"index_name":"workers","query":"Need 3 pickers in Detroit MI","top_k":5}"#;

request! {
    /// A search of one corpus with a condition in SQL, in the legacy dialect.
    pub struct LegacyHybridSearch<'a> {
        /// The name of the corpus.
        pub index_name: &'a str,
        /// The coordinator's words.
        pub question: Text<'a>,
        /// A condition on the metadata of results, at most 4096 bytes.
        pub sql_filter: Option<Condition<'a>>,
        /// The number of results.
        pub top_k: Hits = DEFAULT_HITS,
    }
}

/// A search of one corpus.
pub const HYBRID_EXAMPLE: &str = r#"{"index_name":"workers","question":"Need 3 pickers in Detroit MI","sql_filter":"years >= 3","top_k":5}"#;

response! {
    /// The documents found, in the legacy dialect.
    pub struct LegacySearchAnswer<'a> {
        /// The documents, nearest first.
        pub results: Vec<LegacyResult<'a>>,
    }
}

response! {
    /// A document that was found, in the legacy dialect.
    pub struct LegacyResult<'a> {
        /// Its id.
        pub doc_id: &'a str,
        /// Its distance from the query.
        pub distance: f64,
        /// Its metadata, carried over.
        pub metadata: Carried<'a>,
    }
}

response! {
    /// The documents found with their texts, in the legacy dialect.
    pub struct LegacyHybridAnswer<'a> {
        /// The documents, nearest first.
        pub results: Vec<LegacyHybridResult<'a>>,
    }
}

response! {
    /// A document that was found with its text, in the legacy dialect.
    pub struct LegacyHybridResult<'a> {
        /// Its id.
        pub doc_id: &'a str,
        /// Its distance from the query.
        pub distance: f64,
        /// Its text, or `null` for an item that was written as a vector.
        pub text: Nullable<&'a str>,
        /// Its metadata, carried over.
        pub metadata: Carried<'a>,
    }
}
