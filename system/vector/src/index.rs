//! One index: vectors by id, searchable by distance.
//!
//! An index has one committer thread, which is the only writer, and one maintenance thread, which
//! builds graphs, rewrites and saves. Readers take a view of one version and need neither thread.

pub(crate) mod committer;
pub(crate) mod covering;
pub(crate) mod maintenance;
pub(crate) mod open;
pub(crate) mod pace;
pub(crate) mod rewrite;
pub(crate) mod search;
pub(crate) mod shared;
pub(crate) mod spill;
mod stats;

pub use stats::{GraphStats, IndexStats};

use std::collections::BinaryHeap;
use std::fmt;
use std::sync::Arc;

use lakehouse_nearest::Metric;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use crate::batch::Batch;
use crate::catalog::Manifest;
use crate::config::IndexConfig;
use crate::error::{VectorError, VectorFault};
use crate::filter::Filter;
use crate::inverted::{Inverted, MetadataOf};
use crate::item::{Found, Hit, Item, Search};
use crate::metadata::Metadata;
use crate::name::IndexName;
use crate::notice::{MAX_NOTICES, Notice, visit_comparisons};
use crate::pool::Pool;
use committer::Request;
use maintenance::Task;
use open::Threads;
use search::OwnedSearch;
use shared::{Life, Shared};

/// The maximum length of an item's id, in bytes.
const MAX_ID_BYTES: usize = 256;

/// An index of vectors by id.
pub struct Index {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Request>,
    tasks: std::sync::mpsc::Sender<Task>,
    pool: Arc<Pool>,
    threads: Mutex<Option<Threads>>,
}

/// Dropping an engine without closing it does not wait for background work: the log holds every
/// acknowledged write, and the threads end at their next check.
impl Drop for Index {
    fn drop(&mut self) {
        self.shared.end(Life::Closed);
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut index = f.debug_struct("Index");
        index.field("name", self.name()).finish_non_exhaustive()
    }
}

impl Index {
    pub(crate) fn new(
        shared: Arc<Shared>,
        requests: mpsc::Sender<Request>,
        tasks: std::sync::mpsc::Sender<Task>,
        pool: Arc<Pool>,
        threads: Threads,
    ) -> Self {
        Self {
            shared,
            requests,
            tasks,
            pool,
            threads: Mutex::new(Some(threads)),
        }
    }

    /// The index's name.
    pub fn name(&self) -> &IndexName {
        &self.shared.name
    }

    /// The index's unique number, which distinguishes it from earlier indexes of the same name.
    pub fn number(&self) -> u128 {
        self.shared.id
    }

    /// The index's configuration.
    pub fn config(&self) -> &IndexConfig {
        &self.shared.config
    }

    /// The error that every write gets after one has failed: see [`VectorError::Refusing`].
    pub fn refusal(&self) -> Option<VectorError> {
        self.shared.refused()
    }

    /// Checks that a vector is valid as an item or a query.
    ///
    /// # Errors
    /// The first applicable [`VectorFault`], in declaration order.
    pub fn check_vector(&self, vector: &[f32]) -> Result<(), VectorFault> {
        let config = self.config();
        if vector.len() != config.dimension {
            return Err(VectorFault::Dimension {
                given: vector.len(),
                index: self.name().as_str().into(),
                dimension: config.dimension,
            });
        }
        let is_within = |value: &f32| value.abs() <= 1e15;
        if let Some(at) = vector.iter().position(|value| !is_within(value)) {
            return Err(VectorFault::Component { at });
        }
        if config.distance == Metric::Cosine && vector.iter().all(|value| *value == 0.0) {
            return Err(VectorFault::Zero);
        }
        Ok(())
    }

