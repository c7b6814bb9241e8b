//! The filters of a request, and what they cannot match.

use lakehouse_vector::{Filter, MAX_NOTICES};

use super::cold::Searched;

/// The filters of a request, by their members.
pub(super) struct Sources {
    pub(super) filter: Option<Filter>,
    pub(super) sql_filter: Option<Filter>,
}

impl Sources {
    /// The filter that passes what both pass.
    pub(super) fn both(&self) -> Option<Filter> {
        match (&self.sql_filter, &self.filter) {
            (Some(one), Some(other)) => Some(Filter::And(vec![one.clone(), other.clone()])),
            (one, other) => one.clone().or_else(|| other.clone()),
        }
    }

    /// The conditions that match no document of a corpus, by corpus, then member, then place.
    pub(super) fn notices(&self, searched: &[Searched]) -> Vec<String> {
        let members = [("filter", &self.filter), ("sql_filter", &self.sql_filter)];
        let mut notices = Vec::new();
        for one in searched {
            for (member, filter) in members {
                let found = filter
                    .as_ref()
                    .map(|filter| one.corpus.index.notices(filter));
                let corpus = one.corpus.name();
                for notice in found.into_iter().flatten() {
                    notices.push(format!("{member}: no document of `{corpus}` {notice}"));
                }
            }
        }
        notices.truncate(MAX_NOTICES);
        notices
    }
}
