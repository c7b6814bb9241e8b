//! A search over corpora.

use lakehouse_vector::{Filter, Metadata};

/// What is looked for.
#[derive(Debug, Clone)]
pub struct MatrixQuery<'a> {
    /// What the coordinator says.
    pub query_text: &'a str,
    /// The corpora to search, by name, one at least.
    pub corpora: Vec<&'a str>,
    /// The most hits that are wanted.
    pub k: usize,
    /// Ids of documents that are passed over, in every corpus.
    pub exclude_ids: Vec<&'a str>,
    /// What a document's metadata must pass.
    pub filter: Option<Filter>,
    /// A condition that it must pass as well.
    pub sql_filter: Option<&'a str>,
    /// Whether remembered answers may move the hits.
    pub use_playbook: bool,
    /// The role asked for, where the request names it.
    pub query_role: Option<&'a str>,
}

impl<'a> MatrixQuery<'a> {
    /// The ten nearest documents, without the playbook.
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
        }
    }

    /// Whether the query may give a document of this id and metadata.
    pub(crate) fn allows(&self, id: &str, metadata: &Metadata) -> bool {
        let passes = |filter: &Filter| filter.passes(metadata);
        !self.exclude_ids.contains(&id) && self.filter.as_ref().is_none_or(passes)
    }
}
