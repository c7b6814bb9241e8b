//! Searches of corpora: the cold ranking, and the changes by the playbook.

mod cold;
mod conditions;
mod look_up;
mod notices;
mod plan;
mod understood;
mod warm;

use std::sync::Arc;

use lakehouse_base::is_blank;

use self::cold::{QueryVectors, Searched};
use self::notices::Sources;
use self::plan::Plan;
use crate::answer::{Answer, CorpusReport, PlaybookUse};
use crate::error::MatrixError;
use crate::matrix::Matrix;
use crate::query::MatrixQuery;
use crate::sql_filter::read_sql_filter;

impl Matrix {
    /// Searches corpora. The answer reports corpora that cannot be searched; the search only fails if
    /// none can.
    ///
    /// # Errors
    /// If the query is blank, the SQL-style filter is malformed, all corpora fail (the first error), or
    /// the playbook cannot be used.
    pub async fn search(&self, query: MatrixQuery<'_>) -> Result<Answer, MatrixError> {
        Ok(self.answer(query).await?.0)
    }

    /// As [`search`](Self::search), with the documents' texts.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn retrieve(&self, query: MatrixQuery<'_>) -> Result<Answer, MatrixError> {
        let (mut answer, searched) = self.answer(query).await?;
        for hit in &mut answer.hits {
            let one = corpus_of(&hit.corpus, &searched);
            let item = one.and_then(|one| one.corpus.index.get(&hit.id));
            hit.text = item.and_then(|item| item.text);
        }
        Ok(answer)
    }

    async fn answer(
        &self,
        mut query: MatrixQuery<'_>,
    ) -> Result<(Answer, Vec<Searched>), MatrixError> {
        if is_blank(query.query_text) {
            return Err(MatrixError::EmptyQuery);
        }
        let sources = Sources {
            filter: query.filter.take(),
            sql_filter: query.sql_filter.take().map(read_sql_filter).transpose()?,
        };
        query.filter = sources.both();
        let mut vectors = QueryVectors::new(&self.parts.embedders, query.query_text);
        let mut understood = None;
        let (searched, corpora) = if query.understand {
            let (found, searched) = self.search_understood(&query, &mut vectors).await?;
            understood = Some(found);
            searched
        } else {
            let plan = Arc::new(Plan::everything());
            self.search_cold(&query, &plan, &mut vectors).await?
        };
        let mut hits = cold::ranking(&searched, query.k);
        let playbook = if query.use_playbook {
            self.use_playbook(&query, &searched, &mut vectors, &mut hits)
                .await?
        } else {
            PlaybookUse::NOT_USED
        };
        hits.retain(|hit| query.is_near(hit.base_distance));
        for hit in &mut hits {
            if let Some(one) = corpus_of(&hit.corpus, &searched) {
                hit.matches = one.plan.matches(hit.tier, &hit.metadata);
            }
        }
        let answer = Answer {
            hits,
            understood,
            playbook,
            corpora,
            notices: sources.notices(&searched),
        };
        Ok((answer, searched))
    }
}

/// The searched corpus of that name.
fn corpus_of<'s>(name: &str, searched: &'s [Searched]) -> Option<&'s Searched> {
    searched.iter().find(|one| one.corpus.name() == name)
}

impl CorpusReport {
    fn new(corpus: &str, outcome: Result<usize, &MatrixError>) -> Self {
        Self {
            corpus: corpus.to_owned(),
            outcome: outcome.map_err(ToString::to_string),
        }
    }
}
