//! The index of recordings.

use std::sync::Arc;

use lakehouse_vector::{
    Engine, Filter, Hit, Index, IndexConfig, IndexName, Item, Metric, Scalar, Search, VectorError,
};

use super::{PlaybookConfig, Recording};
use crate::error::MatrixError;
use crate::names::PLAYBOOK_INDEX;
use crate::role::{KnownTerms, RoleKey};
use lakehouse_models::embed::{Embedders, Embedding};

/// The maximum number of attempts to save a recording while other requests create or drop the index.
const MAX_ATTEMPTS: usize = 5;

/// The maximum number of earlier recordings of the same answer to the same query that are replaced at
/// a time; there is more than one only when ids were computed otherwise.
const MAX_REPLACED: usize = 64;

/// The recordings. Their index is created with the first recording; its vectors are the embedded
/// queries, in the space of the model that embedded the first.
pub(crate) struct Memory {
    engine: Arc<Engine>,
    embedders: Embedders,
}

impl Memory {
    pub(crate) fn new(engine: Arc<Engine>, embedders: Embedders) -> Self {
        Self { engine, embedders }
    }

    /// The index, if it exists.
    fn index(&self) -> Option<Arc<Index>> {
        self.engine.get(PLAYBOOK_INDEX)
    }

    /// The index, if it can have recordings: without a space, the model of its vectors is unknown.
    pub(crate) fn index_with_space(&self) -> Option<Arc<Index>> {
        self.index().filter(|index| index.config().space.is_some())
    }

    pub(crate) fn get(&self, id: &str) -> Option<Recording> {
        let item = self.index()?.get(id)?;
        Recording::read(&item.id, &item.metadata)
    }

    /// Deletes a recording; returns whether it existed.
    pub(crate) async fn delete(&self, id: &str) -> Result<bool, MatrixError> {
        let Some(index) = self.index().filter(|_| self.get(id).is_some()) else {
            return Ok(false);
        };
        match index.delete(vec![id.into()]).await {
            Err(VectorError::Dropped(_)) => Ok(false),
            count => Ok(count? > 0),
        }
    }

    /// Saves a recording, embedded by the index's model, or by `model` if it is the first, and deletes
    /// the recordings that it replaces, which are of the same role by `known`.
    pub(crate) async fn save(
        &self,
        recording: &Recording,
        model: &str,
        known: &KnownTerms,
    ) -> Result<(), MatrixError> {
        let mut attempts = 0;
        loop {
            let outcome = self.try_save(recording, model, known).await;
            let lost_a_race = matches!(
                outcome,
                Err(MatrixError::Vector(
                    VectorError::Dropped(_) | VectorError::Exists { .. }
                ))
            );
            attempts += 1;
            if !lost_a_race || attempts == MAX_ATTEMPTS {
                return outcome;
            }
        }
    }

    async fn try_save(
        &self,
        recording: &Recording,
        model: &str,
        known: &KnownTerms,
    ) -> Result<(), MatrixError> {
        let index = self.index();
        let model = match &index {
            None => model,
            // The index was created by a client, without a space.
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
            None => self.create_index(&vector, model).await?,
        };
        let item = Item {
            id: recording.id.clone(),
            vector: vector.values().to_vec(),
            metadata: recording.metadata(),
            text: None,
        };
        match index.upsert(vec![item]).await {
            // The client sent a text, so an error must not mention an item.
            Err(VectorError::Item { fault, .. }) => Err(VectorError::Vector(fault))?,
            outcome => outcome?,
        }
        let replaced = replaced_by(recording, &index, &vector, known).await?;
        if !replaced.is_empty() {
            index.delete(replaced).await?;
        }
        Ok(())
    }

    async fn create_index(
        &self,
        first: &Embedding,
        model: &str,
    ) -> Result<Arc<Index>, MatrixError> {
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

    /// The recordings nearest to a query, nearest first; ties are ordered by id. Items that are not
    /// recordings are ignored, and do not count towards the maximum.
    pub(crate) async fn nearest(
        &self,
        query_text: &str,
        config: &PlaybookConfig,
    ) -> Result<Vec<Recording>, MatrixError> {
        let Some(index) = self.index_with_space() else {
            return Ok(Vec::new());
        };
        let Some(model) = index.config().space.as_deref() else {
            return Ok(Vec::new());
        };
        let vector = self.embedders.embed_one(Some(model), query_text).await?;
        let mut k = config.max_recordings;
        loop {
            let hits = match index.search(&Search::new(vector.values(), k)).await {
                Err(VectorError::Dropped(_)) => Vec::new(),
                hits => hits?,
            };
            let is_all = hits.len() < k;
            let near = |hit: &Hit| hit.distance <= config.max_distance;
            let is_beyond = !hits.last().is_some_and(near);
            let mut recordings: Vec<_> = hits
                .iter()
                .filter(|hit| near(hit))
                .filter_map(|hit| Recording::read(&hit.id, &hit.metadata))
                .collect();
            if is_all || is_beyond || recordings.len() >= config.max_recordings {
                recordings.truncate(config.max_recordings);
                return Ok(recordings);
            }
            k *= 2;
        }
    }
}

/// The ids of the earlier recordings that a saved one replaces.
async fn replaced_by(
    recording: &Recording,
    index: &Index,
    vector: &Embedding,
    known: &KnownTerms,
) -> Result<Vec<Box<str>>, VectorError> {
    let is = |field: &str, value: &str| Filter::Eq {
        field: field.into(),
        value: Scalar::from(value),
    };
    let filter = Filter::And(vec![
        is("query_text", &recording.query_text),
        is("answer_id", &recording.answer_id),
        is("answer_corpus", &recording.answer_corpus),
    ]);
    let search = Search {
        filter: Some(&filter),
        ..Search::new(vector.values(), MAX_REPLACED)
    };
    let hits = index.search(&search).await?;
    let earlier = hits
        .iter()
        .filter_map(|hit| Recording::read(&hit.id, &hit.metadata));
    let meaning = |role: &Option<RoleKey>| role.as_ref().map(|role| known.meaning(role));
    let role = meaning(&recording.role);
    let replaced = earlier.filter(|earlier| {
        let has_same_role = meaning(&earlier.role) == role;
        recording.replaces(earlier, has_same_role)
    });
    Ok(replaced.map(|earlier| earlier.id).collect())
}