    /// Checks that the index accepts vectors of an embedding space; `None` is always accepted.
    ///
    /// # Errors
    /// [`VectorError::Space`].
    pub fn check_space(&self, space: Option<&str>) -> Result<(), VectorError> {
        match space {
            Some(given) if self.config().space.as_deref() != Some(given) => {
                Err(VectorError::Space {
                    index: self.name().as_str().into(),
                    holds: self.config().space.clone(),
                    given: given.to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Upserts items atomically; among items with the same id the last wins. On return the items are
    /// durable and visible to every search that starts afterwards.
    ///
    /// # Errors
    /// The first invalid item, or a failed write.
    pub async fn upsert(&self, items: Vec<Item>) -> Result<(), VectorError> {
        for (at, item) in items.iter().enumerate() {
            if !(1..=MAX_ID_BYTES).contains(&item.id.len()) {
                return Err(VectorError::ItemId { at });
            }
            let checked = self.check_vector(&item.vector);
            checked.map_err(|fault| VectorError::Item {
                at,
                id: item.id.clone(),
                fault,
            })?;
        }
        if items.is_empty() {
            return Ok(());
        }
        self.write(Batch::upsert(&items)).await.map(|_| ())
    }

    /// Deletes items and returns how many existed.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn delete(&self, ids: Vec<Box<str>>) -> Result<usize, VectorError> {
        if ids.is_empty() {
            return Ok(0);
        }
        self.write(Batch::delete(&ids)).await
    }

    async fn write(&self, batch: Batch) -> Result<usize, VectorError> {
        self.ask(|answer| Request::Write(batch, answer)).await
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(committer::Answer<T>) -> Request,
    ) -> Result<T, VectorError> {
        if !self.shared.is_open() {
            return Err(self.shared.ended());
        }
        self.shared.activity.note();
        let (answer, answered) = oneshot::channel();
        let sent = self.requests.send(request(answer)).await;
        sent.map_err(|_| self.shared.ended())?;
        answered.await.unwrap_or_else(|_| Err(self.shared.ended()))
    }

    /// The item with that id.
    pub fn get(&self, id: &str) -> Option<Item> {
        let view = self.shared.view();
        let slot = view.slot_of(id)?;
        let generation = &view.generation;
        let vector = generation.arena.with_row(slot, <[f32]>::to_vec);
        generation.rows.with_record(slot, |record| {
            Some(Item {
                id: record.id().into(),
                vector,
                metadata: record.metadata(),
                text: record.text().map(Into::into),
            })
        })
    }

    /// The nearest items that pass the filter, nearest first, ties by id. Searches that read many
    /// rows run on the engine's [`Pool`].
    ///
    /// # Errors
    /// If the query is invalid, or the index was dropped.
    pub async fn search(&self, search: &Search<'_>) -> Result<Vec<Hit>, VectorError> {
        Ok(self.search_to_keep(search).await?.1)
    }

    /// As [`search`](Self::search); also returns a result that [`hits_of`](Self::hits_of) can reuse.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub async fn search_to_keep(
        &self,
        search: &Search<'_>,
    ) -> Result<(Found, Vec<Hit>), VectorError> {
        self.check_vector(search.vector)?;
        if search::is_small(&self.shared, search) {
            return search::run(&self.shared, search);
        }
        let (shared, search) = (Arc::clone(&self.shared), OwnedSearch::new(search));
        let run = move || search.with(|search| search::run(&shared, search));
        self.pool.run(run).await
    }

    /// As [`search`](Self::search), on the current thread however long it takes: for callers outside
    /// an async runtime.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn search_blocking(&self, search: &Search<'_>) -> Result<Vec<Hit>, VectorError> {
        self.check_vector(search.vector)?;
        Ok(search::run(&self.shared, search)?.1)
    }

    /// The hits of an earlier search, or `None` if the index has changed since and the result may be
    /// out of date.
    pub fn hits_of(&self, found: &Found) -> Option<Vec<Hit>> {
        let view = self.shared.view();
        let is_same = view.version == found.version && view.generation.number == found.generation;
        if !is_same || self.shared.is_dropped() {
            return None;
        }
        Some(search::hits(&view, &found.rows))
    }

    /// The conditions of a filter that match no item because of their field, type or case, in order, each
    /// once; none if there are no items.
    pub fn notices(&self, filter: &Filter) -> Vec<Notice> {
        let view = self.shared.view();
        let mut notices = Vec::new();
        if view.live == 0 {
            return notices;
        }
        let states = view.generation.rows.states();
        let tables = view.generation.tables.read();
        let is_live = |slot: u32| slot < view.slots && states.is_alive(slot, view.version);
        let rows = &view.generation.rows;
        let metadata = |slot| rows.with_record(slot, |record| record.metadata());
        visit_comparisons(filter, &mut |comparison| {
            let notice = tables.inverted.notice(comparison, &metadata, &is_live);
            if let Some(notice) = notice.filter(|notice| !notices.contains(notice)) {
                notices.push(notice);
            }
            notices.len() < MAX_NOTICES
        });
        notices
    }

    /// The number of live items.
    pub fn len(&self) -> usize {
        self.shared.view.load().live as usize
    }

    /// Whether the index has no live items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The version, which increases with every applied write.
    pub fn version(&self) -> u64 {
        self.shared.view.load().version
    }

    /// The distinct strings that live items have in a metadata field, in order.
    pub fn distinct_texts(&self, field: &str) -> Vec<Arc<str>> {
        self.read_inverted(|inverted, metadata, is_live| inverted.texts(field, metadata, is_live))
    }

    /// As [`distinct_texts`](Self::distinct_texts), also those in arrays, in no particular order.
    pub fn distinct_elements(&self, field: &str) -> Vec<Arc<str>> {
        self.read_inverted(|inverted, metadata, is_live| {
            inverted.elements(field, metadata, is_live)
        })
    }

    /// The distinct pairs of strings that live items have in two metadata fields, with the number of those
    /// items; empty for a field without a string. Items with neither are left out.
    pub fn distinct_pairs(&self, first: &str, second: &str) -> Vec<(Arc<str>, Arc<str>, u64)> {
        self.read_inverted(|inverted, metadata, is_live| {
            inverted.pairs([first, second], metadata, is_live)
        })
    }

    /// Reads the inverted index as of one version.
    fn read_inverted<T>(
        &self,
        read: impl FnOnce(&Inverted, MetadataOf<'_>, &dyn Fn(u32) -> bool) -> T,
    ) -> T {
        let view = self.shared.view();
        let states = view.generation.rows.states();
        let tables = view.generation.tables.read();
        let is_live = |slot: u32| slot < view.slots && states.is_alive(slot, view.version);
        let rows = &view.generation.rows;
        let metadata = |slot| rows.with_record(slot, |record| record.metadata());
        read(&tables.inverted, &metadata, &is_live)
    }

    /// The id and metadata of every live item, as of one version.
    pub fn scan_items(&self) -> impl Iterator<Item = (Box<str>, Metadata)> + Send + use<> {
        let view = self.shared.view();
        let item = move |slot| {
            view.generation
                .rows
                .with_record(slot, |record| (Box::from(record.id()), record.metadata()))
        };
        self.shared.view().live_slots().map(item)
    }

    /// At most `limit` ids of live items that follow `after`, in the order of their bytes. Reads every
    /// row.
    pub fn ids_after(&self, after: &str, limit: usize) -> Vec<Box<str>> {
        let view = self.shared.view();
        let mut first: BinaryHeap<Box<str>> = BinaryHeap::new();
        for slot in view.live_slots() {
            view.generation.rows.with_record(slot, |record| {
                let id = record.id();
                let is_full = first.len() >= limit;
                if id > after && !(is_full && first.peek().is_some_and(|last| id >= &**last)) {
                    first.push(id.into());
                    if is_full {
                        first.pop();
                    }
                }
            });
        }
        first.into_sorted_vec()
    }

    /// Writes a snapshot now; concurrent calls share one snapshot.
    ///
    /// # Errors
    /// If the snapshot cannot be written.
    pub async fn save(&self) -> Result<(), VectorError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.tasks.send(Task::Save(answer));
        sent.map_err(|_| self.shared.ended())?;
        answered.await.unwrap_or_else(|_| Err(self.shared.ended()))
    }

    /// Waits until the pending background work in memory is done: the graph covers every row, and
    /// tombstones are few. Only tests and benchmarks need this.
    ///
    /// # Errors
    /// If the index was closed or dropped.
    pub async fn settle(&self) -> Result<(), VectorError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.tasks.send(Task::Settle(answer));
        sent.map_err(|_| self.shared.ended())?;
        answered.await.map_err(|_| self.shared.ended())
    }

    /// Stops the threads after their pending requests; returns the last manifest, once.
    pub(crate) fn end(&self, life: Life) -> Option<Manifest> {
        self.shared.end(life);
        let save = life == Life::Closed;
        let _ = self.tasks.send(Task::Stop { save });
        let threads = self.threads.lock().take()?;
        let manifest = threads.maintenance.join().ok();
        let _ = self.requests.blocking_send(Request::Stop);
        let _ = threads.committer.join();
        manifest
    }
}
