//! The cold ranking: the documents nearest to the query, without the playbook.

use std::collections::{HashMap, HashSet};

use lakehouse_vector::{Hit, Search};

use crate::answer::{CorpusReport, MatrixHit, Why};
use crate::corpus::Corpus;
use crate::error::MatrixError;
use crate::matrix::Matrix;
use crate::query::MatrixQuery;
use crate::search_cache::KeyRef;
use lakehouse_models::embed::{EmbedError, Embedders, Embedding};

/// A searched corpus and its hits.
pub(super) struct Searched {
    pub(super) corpus: Corpus,
    hits: Vec<Hit>,
}

/// A query's embeddings, computed once for each model.
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

    /// The embedding by the corpus's model.
    async fn embed(&mut self, corpus: &Corpus) -> Result<Embedding, EmbedError> {
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
    /// Searches each corpus once.
    ///
    /// # Errors
    /// The first error, if every corpus fails.
    pub(super) async fn search_cold(
        &self,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<(Vec<Searched>, Vec<CorpusReport>), MatrixError> {
        let mut names = HashSet::new();
        let mut searched = Vec::new();
        let mut reports = Vec::new();
        let mut first_failure = None;
        for name in query.corpora.iter().filter(|name| names.insert(**name)) {
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

    /// The nearest eligible documents of a corpus. The query is only embedded if the cache has no
    /// current result.
    async fn search_corpus(
        &self,
        name: &str,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Searched, MatrixError> {
        let corpus = self.find(name)?;
        let key = KeyRef::new(query, &corpus.index);
        let hits = match self.searches.get(&key, &corpus.index) {
            Some(hits) => hits,
            None => {
                let vector = vectors.embed(&corpus).await?;
                let search = search_for(query, &vector, query.k);
                let found = corpus.index.search_to_keep(&search).await;
                let (found, hits) = found.map_err(|error| corpus.failed(error))?;
                self.searches.insert(&key, found);
                hits
            }
        };
        Ok(Searched { corpus, hits })
    }
}

/// A search for the `k` nearest eligible documents.
fn search_for<'s>(query: &'s MatrixQuery<'_>, vector: &'s Embedding, k: usize) -> Search<'s> {
    Search {
        filter: query.filter.as_ref(),
        exclude_ids: &query.exclude_ids,
        ..Search::new(vector.values(), k)
    }
}

impl Searched {
    /// The document of that id with its distance from the query, if it exists.
    pub(super) async fn only(
        &self,
        id: &str,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Option<Hit>, MatrixError> {
        let vector = vectors.embed(&self.corpus).await?;
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

/// The nearest `k` hits of all corpora.
pub(super) fn ranking(searched: &[Searched], k: usize) -> Vec<MatrixHit> {
    let hits = searched
        .iter()
        .flat_map(|one| one.hits.iter().map(|hit| one.hit(hit.clone())));
    rank(hits.collect(), k)
}

/// The cold ranking with `count` more hits.
pub(super) async fn longer_ranking(
    searched: &[Searched],
    query: &MatrixQuery<'_>,
    vectors: &mut QueryVectors<'_>,
    count: usize,
) -> Result<Vec<MatrixHit>, MatrixError> {
    let mut hits = Vec::new();
    for one in searched {
        let vector = vectors.embed(&one.corpus).await?;
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
