//! The cold ranking: what is nearest to the query, whatever was learned.

use std::collections::{HashMap, HashSet};

use lakehouse_vector::{Hit, Search};

use crate::answer::{CorpusReport, MatrixHit, Why};
use crate::corpus::Corpus;
use crate::error::MatrixError;
use crate::found_cache::Question;
use crate::matrix::Matrix;
use crate::query::MatrixQuery;
use lakehouse_models::embed::{EmbedError, Embedders, Embedding};

/// A corpus that could be searched.
pub(super) struct Searched {
    pub(super) corpus: Corpus,
    hits: Vec<Hit>,
}

/// A query's text, embedded by each model that is needed, once each.
pub(super) struct QueryVectors<'a> {
    embedders: &'a Embedders,
    text: &'a str,
    embedded: HashMap<String, Result<Embedding, EmbedError>>,
}

impl<'a> QueryVectors<'a> {
    pub(super) fn new(embedders: &'a Embedders, text: &'a str) -> Self {
        Self {
            embedders,
            text,
            embedded: HashMap::new(),
        }
    }

    /// That of the corpus's model.
    async fn of(&mut self, corpus: &Corpus) -> Result<Embedding, EmbedError> {
        let model = corpus.model();
        if let Some(embedded) = self.embedded.get(model) {
            return embedded.clone();
        }
        let embedded = self.embedders.embed_one(Some(model), self.text).await;
        self.embedded.insert(model.to_owned(), embedded.clone());
        embedded
    }
}

impl Matrix {
    /// Searches each corpus once, and reports on each.
    ///
    /// # Errors
    /// The first failure when every corpus failed.
    pub(super) async fn search_cold(
        &self,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<(Vec<Searched>, Vec<CorpusReport>), MatrixError> {
        let mut asked = HashSet::new();
        let mut searched = Vec::new();
        let mut reports = Vec::new();
        let mut first_failure = None;
        for name in query.corpora.iter().filter(|name| asked.insert(**name)) {
            match self.search_corpus(name, query, vectors).await {
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

    /// The nearest documents that the query allows; those that were found before while the corpus
    /// is what it was then, and then the query need not be embedded.
    async fn search_corpus(
        &self,
        name: &str,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Searched, MatrixError> {
        let corpus = self.find(name)?;
        let question = Question::of(query, &corpus.index);
        let hits = match self.found.get(&question, &corpus.index) {
            Some(hits) => hits,
            None => {
                let vector = vectors.of(&corpus).await?;
                let search = search_for(query, &vector, query.k);
                let found = corpus.index.search_to_keep(&search).await;
                let (found, hits) = found.map_err(|error| corpus.failed(error))?;
                self.found.keep(&question, found);
                hits
            }
        };
        Ok(Searched { corpus, hits })
    }
}

/// The `k` nearest documents that the query allows.
fn search_for<'s>(query: &'s MatrixQuery<'_>, vector: &'s Embedding, k: usize) -> Search<'s> {
    Search {
        filter: query.filter.as_ref(),
        exclude_ids: &query.exclude_ids,
        ..Search::new(vector.values(), k)
    }
}

impl Searched {
    /// The document of that id with its distance to the query, if it is there.
    pub(super) async fn only(
        &self,
        id: &str,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Option<Hit>, MatrixError> {
        let vector = vectors.of(&self.corpus).await?;
        let search = Search {
            only_ids: Some(&[id]),
            ..Search::new(vector.values(), 1)
        };
        let hits = self.search(&search).await?;
        Ok(hits.into_iter().next())
    }

    async fn search(&self, search: &Search<'_>) -> Result<Vec<Hit>, MatrixError> {
        let hits = self.corpus.index.search(search).await;
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
pub(super) async fn next_of_ranking(
    searched: &[Searched],
    query: &MatrixQuery<'_>,
    vectors: &mut QueryVectors<'_>,
    count: usize,
) -> Result<Vec<MatrixHit>, MatrixError> {
    let mut hits = Vec::new();
    for one in searched {
        let vector = vectors.of(&one.corpus).await?;
        let nearest = one
            .search(&search_for(query, &vector, query.k + count))
            .await?;
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
