//! The cold ranking: what is nearest to the query, whatever was learned.

use std::collections::{HashMap, HashSet};

use lakehouse_vector::{Hit, Search};

use super::MatrixQuery;
use crate::{
    EmbedError, Embedding,
    matrix::{CorpusReport, Matrix, MatrixError, MatrixHit, Why, corpus::Corpus, found::Question},
};

/// A corpus that could be searched.
pub(super) struct Searched {
    pub(super) corpus: Corpus,
    /// The query, embedded by the corpus' model.
    vector: Embedding,
    hits: Vec<Hit>,
}

/// The query, embedded by each model that was needed, once each.
#[derive(Default)]
struct QueryVectors(HashMap<String, Result<Embedding, EmbedError>>);

impl Matrix {
    /// Searches each corpus once, and reports on each.
    ///
    /// # Errors
    /// The first failure when every corpus failed.
    pub(super) async fn search_cold(
        &self,
        query: &MatrixQuery<'_>,
    ) -> Result<(Vec<Searched>, Vec<CorpusReport>), MatrixError> {
        let mut vectors = QueryVectors::default();
        let mut asked = HashSet::new();
        let mut searched = Vec::new();
        let mut reports = Vec::new();
        let mut first_failure = None;
        for name in query.corpora.iter().filter(|name| asked.insert(**name)) {
            match self.search_corpus(name, query, &mut vectors).await {
                Ok(one) => {
                    reports.push(CorpusReport::new(name, Ok(one.hits.len())));
                    searched.push(one);
                }
                Err(error) => {
                    reports.push(CorpusReport::new(name, Err(&error)));
                    first_failure.get_or_insert(error);
                }
            }
        }
        match first_failure {
            Some(error) if searched.is_empty() => Err(error),
            _ => Ok((searched, reports)),
        }
    }

    async fn search_corpus(
        &self,
        name: &str,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors,
    ) -> Result<Searched, MatrixError> {
        let corpus = self.find(name)?;
        let vector = match vectors.0.get(corpus.model()) {
            Some(embedded) => embedded.clone(),
            None => {
                let model = corpus.model();
                let embedded = self
                    .parts
                    .embedders
                    .embed_one(Some(model), query.query_text)
                    .await;
                vectors.0.insert(model.to_owned(), embedded.clone());
                embedded
            }
        }?;
        let mut searched = Searched {
            corpus,
            vector,
            hits: Vec::new(),
        };
        searched.hits = self.nearest(&searched, query)?;
        Ok(searched)
    }

    /// The nearest documents that the query allows; those that were found before while the corpus
    /// is what it was then.
    fn nearest(
        &self,
        searched: &Searched,
        query: &MatrixQuery<'_>,
    ) -> Result<Vec<Hit>, MatrixError> {
        // What is narrowed down is seldom asked for twice.
        if query.filter.is_some() || !query.exclude_ids.is_empty() {
            return searched.nearest(query, query.k);
        }
        let index = &searched.corpus.index;
        let question = Question {
            index: index.number(),
            text: query.query_text,
            k: query.k,
        };
        if let Some(hits) = self.found.get(&question, index) {
            return Ok(hits);
        }
        let search = Search::new(searched.vector.values(), query.k);
        let found = index.search_versioned(&search);
        let (version, hits) = found.map_err(|error| searched.corpus.failed(error))?;
        self.found.keep(&question, version, &hits);
        Ok(hits)
    }
}

impl Searched {
    /// The `k` nearest documents that the query allows.
    fn nearest(&self, query: &MatrixQuery<'_>, k: usize) -> Result<Vec<Hit>, MatrixError> {
        self.search(&Search {
            filter: query.filter.as_ref(),
            exclude_ids: &query.exclude_ids,
            ..Search::new(self.vector.values(), k)
        })
    }

    /// The document of that id with its distance to the query, if it is there.
    pub(super) fn only(&self, id: &str) -> Result<Option<Hit>, MatrixError> {
        let hits = self.search(&Search {
            only_ids: Some(&[id]),
            ..Search::new(self.vector.values(), 1)
        })?;
        Ok(hits.into_iter().next())
    }

    fn search(&self, search: &Search<'_>) -> Result<Vec<Hit>, MatrixError> {
        let hits = self.corpus.index.search(search);
        hits.map_err(|error| self.corpus.failed(error))
    }

    pub(super) fn hit(&self, hit: Hit) -> MatrixHit {
        MatrixHit {
            id: hit.id,
            corpus: self.corpus.name().into(),
            distance: hit.distance,
            base_distance: hit.distance,
            metadata: hit.metadata,
            text: None,
            why: Why::COLD,
        }
    }
}

/// The nearest `k` of the hits of all corpora.
pub(super) fn ranking(searched: &[Searched], k: usize) -> Vec<MatrixHit> {
    let hits = searched
        .iter()
        .flat_map(|one| one.hits.iter().map(|hit| one.hit(hit.clone())));
    rank(hits.collect(), k)
}

/// What follows the first `k` of the cold ranking: its next `count`.
pub(super) fn next_of_ranking(
    searched: &[Searched],
    query: &MatrixQuery<'_>,
    count: usize,
) -> Result<Vec<MatrixHit>, MatrixError> {
    let mut hits = Vec::new();
    for one in searched {
        let nearest = one.nearest(query, query.k + count)?;
        hits.extend(nearest.into_iter().map(|hit| one.hit(hit)));
    }
    Ok(rank(hits, query.k + count))
}

/// Orders hits by distance, id and corpus, and cuts them to `k`.
pub(super) fn rank(mut hits: Vec<MatrixHit>, k: usize) -> Vec<MatrixHit> {
    hits.sort_by(|a, b| {
        let distance = a.distance.total_cmp(&b.distance);
        distance
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| a.corpus.cmp(&b.corpus))
    });
    hits.truncate(k);
    hits
}
