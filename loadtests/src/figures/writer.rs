//! One writer and what it knows to be there: the ids are its own, so it knows exactly.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use rand::{Rng, RngExt};
use reqwest::Method;
use serde_json::{Value, json};

use crate::figures::api::Api;

/// Writes items of one index under ids that nobody else uses.
pub(crate) struct Writer {
    prefix: String,
    ids: u32,
    dimension: usize,
    /// Rises with every write, and stands in the metadata of what was written.
    generation: u64,
    acknowledged: BTreeMap<String, u64>,
    in_flight: Option<Write>,
}

/// A write of several items, which is taken whole or not at all.
enum Write {
    Upsert { ids: Vec<String>, generation: u64 },
    Delete { ids: Vec<String> },
}

impl Writer {
    /// A writer with `ids` ids that begin with `prefix`.
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

    /// How many of its items are there.
    pub(crate) fn len(&self) -> usize {
        self.acknowledged.len()
    }

    /// The generation of an item that is there.
    pub(crate) fn generation(&self, id: &str) -> Option<u64> {
        self.acknowledged.get(id).copied()
    }

    /// Whether an id is one of its own.
    pub(crate) fn owns(&self, id: &str) -> bool {
        id.starts_with(&self.prefix)
    }

    /// One of its items that are there, with its vector.
    pub(crate) fn any(&self, rng: &mut impl Rng) -> Option<(String, Vec<f32>)> {
        if self.acknowledged.is_empty() {
            return None;
        }
        let nth = rng.random_range(0..self.acknowledged.len());
        let (id, generation) = self.acknowledged.iter().nth(nth)?;
        Some((id.clone(), vector(id, *generation, self.dimension)))
    }

    /// Writes each of its ids once, in requests of `batch`.
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

    /// Upserts up to `most` items.
    pub(crate) async fn upsert(
        &mut self,
        api: &Api,
        index: &str,
        most: u32,
        rng: &mut impl Rng,
    ) -> Result<()> {
        let ids = self.some_ids(most, rng);
        self.write_ids(api, index, ids).await
    }

    /// Deletes up to `most` items, some of which may not be there.
    pub(crate) async fn delete(
        &mut self,
        api: &Api,
        index: &str,
        most: u32,
        rng: &mut impl Rng,
    ) -> Result<()> {
        let ids = self.some_ids(most, rng);
        let there = ids.iter().filter(|id| self.acknowledged.contains_key(*id));
        let there = there.count();
        let body = json!({ "ids": ids });
        self.in_flight = Some(Write::Delete { ids });
        let path = format!("/v1/vectors/indexes/{index}/items/delete");
        let answer = api.post(&path, &body).await?;
        ensure!(
            answer["deleted"] == there,
            "`POST {path}` with {body} answered {answer}, {there} were there"
        );
        self.acknowledge();
        Ok(())
    }

    /// Holds what is stored against what was acknowledged; the write that got no answer may have
    /// been taken, but then whole. Returns how many items are there.
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
                "`{index}`: `{id}` was acknowledged as generation {generation}, found {found:?}"
            );
        }
        for (id, generation) in &stored {
            ensure!(
                self.acknowledged.contains_key(id),
                "`{index}`: `{id}` is there as generation {generation}, and should not be"
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
            .ask(Method::POST, &path, &json!({ "items": items }))
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

    /// One to `most` ids, each once.
    fn some_ids(&self, most: u32, rng: &mut impl Rng) -> Vec<String> {
        let count = rng.random_range(1..=most.min(self.ids));
        let first = rng.random_range(0..self.ids);
        let ids = (first..first + count).map(|n| n % self.ids);
        ids.map(|n| format!("{}{n}", self.prefix)).collect()
    }
}

/// The vector of an item: a different one for each generation, made from both alone.
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
