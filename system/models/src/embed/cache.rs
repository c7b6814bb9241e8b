//! A cache in front of an embedder, bounded in bytes.
//!
//! [`EmbedCache`] is the memory, shared by all providers; [`Cached`] puts it before one of them.
//! Vectors are kept by provider, model, prefix and text. Of several requests that miss a text at
//! the same time one asks for it and the others wait; what failed is not kept.

mod flight;
mod key;

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use lakehouse_base::{UpstreamError, UpstreamFault};
use quick_cache::{
    DefaultHashBuilder, OptionsBuilder,
    sync::{Cache, DefaultLifecycle},
};

use self::{
    flight::{Flights, Landing, Seat},
    key::{InBytes, Key, KeyRef},
};
use super::{EmbedError, EmbedRequest, Embedder, Embedding};

const SHARDS: u64 = 8;
/// An entry of 768 dimensions with its text; only a hint for the size of the cache's tables.
const TYPICAL_ENTRY_BYTES: u64 = 12 * 1024;

/// The memory of embeddings, bounded in bytes: keys, vectors and their JSON texts.
#[derive(Debug)]
pub struct EmbedCache {
    entries: Cache<Key, Embedding, InBytes>,
    flights: Arc<Flights>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What a cache has done and holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheStats {
    /// How often what was asked for was there, every repetition counted.
    pub hits: u64,
    /// How often it was not.
    pub misses: u64,
    /// What the entries take.
    pub bytes: u64,
    /// How many there are.
    pub entries: u64,
}

impl EmbedCache {
    /// A cache of at most `capacity_bytes`; 0 keeps nothing.
    pub fn new(capacity_bytes: u64) -> Arc<Self> {
        // Rounded down to whole bytes per shard: the library rounds up, over the bound.
        let capacity = capacity_bytes / SHARDS * SHARDS;
        let options = OptionsBuilder::new()
            .shards(SHARDS as usize)
            .estimated_items_capacity((capacity / TYPICAL_ENTRY_BYTES).max(1) as usize)
            .weight_capacity(capacity)
            .build()
            .expect("all that the builder asks for is set");
        Arc::new(Self {
            entries: Cache::with_options(
                options,
                InBytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            flights: Arc::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        })
    }

    /// What it has done and holds.
    pub fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.entries.weight(),
            entries: self.entries.len() as u64,
        }
    }
}

/// An embedder with a cache before it.
#[derive(Clone)]
pub struct Cached {
    inner: Arc<dyn Embedder>,
    cache: Arc<EmbedCache>,
}

impl Cached {
    /// Puts `cache` before `inner`.
    pub fn new(inner: Arc<dyn Embedder>, cache: Arc<EmbedCache>) -> Self {
        Self { inner, cache }
    }

    /// Fills the empty slots of `slots`, one for each of the request's texts.
    async fn fill(
        &self,
        request: EmbedRequest<'_>,
        slots: &mut [Option<Embedding>],
    ) -> Result<(), EmbedError> {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut missing = Vec::new();
        for (place, text) in request.texts.iter().enumerate() {
            if slots[place].is_none() {
                let places = places.entry(text).or_default();
                if places.is_empty() {
                    missing.push(&**text);
                }
                places.push(place);
            }
        }
        for (text, source) in self.board(request, &missing) {
            let embedding = match source {
                Source::Cache(embedding) => embedding,
                Source::Call(seat) => seat.wait().await.ok_or(EmbedError::GivenUp {
                    provider: self.provider(),
                })??,
            };
            for &place in &places[text] {
                slots[place] = Some(embedding.clone());
            }
        }
        Ok(())
    }

    /// Finds who asks for each missing text, and begins one call for those nobody asks for yet.
    fn board<'a>(&self, request: EmbedRequest<'a>, missing: &[&'a str]) -> Vec<(&'a str, Source)> {
        let boarding = self.cache.flights.lock();
        let mut sources = Vec::with_capacity(missing.len());
        let mut own_texts = Vec::new();
        let mut own_keys = Vec::new();
        for &text in missing {
            let key = KeyRef::new(self.provider(), request, text);
            // Asked again under the lock: a call puts its vectors into the cache before it leaves
            // the map, so a text that was just answered is in one of the two.
            if let Some(embedding) = self.cache.entries.peek(&key) {
                sources.push((text, Source::Cache(embedding)));
                continue;
            }
            let key = key.to_owned();
            if let Some(seat) = boarding.seat(&key) {
                sources.push((text, Source::Call(seat)));
            } else {
                own_texts.push(text);
                own_keys.push(key);
            }
        }
        if !own_keys.is_empty() {
            let (landing, seats) = boarding.begin(&self.cache.flights, own_keys);
            sources.extend(
                own_texts
                    .into_iter()
                    .zip(seats.into_iter().map(Source::Call)),
            );
            self.depart(request, landing);
        }
        sources
    }

    /// Makes the call in a task of its own.
    fn depart(&self, request: EmbedRequest<'_>, landing: Landing) {
        let Self { inner, cache } = self.clone();
        let (model, prefix) = (request.model.to_owned(), request.prefix.to_owned());
        tokio::spawn(async move {
            let texts: Vec<Cow<'_, str>> = landing
                .keys()
                .iter()
                .map(|key| Cow::Borrowed(key.text()))
                .collect();
            let request = EmbedRequest {
                model: &model,
                prefix: &prefix,
                texts: &texts,
            };
            let outcome = inner.embed(request).await;
            drop(texts);
            if let Ok(embeddings) = &outcome {
                for (key, embedding) in landing.keys().iter().zip(embeddings) {
                    cache.entries.insert(key.clone(), embedding.clone());
                }
            }
            landing.finish(outcome.map(Arc::from));
        });
    }

    /// All vectors of an answer have one dimension. When a model changed behind its name, old
    /// entries and new vectors differ: they are forgotten, so that the next request asks anew.
    fn same_dimension(
        &self,
        request: EmbedRequest<'_>,
        embeddings: Vec<Embedding>,
    ) -> Result<Vec<Embedding>, EmbedError> {
        let dimension = embeddings.first().map(Embedding::dimension);
        if embeddings
            .iter()
            .all(|embedding| Some(embedding.dimension()) == dimension)
        {
            return Ok(embeddings);
        }
        for text in request.texts {
            self.cache
                .entries
                .remove(&KeyRef::new(self.provider(), request, text));
        }
        Err(UpstreamError::new(self.provider(), UpstreamFault::Malformed).into())
    }
}

#[async_trait]
impl Embedder for Cached {
    fn provider(&self) -> &'static str {
        self.inner.provider()
    }

    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError> {
        let look_up = |text: &Cow<'_, str>| {
            self.cache
                .entries
                .get(&KeyRef::new(self.provider(), request, text))
        };
        let mut slots: Vec<Option<Embedding>> = request.texts.iter().map(look_up).collect();
        let misses = slots.iter().filter(|slot| slot.is_none()).count();
        let hits = slots.len() - misses;
        self.cache.hits.fetch_add(hits as u64, Ordering::Relaxed);
        if misses > 0 {
            self.cache
                .misses
                .fetch_add(misses as u64, Ordering::Relaxed);
            self.fill(request, &mut slots).await?;
        }
        self.same_dimension(request, slots.into_iter().flatten().collect())
    }

    async fn check(&self) -> Result<(), EmbedError> {
        self.inner.check().await
    }
}

/// Where a missing text's vector comes from.
enum Source {
    /// Somebody put it there in the meantime.
    Cache(Embedding),
    /// A call that is under way, this request's own or another's.
    Call(Seat),
}
