//! The cold ranking: the documents nearest to the query, without the playbook.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lakehouse_vector::{Filter, Hit, Search};

use super::plan::{Plan, offset};

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
    pub(super) plan: Arc<Plan>,
    /// The hits with their tiers, in order.
    pub(super) hits: Vec<(Hit, usize)>,
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
    /// Searches each corpus once, by a plan.
    ///
    /// # Errors
    /// The first error, if every corpus fails.
    pub(super) async fn search_cold(
        &self,
        query: &MatrixQuery<'_>,
        plan: &Arc<Plan>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<(Vec<Searched>, Vec<CorpusReport>), MatrixError> {
        let mut names = HashSet::new();
        let mut searched = Vec::new();
        let mut reports = Vec::new();
        let mut first_failure = None;
        for name in query.corpora.iter().filter(|name| names.insert(**name)) {
            match self.search_corpus(name, query, plan, vectors).await {
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

    /// The first eligible documents of a corpus, tier by tier.
    async fn search_corpus(
        &self,
        name: &str,
        query: &MatrixQuery<'_>,
        plan: &Arc<Plan>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Searched, MatrixError> {
        let corpus = self.find(name)?;
        let mut hits = Vec::new();
        for (tier, at) in plan.tiers.iter().zip(0..) {
            let missing = query.k - hits.len();
            if missing == 0 {
                break;
            }
            let filter = plan.filter_of(tier, query.filter.as_ref());
            let found = self
                .search_tier(&corpus, query, plan, filter.as_ref(), vectors)
                .await?;
            let near = found.into_iter().filter(|hit| query.is_near(hit.distance));
            hits.extend(near.take(missing).map(|hit| (hit, at)));
        }
        let plan = Arc::clone(plan);
        Ok(Searched { corpus, plan, hits })
    }

    /// The nearest documents of a tier. The query is only embedded if the cache has no current result.
    async fn search_tier(
        &self,
        corpus: &Corpus,
        query: &MatrixQuery<'_>,
        plan: &Plan,
        filter: Option<&Filter>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Vec<Hit>, MatrixError> {
        let key = KeyRef::new(query, filter, &corpus.index);
        let is_cached = plan.only_ids.is_none();
        let known = if is_cached {
            self.searches.get(&key, &corpus.index)
        } else {
            None
        };
        if let Some(hits) = known {
            return Ok(hits);
        }
        let vector = vectors.embed(corpus).await?;
        let only_ids: Option<Vec<&str>> = plan
            .only_ids
            .as_ref()
            .map(|ids| ids.iter().map(|id| &**id).collect());
        let search = Search {
            only_ids: only_ids.as_deref(),
            ..search_for(query, filter, &vector, query.k)
        };
        let found = corpus.index.search_to_keep(&search).await;
        let (found, hits) = found.map_err(|error| corpus.failed(error))?;
        if is_cached {
            self.searches.insert(&key, found);
        }
        Ok(hits)
    }
}

/// A search for the `k` nearest eligible documents that pass the filter.
fn search_for<'s>(
    query: &'s MatrixQuery<'_>,
    filter: Option<&'s Filter>,
    vector: &'s Embedding,
    k: usize,
) -> Search<'s> {
    Search {
        filter,
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

    /// A document as a hit in the tier that it fits.
    pub(super) fn hit(&self, hit: Hit) -> MatrixHit {
        let tier = self.plan.tier_of(&hit.metadata);
        self.hit_of_tier(hit, tier)
    }

    fn hit_of_tier(&self, hit: Hit, tier: usize) -> MatrixHit {
        MatrixHit {
            matches: self.plan.matches(tier, &hit.metadata),
            id: hit.id,
            corpus: self.corpus.name().into(),
            distance: hit.distance + offset(tier),
            base_distance: hit.distance,
            metadata: hit.metadata,
            text: None,
            tier,
            why: Why::COLD,
        }
    }

    /// The first `count` eligible documents, tier by tier.
    async fn first(
        &self,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
        count: usize,
    ) -> Result<Vec<MatrixHit>, MatrixError> {
        let vector = vectors.embed(&self.corpus).await?;
        let mut hits = Vec::new();
        for (tier, at) in self.plan.tiers.iter().zip(0..) {
            let missing = count - hits.len();
            if missing == 0 {
                break;
            }
            let filter = self.plan.filter_of(tier, query.filter.as_ref());
            let only_ids = self.plan.only_ids.as_ref();
            let only_ids: Option<Vec<&str>> =
                only_ids.map(|ids| ids.iter().map(|id| &**id).collect());
            let search = Search {
                only_ids: only_ids.as_deref(),
                ..search_for(query, filter.as_ref(), &vector, missing)
            };
            let found = self.search(&search).await?;
            let near = found.into_iter().filter(|hit| query.is_near(hit.distance));
            hits.extend(near.map(|hit| self.hit_of_tier(hit, at)));
        }
        Ok(hits)
    }
}

/// The first `k` hits of all corpora.
pub(super) fn ranking(searched: &[Searched], k: usize) -> Vec<MatrixHit> {
    let hits = searched.iter().flat_map(|one| {
        let hits = one.hits.iter();
        hits.map(|(hit, tier)| one.hit_of_tier(hit.clone(), *tier))
    });
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
        hits.extend(one.first(query, vectors, query.k + count).await?);
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
