//! One index: vectors by id, and the nearest of them.
//!
//! An index has one committer thread, which alone writes, and one keeper thread, which builds
//! graphs, rewrites and saves. Whoever reads takes a view of one version and needs neither.

pub(crate) mod committer;
pub(crate) mod covering;
pub(crate) mod keeper;
pub(crate) mod open;
pub(crate) mod pace;
pub(crate) mod rewrite;
pub(crate) mod search;
pub(crate) mod shared;
pub(crate) mod spill;
mod stats;

pub use stats::{GraphStats, IndexStats};

use std::fmt;
use std::sync::Arc;

use lakehouse_log::segments::Recovery;
use lakehouse_nearest::Metric;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use crate::batch::Batch;
use crate::catalog::Manifest;
use crate::config::IndexConfig;
use crate::error::{VectorError, VectorFault};
use crate::item::{Found, Hit, Item, Search};
use crate::metadata::Metadata;
use crate::name::IndexName;
use crate::pool::Pool;
use committer::Request;
use keeper::Task;
use open::Threads;
use search::OwnedSearch;
use shared::{Life, Shared};

/// The longest id of an item, in bytes.
const ID_BYTES: usize = 256;

/// An index of vectors by id.
pub struct Index {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Request>,
    tasks: std::sync::mpsc::Sender<Task>,
    recovery: Recovery,
    pool: Arc<Pool>,
    threads: Mutex<Option<Threads>>,
}

/// Whoever lets go of an engine without closing it does not wait for background work: the log has
/// what was acknowledged, and the threads end as soon as they look.
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
        recovery: Recovery,
        pool: Arc<Pool>,
        threads: Threads,
    ) -> Self {
        Self {
            shared,
            requests,
            tasks,
            recovery,
            pool,
            threads: Mutex::new(Some(threads)),
        }
    }

    /// Its name.
    pub fn name(&self) -> &IndexName {
        &self.shared.name
    }

    /// Its own number, by which it is told from one of the same name that was there before.
    pub fn number(&self) -> u128 {
        self.shared.id
    }

    /// What it was made with.
    pub fn config(&self) -> &IndexConfig {
        &self.shared.config
    }

    /// What its log gave back when it was opened.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// The error of every write, once one has failed: see [`VectorError::Refusing`].
    pub fn refusal(&self) -> Option<VectorError> {
        self.shared.refused()
    }

    /// Whether a vector can be an item or a query here.
    ///
    /// # Errors
    /// The first of [`VectorFault`]'s, in their order.
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

    /// Whether vectors of that embedding space belong here; those of no known one do everywhere.
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

    /// Puts items in, all of them or none; of several with one id the last stays. When this
    /// returns they are durable, and every search that begins sees them.
    ///
    /// # Errors
    /// The first item that is refused; otherwise when they cannot be written.
    pub async fn upsert(&self, items: Vec<Item>) -> Result<(), VectorError> {
        for (at, item) in items.iter().enumerate() {
            if !(1..=ID_BYTES).contains(&item.id.len()) {
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

    /// Takes items out and says how many of them were there.
    ///
    /// # Errors
    /// When it cannot be written.
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

    /// The item of that id.
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

    /// The nearest items that pass, nearest first, those of equal distance by id. Searches that
    /// read many rows run on the engine's [`Pool`].
    ///
    /// # Errors
    /// When the query is refused, or the index was dropped.
    pub async fn search(&self, search: &Search<'_>) -> Result<Vec<Hit>, VectorError> {
        Ok(self.search_to_keep(search).await?.1)
    }

    /// As [`search`](Self::search), with what gives the same hits again.
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

    /// As [`search`](Self::search), on this thread however long it takes: for callers that have no
    /// async runtime to keep free.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn search_blocking(&self, search: &Search<'_>) -> Result<Vec<Hit>, VectorError> {
        self.check_vector(search.vector)?;
        Ok(search::run(&self.shared, search)?.1)
    }

    /// The hits of an earlier search, when the index is still what was searched; otherwise nothing,
    /// since another answer may be right now.
    pub fn hits_of(&self, found: &Found) -> Option<Vec<Hit>> {
        let view = self.shared.view();
        let is_same = view.version == found.version && view.generation.number == found.generation;
        if !is_same || self.shared.is_dropped() {
            return None;
        }
        Some(search::hits(&view, &found.nearest))
    }

    /// How many live items there are.
    pub fn len(&self) -> usize {
        self.shared.view.load().live as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number that rises with every write that was applied.
    pub fn version(&self) -> u64 {
        self.shared.view.load().version
    }

    /// The distinct strings that live items have in a metadata field, in order.
    pub fn distinct_texts(&self, field: &str) -> Vec<Arc<str>> {
        let view = self.shared.view();
        let states = view.generation.rows.states();
        let tables = view.generation.tables.read();
        let is_live = |slot: u32| slot < view.slots && states.is_alive(slot, view.version);
        let rows = &view.generation.rows;
        let metadata = |slot| rows.with_record(slot, |record| record.metadata());
        tables.inverted.texts(field, &metadata, is_live)
    }

    /// Every live item's id and metadata, as of one version.
    pub fn scan_items(&self) -> impl Iterator<Item = (Box<str>, Metadata)> + Send + use<> {
        let view = self.shared.view();
        let item = move |slot| {
            view.generation
                .rows
                .with_record(slot, |record| (Box::from(record.id()), record.metadata()))
        };
        self.shared.view().live_slots().map(item)
    }

    /// Writes a snapshot now; when several ask at the same time, one is enough for all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn save(&self) -> Result<(), VectorError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.tasks.send(Task::Save(answer));
        sent.map_err(|_| self.shared.ended())?;
        answered.await.unwrap_or_else(|_| Err(self.shared.ended()))
    }

    /// Waits until the background work that there is in memory is done: the graph is built and
    /// covers every row, and tombstones are few. Nothing needs it but tests and benchmarks.
    ///
    /// # Errors
    /// When the index was closed or dropped.
    pub async fn settle(&self) -> Result<(), VectorError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.tasks.send(Task::Settle(answer));
        sent.map_err(|_| self.shared.ended())?;
        answered.await.map_err(|_| self.shared.ended())
    }

    /// Ends the threads, after what they were asked before; gives the last manifest, once.
    pub(crate) fn end(&self, life: Life) -> Option<Manifest> {
        self.shared.end(life);
        let save = life == Life::Closed;
        let _ = self.tasks.send(Task::Stop { save });
        let threads = self.threads.lock().take()?;
        let manifest = threads.keeper.join().ok();
        let _ = self.requests.blocking_send(Request::Stop);
        let _ = threads.committer.join();
        manifest
    }
}
