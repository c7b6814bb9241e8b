//! A writer with ids of its own, which therefore knows exactly what the index must contain.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use rand::{Rng, RngExt};
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;

/// Writes items under ids that no other writer uses.
pub(crate) struct Writer {
    prefix: String,
    ids: u32,
    dimension: usize,
    /// Counter of writes, stored in the metadata of the items.
    generation: u64,
    acknowledged: BTreeMap<String, u64>,
    in_flight: Option<Write>,
}

/// A write of several items, which is applied as a whole or not at all.
enum Write {
    Upsert { ids: Vec<String>, generation: u64 },
    Delete { ids: Vec<String> },
}

impl Writer {
    /// Creates a writer with `ids` ids that start with `prefix`.
    pub(crate) fn new(prefix: String, ids: u32, dimension: usize) -> Self {
        Self {
            prefix,
            ids,
            dimension,
            generation: 0,
            acknowledged: BTreeMap::new(),
            in_flight: None,
        }
    }

    /// Number of its items in the index.
    pub(crate) fn len(&self) -> usize {
        self.acknowledged.len()
    }

    /// The generation of an item in the index.
    pub(crate) fn generation(&self, id: &str) -> Option<u64> {
        self.acknowledged.get(id).copied()
    }

    /// Whether an id belongs to the writer.
    pub(crate) fn owns(&self, id: &str) -> bool {
        id.starts_with(&self.prefix)
    }

    /// A random item in the index, with its vector.
    pub(crate) fn any(&self, rng: &mut impl Rng) -> Option<(String, Vec<f32>)> {
        if self.acknowledged.is_empty() {
            return None;
        }
        let nth = rng.random_range(0..self.acknowledged.len());
        let (id, generation) = self.acknowledged.iter().nth(nth)?;
        Some((id.clone(), vector(id, *generation, self.dimension)))
    }

    /// Writes all its ids, in requests of `batch` items.
    pub(crate) async fn fill(&mut self, api: &Api, index: &str, batch: u32) -> Result<()> {
        for first in (0..self.ids).step_by(batch as usize) {
            let last = (first + batch).min(self.ids);
            let ids = (first..last)
                .map(|n| format!("{}{n}", self.prefix))
                .collect();
            self.write_ids(api, index, ids).await?;
        }
        Ok(())
    }

    /// Upserts up to `max` random items.
    pub(crate) async fn upsert(
        &mut self,
        api: &Api,
        index: &str,
        max: u32,
        rng: &mut impl Rng,
    ) -> Result<()> {
        let ids = self.some_ids(max, rng);
        self.write_ids(api, index, ids).await
    }

    /// Deletes up to `max` random ids, some of which may not exist.
    pub(crate) async fn delete(
        &mut self,
        api: &Api,
        index: &str,
        max: u32,
        rng: &mut impl Rng,
    ) -> Result<()> {
        let ids = self.some_ids(max, rng);
        let existing = ids.iter().filter(|id| self.acknowledged.contains_key(*id));
        let existing = existing.count();
        let body = json!({ "ids": ids });
        self.in_flight = Some(Write::Delete { ids });
        let path = format!("/v1/vectors/indexes/{index}/items/delete");
        let answer = api.post(&path, &body).await?;
        ensure!(
            answer["deleted"] == existing,
            "`POST {path}` with {body} answered {answer}, expected {existing} deleted"
        );
        self.acknowledge();
        Ok(())
    }

    /// Compares the stored items with the acknowledged writes; a write without an answer may have been
    /// applied, but only as a whole. Returns the number of items.
    pub(crate) async fn verify(&mut self, api: &Api, index: &str) -> Result<u64> {
        let mut stored = BTreeMap::new();
        for n in 0..self.ids {
            let id = format!("{}{n}", self.prefix);
            if let Some(metadata) = api.metadata(index, &id).await? {
                let generation = metadata["generation"].as_u64();
                ensure!(generation.is_some(), "`{id}` has the metadata {metadata}");
                stored.extend(generation.map(|generation| (id, generation)));
            }
        }
        if stored != self.acknowledged {
            self.acknowledge();
        }
        self.in_flight = None;
        for (id, generation) in &self.acknowledged {
            let found = stored.get(id);
            ensure!(
                found == Some(generation),
                "`{index}`: `{id}` was acknowledged as generation {generation}, but is {found:?}"
            );
        }
        for (id, generation) in &stored {
            ensure!(
                self.acknowledged.contains_key(id),
                "`{index}`: `{id}` exists as generation {generation}, but was never acknowledged"
            );
        }
        Ok(stored.len() as u64)
    }

    async fn write_ids(&mut self, api: &Api, index: &str, ids: Vec<String>) -> Result<()> {
        self.generation += 1;
        let generation = self.generation;
        let item = |id: &String| {
            let vector = vector(id, generation, self.dimension);
            json!({ "id": id, "vector": vector, "metadata": { "generation": generation } })
        };
        let items: Vec<Value> = ids.iter().map(item).collect();
        let count = items.len();
        self.in_flight = Some(Write::Upsert { ids, generation });
        let path = format!("/v1/vectors/indexes/{index}/items");
        let answer = api
            .request(Method::POST, &path, &json!({ "items": items }))
            .await?;
        ensure!(
            answer["upserted"] == count,
            "`POST {path}` with {count} items answered {answer}"
        );
        self.acknowledge();
        Ok(())
    }

    fn acknowledge(&mut self) {
        match self.in_flight.take() {
            Some(Write::Upsert { ids, generation }) => {
                let written = ids.into_iter().map(|id| (id, generation));
                self.acknowledged.extend(written);
            }
            Some(Write::Delete { ids }) => {
                self.acknowledged.retain(|id, _| !ids.contains(id));
            }
            None => {}
        }
    }

    /// Between 1 and `max` distinct ids.
    fn some_ids(&self, max: u32, rng: &mut impl Rng) -> Vec<String> {
        let count = rng.random_range(1..=max.min(self.ids));
        let first = rng.random_range(0..self.ids);
        let ids = (first..first + count).map(|n| n % self.ids);
        ids.map(|n| format!("{}{n}", self.prefix)).collect()
    }
}

/// The vector of an item, derived from its id and generation.
fn vector(id: &str, generation: u64, dimension: usize) -> Vec<f32> {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    let bytes = id.bytes().fold(generation, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut rng = ChaCha8Rng::seed_from_u64(bytes);
    (0..dimension)
        .map(|_| rng.random_range(-1.0..1.0))
        .collect()
}
