//! The recordings, in an index of their own.

use std::sync::Arc;

use lakehouse_vector::{
    Engine, Hit, Index, IndexConfig, IndexName, Item, Metric, Search, VectorError,
};

use super::{PlaybookConfig, Recording};
use crate::error::MatrixError;
use crate::names::PLAYBOOK_INDEX;
use lakehouse_models::embed::{Embedders, Embedding};

/// How often a recording is tried again that lost a race against others who make or drop the
/// index at the same time.
const MOST_ATTEMPTS: usize = 5;

/// Where recordings are kept. The index is made when the first is; its vectors are those of the
/// queries, in the space of the model that embedded the first.
pub(crate) struct Memory {
    engine: Arc<Engine>,
    embedders: Embedders,
}

impl Memory {
    pub(crate) fn new(engine: Arc<Engine>, embedders: Embedders) -> Self {
        Self { engine, embedders }
    }

    /// The index, when there is one.
    fn index(&self) -> Option<Arc<Index>> {
        self.engine.get(PLAYBOOK_INDEX)
    }

    pub(crate) fn get(&self, id: &str) -> Option<Recording> {
        let item = self.index()?.get(id)?;
        Recording::read(&item.id, &item.metadata)
    }

    /// Forgets a recording; whether it was there.
    pub(crate) async fn delete(&self, id: &str) -> Result<bool, MatrixError> {
        let Some(index) = self.index().filter(|_| self.get(id).is_some()) else {
            return Ok(false);
        };
        match index.delete(vec![id.into()]).await {
            Err(VectorError::Dropped(_)) => Ok(false),
            count => Ok(count? > 0),
        }
    }

    /// Keeps a recording, embedded by the index's model, or by `model` when it is the first.
    pub(crate) async fn put(&self, recording: &Recording, model: &str) -> Result<(), MatrixError> {
        let mut attempts = 0;
        loop {
            let outcome = self.try_put(recording, model).await;
            let lost_a_race = matches!(
                outcome,
                Err(MatrixError::Vector(
                    VectorError::Dropped(_) | VectorError::Exists { .. }
                ))
            );
            attempts += 1;
            if !lost_a_race || attempts == MOST_ATTEMPTS {
                return outcome;
            }
        }
    }

    async fn try_put(&self, recording: &Recording, model: &str) -> Result<(), MatrixError> {
        let index = self.index();
        let model = match &index {
            None => model,
            // Somebody made the index without saying whose vectors it holds.
            Some(index) => index.config().space.as_deref().ok_or(VectorError::Space {
                index: PLAYBOOK_INDEX.into(),
                holds: None,
                given: model.to_owned(),
            })?,
        };
        let vector = self
            .embedders
            .embed_one(Some(model), &recording.query_text)
            .await?;
        let index = match index {
            Some(index) => index,
            None => self.make(&vector, model).await?,
        };
        let item = Item {
            id: recording.id.clone(),
            vector: vector.values().to_vec(),
            metadata: recording.metadata(),
            text: None,
        };
        let refused = match index.upsert(vec![item]).await {
            // Whoever records sent a text, and knows of no item.
            Err(VectorError::Item { fault, .. }) => VectorError::Vector(fault),
            outcome => return Ok(outcome?),
        };
        Err(refused.into())
    }

    async fn make(&self, first: &Embedding, model: &str) -> Result<Arc<Index>, MatrixError> {
        let config = IndexConfig {
            dimension: first.dimension(),
            distance: Metric::Cosine,
            space: Some(model.to_owned()),
        };
        let (index, _) = self
            .engine
            .create(&IndexName::parse(PLAYBOOK_INDEX)?, config)
            .await?;
        Ok(index)
    }

    /// The recordings nearest to a query, nearest first, those of equal distance by id. Items
    /// that are no recordings are passed over and take no recording's place.
    pub(crate) async fn nearest(
        &self,
        query_text: &str,
        config: &PlaybookConfig,
    ) -> Result<Vec<Recording>, MatrixError> {
        let Some(index) = self.index() else {
            return Ok(Vec::new());
        };
        // Without a space nobody can tell which model's vectors these are.
        let Some(model) = index.config().space.as_deref() else {
            return Ok(Vec::new());
        };
        let vector = self.embedders.embed_one(Some(model), query_text).await?;
        let mut k = config.most_considered;
        loop {
            let hits = match index.search(&Search::new(vector.values(), k)).await {
                Err(VectorError::Dropped(_)) => Vec::new(),
                hits => hits?,
            };
            let is_all = hits.len() < k;
            let near = |hit: &Hit| hit.distance <= config.max_distance;
            let is_far_enough = !hits.last().is_some_and(near);
            let mut recordings: Vec<_> = hits
                .iter()
                .filter(|hit| near(hit))
                .filter_map(|hit| Recording::read(&hit.id, &hit.metadata))
                .collect();
            if is_all || is_far_enough || recordings.len() >= config.most_considered {
                recordings.truncate(config.most_considered);
                return Ok(recordings);
            }
            k *= 2;
        }
    }
}
