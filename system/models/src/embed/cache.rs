//! A cache for embedders, bounded in bytes.
//!
//! [`EmbedCache`] is the memory, shared by all providers; [`Cached`] wraps one of them. The key of a
//! vector is its provider, model, prefix and text. Concurrent requests that miss one text share one
//! call; failures are not cached.

mod calls;
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
    calls::{Call, Calls, Pending},
    key::{InBytes, Key, KeyRef},
};
use super::{EmbedError, EmbedRequest, Embedder, Embedding};

const SHARDS: u64 = 8;
/// The size of an entry of 768 dimensions with its text; a hint for the size of the cache's tables.
const TYPICAL_ENTRY_BYTES: u64 = 12 * 1024;

/// The memory of a cache: keys, vectors and their JSON texts.
#[derive(Debug)]
pub struct EmbedCache {
    entries: Cache<Key, Embedding, InBytes>,
    calls: Arc<Calls>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// The statistics of a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheStats {
    /// The number of requested texts that were cached, repetitions included.
    pub hits: u64,
    /// The number of requested texts that were not.
    pub misses: u64,
    /// The size of the entries.
    pub bytes: u64,
    /// The number of entries.
    pub entries: u64,
}

impl EmbedCache {
    /// A cache of at most `capacity_bytes`; one of 0 bytes keeps nothing.
    pub fn new(capacity_bytes: u64) -> Arc<Self> {
        // The library would round up to whole bytes per shard, and exceed the bound.
        let capacity = capacity_bytes / SHARDS * SHARDS;
        let options = OptionsBuilder::new()
            .shards(SHARDS as usize)
            .estimated_items_capacity((capacity / TYPICAL_ENTRY_BYTES).max(1) as usize)
            .weight_capacity(capacity)
            .build()
            .expect("all required options are set");
        Arc::new(Self {
            entries: Cache::with_options(
                options,
                InBytes,
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            ),
            calls: Arc::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        })
    }

    /// The statistics so far.
    pub fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.entries.weight(),
            entries: self.entries.len() as u64,
        }
    }
}

/// An embedder with a cache.
#[derive(Clone)]
pub struct Cached {
    inner: Arc<dyn Embedder>,
    cache: Arc<EmbedCache>,
}

impl Cached {
    /// Wraps `inner` with `cache`.
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
        for (text, source) in self.find_sources(request, &missing) {
            let embedding = match source {
                Source::Cache(embedding) => embedding,
                Source::Call(pending) => pending.wait().await.ok_or(EmbedError::Abandoned {
                    provider: self.provider(),
                })??,
            };
            for &place in &places[text] {
                slots[place] = Some(embedding.clone());
            }
        }
        Ok(())
    }

    /// Finds the source of each missing text, and starts one call for those without any.
    fn find_sources<'a>(
        &self,
        request: EmbedRequest<'a>,
        missing: &[&'a str],
    ) -> Vec<(&'a str, Source)> {
        let calls = self.cache.calls.lock();
        let mut sources = Vec::with_capacity(missing.len());
        let mut own_texts = Vec::new();
        let mut own_keys = Vec::new();
        for &text in missing {
            let key = KeyRef::new(self.provider(), request, text);
            // Checked again under the lock: a call caches its vectors before it is unregistered, so
            // a vector that has just arrived is in one of the two.
            if let Some(embedding) = self.cache.entries.peek(&key) {
                sources.push((text, Source::Cache(embedding)));
                continue;
            }
            let key = key.to_owned();
            if let Some(pending) = calls.find(&key) {
                sources.push((text, Source::Call(pending)));
            } else {
                own_texts.push(text);
                own_keys.push(key);
            }
        }
        if !own_keys.is_empty() {
            let (call, pending) = calls.start(&self.cache.calls, own_keys);
            let pending = pending.into_iter().map(Source::Call);
            sources.extend(own_texts.into_iter().zip(pending));
            self.spawn(request, call);
        }
        sources
    }

    /// Makes the call in a task of its own.
    fn spawn(&self, request: EmbedRequest<'_>, call: Call) {
        let Self { inner, cache } = self.clone();
        let (model, prefix) = (request.model.to_owned(), request.prefix.to_owned());
        tokio::spawn(async move {
            let texts: Vec<Cow<'_, str>> = call
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
                for (key, embedding) in call.keys().iter().zip(embeddings) {
                    cache.entries.insert(key.clone(), embedding.clone());
                }
            }
            call.finish(outcome.map(Arc::from));
        });
    }

    /// Checks that all vectors have one dimension. They differ after the model of that name has
    /// changed; the entries are then removed, so that the next request gets new ones.
    fn check_dimension(
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
        self.check_dimension(request, slots.into_iter().flatten().collect())
    }

    async fn check(&self) -> Result<(), EmbedError> {
        self.inner.check().await
    }
}

/// The source of a missing text's vector.
enum Source {
    /// The cache: the vector has arrived since the first check.
    Cache(Embedding),
    /// A call in progress, made by this request or another.
    Call(Pending),
}
