//! The cold ranking: the documents nearest to the query, without the playbook.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lakehouse_vector::{Filter, Hit, Index, Search};

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
    /// The hits, in order.
    pub(super) hits: Vec<Hit>,
}

/// A query's search by a plan, in every corpus alike.
struct Planned<'a> {
    query: &'a MatrixQuery<'a>,
    plan: &'a Arc<Plan>,
    filter: Option<Filter>,
    tiers: Vec<&'a Filter>,
    only_ids: Option<Vec<&'a str>>,
}

impl<'a> Planned<'a> {
    fn new(query: &'a MatrixQuery<'a>, plan: &'a Arc<Plan>) -> Self {
        Self {
            query,
            plan,
            filter: plan.filter(query.filter.as_ref()),
            tiers: plan.tiers(),
            only_ids: plan.only_ids(),
        }
    }

    /// The search of a corpus for the first `k` documents. The vector is that of the corpus's model.
    fn search<'s>(&'s self, vector: &'s Embedding, k: usize) -> Search<'s> {
        Search {
            filter: self.filter.as_ref(),
            exclude_ids: &self.query.exclude_ids,
            only_ids: self.only_ids.as_deref(),
            tiers: &self.tiers,
            max_distance: self.query.max_distance,
            ..Search::new(vector.values(), k)
        }
    }

    /// The key of the result, unless it is not kept.
    fn key(&self, index: &Index) -> Option<KeyRef<'_>> {
        let is_kept = self.only_ids.is_none();
        is_kept.then(|| KeyRef {
            index: index.number(),
            text: self.query.query_text,
            k: self.query.k,
            filter: self.filter.as_ref(),
            tiers: &self.tiers,
            exclude_ids: &self.query.exclude_ids,
            max_distance: self.query.max_distance.map(f64::to_bits),
        })
    }
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
        let planned = Planned::new(query, plan);
        let mut names = HashSet::new();
        let mut searched = Vec::new();
        let mut reports = Vec::new();
        let mut first_failure = None;
        for name in query.corpora.iter().filter(|name| names.insert(**name)) {
            match self.search_corpus(name, &planned, vectors).await {
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

    /// The first eligible documents of a corpus. The query is only embedded if the cache has no current
    /// result.
    async fn search_corpus(
        &self,
        name: &str,
        planned: &Planned<'_>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<Searched, MatrixError> {
        let corpus = self.find(name)?;
        let key = planned.key(&corpus.index);
        let known = key.and_then(|key| self.searches.get(&key, &corpus.index));
        let hits = match known {
            Some(hits) => hits,
            None => {
                let vector = vectors.embed(&corpus).await?;
                let search = planned.search(&vector, planned.query.k);
                let found = corpus.index.search_to_keep(&search).await;
                let (found, hits) = found.map_err(|error| corpus.failed(error))?;
                if let Some(key) = key {
                    self.searches.insert(&key, found);
                }
                hits
            }
        };
        let plan = Arc::clone(planned.plan);
        Ok(Searched { corpus, plan, hits })
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
    pub(super) fn hit_that_fits(&self, hit: Hit) -> MatrixHit {
        let tier = self.plan.tier_of(&hit.metadata);
        self.hit(Hit { tier, ..hit })
    }

    /// A document as a hit, whose matches are not looked for yet: few hits are returned.
    fn hit(&self, hit: Hit) -> MatrixHit {
        MatrixHit {
            id: hit.id,
            corpus: self.corpus.name().into(),
            distance: hit.distance + offset(hit.tier),
            base_distance: hit.distance,
            metadata: hit.metadata,
            text: None,
            matches: Vec::new(),
            tier: hit.tier,
            why: Why::COLD,
        }
    }

    /// The first `count` eligible documents.
    async fn first(
        &self,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
        count: usize,
    ) -> Result<Vec<MatrixHit>, MatrixError> {
        let vector = vectors.embed(&self.corpus).await?;
        let planned = Planned::new(query, &self.plan);
        let hits = self.search(&planned.search(&vector, count)).await?;
        Ok(hits.into_iter().map(|hit| self.hit(hit)).collect())
    }
}

/// The first `k` hits of all corpora.
pub(super) fn ranking(searched: &[Searched], k: usize) -> Vec<MatrixHit> {
    let hits = searched.iter().flat_map(|one| {
        let hits = one.hits.iter().cloned();
        hits.map(|hit| one.hit(hit))
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
