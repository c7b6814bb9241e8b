//! Searches of corpora.

use lakehouse_vector::{Filter, Metadata};

/// A search of corpora.
#[derive(Debug, Clone)]
pub struct MatrixQuery<'a> {
    /// The query.
    pub query_text: &'a str,
    /// The names of the corpora to search, at least one.
    pub corpora: Vec<&'a str>,
    /// The maximum number of hits.
    pub k: usize,
    /// The ids of documents to exclude, in every corpus.
    pub exclude_ids: Vec<&'a str>,
    /// A filter on the documents' metadata.
    pub filter: Option<Filter>,
    /// A second filter, in a subset of SQL.
    pub sql_filter: Option<&'a str>,
    /// Whether to use the playbook.
    pub use_playbook: bool,
    /// The role, if the request names it.
    pub query_role: Option<&'a str>,
    /// Whether the query is understood before it is searched.
    pub understand: bool,
    /// The largest distance of a hit from the query.
    pub max_distance: Option<f64>,
}

impl<'a> MatrixQuery<'a> {
    /// A search for the ten nearest documents, without the playbook.
    pub fn new(query_text: &'a str, corpora: Vec<&'a str>) -> Self {
        Self {
            query_text,
            corpora,
            k: 10,
            exclude_ids: Vec::new(),
            filter: None,
            sql_filter: None,
            use_playbook: false,
            query_role: None,
            understand: false,
            max_distance: None,
        }
    }

    /// Whether a document at that distance may be a hit.
    pub(crate) fn is_near(&self, distance: f64) -> bool {
        self.max_distance.is_none_or(|most| distance <= most)
    }

    /// Whether a document with this id and metadata is eligible.
    pub(crate) fn allows(&self, id: &str, metadata: &Metadata) -> bool {
        let passes = |filter: &Filter| filter.passes(metadata);
        !self.exclude_ids.contains(&id) && self.filter.as_ref().is_none_or(passes)
    }
}
