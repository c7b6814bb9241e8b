//! The maintenance of an index: graphs, rewrites and snapshots.
//!
//! One thread does one task at a time, the most urgent first. Searches and the committer have
//! priority, unless searches are slow until the task is done.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::catalog::{Catalog, Manifest, SnapshotEntry};
use crate::error::VectorError;
use crate::generation::View;
use crate::index::committer::{Answer, Request};
use crate::index::covering;
use crate::index::pace::Pace;
use crate::index::rewrite::Rewrite;
use crate::index::shared::Shared;
use crate::index::spill::Spill;
use crate::snapshot;

/// The minimum number of dead rows for a rewrite.
const MIN_TOMBSTONES: u32 = 16;

/// The lag in rows at which a rewrite is adopted.
const MAX_LAG: u32 = 256;

/// Maintenance becomes urgent when a search scans more than this multiple of the rows that an index
/// without a graph may have. It stays urgent until a search scans no more than those.
const URGENT_FACTOR: usize = 2;

/// The thread's niceness. Not lower in priority: searches that use all processors for lack of a
/// graph would otherwise starve the thread that builds it.
const NICENESS: i32 = 10;

/// The interval between checks of conditions that depend on time.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);

/// A request to the maintenance thread.
pub(crate) enum Task {
    /// Write a snapshot now.
    Save(Answer<()>),
    /// Do all pending work in memory, then answer.
    Settle(oneshot::Sender<()>),
    /// End, after a last snapshot if requested and there are unsaved changes.
    Stop { save: bool },
}

pub(crate) struct Maintenance {
    pub(crate) shared: Arc<Shared>,
    pub(crate) committer: mpsc::WeakSender<Request>,
    pub(crate) tasks: Receiver<Task>,
    pub(crate) catalog: Catalog,
    pub(crate) manifest: Manifest,
    /// The folder for snapshots before they are uploaded to the store.
    pub(crate) folder: PathBuf,
    pub(crate) spill: Spill,
    pub(crate) pace: Pace,
    pub(crate) runtime: Handle,
    /// The version at the last check, and when it was first seen.
    pub(crate) last_write: (u64, Instant),
    pub(crate) last_save: Instant,
    /// Whether a caller waits for the pending work.
    pub(crate) is_awaited: bool,
}

impl Maintenance {
    /// Runs until it is stopped or all senders are gone; returns the last manifest.
    pub(crate) fn run(mut self) -> Manifest {
        // If the system refuses, all threads have equal priority.
        let _ = rustix::process::nice(NICENESS);
        let mut saves: Vec<Answer<()>> = Vec::new();
        let mut settles: Vec<oneshot::Sender<()>> = Vec::new();
        loop {
            let first = match self.tasks.recv_timeout(CHECK_INTERVAL) {
                Ok(task) => Some(task),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return self.manifest,
            };
            let mut stop = None;
            for task in first.into_iter().chain(self.tasks.try_iter()) {
                match task {
                    Task::Save(answer) => saves.push(answer),
                    Task::Settle(answer) => settles.push(answer),
                    Task::Stop { save } => stop = Some(save),
                }
            }
            if !saves.is_empty() {
                self.save_for(std::mem::take(&mut saves));
            }
            if let Some(save) = stop {
                if save && self.is_unsaved() {
                    self.save_automatically();
                }
                return self.manifest;
            }
            while self.run_one(!settles.is_empty()) {}
            for answer in settles.drain(..) {
                let _ = answer.send(());
            }
            if self.is_save_due() {
                self.save_automatically();
            }
        }
    }

    /// Does one piece of work in memory; returns false if there was none.
    fn run_one(&mut self, is_awaited: bool) -> bool {
        if !self.shared.is_open() {
            return false;
        }
        let options = &self.shared.options;
        let view = self.shared.view.load_full();
        if view.version != self.last_write.0 {
            self.last_write = (view.version, Instant::now());
        }
        let covered = view.generation.graph.load().as_ref().map(|c| c.graph.len());
        let has_graph = covered.is_some();
        let exact_up_to = self.shared.exact_up_to;
        let wants_graph = view.live as usize > exact_up_to
            // Hysteresis: do not alternate around the threshold.
            || has_graph && view.live as usize >= exact_up_to / 2;
        self.is_awaited = is_awaited;
        self.poll();
        let share = match has_graph {
            true => options.tombstone_share_of_graph,
            false => options.tombstone_share,
        };
        let tombstones = view.tombstones();
        let is_sparse =
            tombstones >= MIN_TOMBSTONES && f64::from(tombstones) >= share * f64::from(view.slots);
        if is_sparse || wants_graph != has_graph {
            let is_done = self.rewrite(&view, wants_graph);
            wait_for_readers(view);
            return is_done;
        }
        let Some(covered) = covered else {
            return false;
        };
        let delta = view.slots.saturating_sub(covered);
        let is_idle = is_awaited || self.last_write.1.elapsed() >= options.idle;
        if delta as usize > options.delta_max || delta > 0 && is_idle {
            return self.fold(&view);
        }
        false
    }

    fn rewrite(&self, view: &View, with_graph: bool) -> bool {
        let graph = with_graph.then_some(self.shared.options.graph);
        let keep_going = || self.keep_going();
        let Some(mut rewrite) =
            Rewrite::new(view.clone(), graph, &self.spill, &self.pace, &keep_going)
        else {
            return false;
        };
        loop {
            let later = self.shared.view.load_full();
            if rewrite.lag(&later) <= MAX_LAG {
                break;
            }
            rewrite.catch_up(&later);
        }
        let (done, adopted) = oneshot::channel();
        self.ask(Request::Adopt(Box::new(rewrite), done)) && adopted.blocking_recv().is_ok()
    }

    /// Checks for requests during long work; returns false if the work is no longer wanted.
    fn keep_going(&self) -> bool {
        self.poll();
        self.shared.is_open()
    }

    /// Handles requests that cannot wait for the end of long work, and updates the urgency.
    fn poll(&self) {
        let view = self.shared.view.load();
        let graph = view.generation.graph.load();
        let covered = graph.as_ref().map_or(0, |covering| covering.graph.len());
        let scanned = view.slots.saturating_sub(covered) as usize;
        let factor = if self.pace.is_urgent() {
            1
        } else {
            URGENT_FACTOR
        };
        let is_slow = scanned > factor * self.shared.options.exact_up_to;
        self.pace.set_urgent(self.is_awaited || is_slow);
        self.spill.spill(&view.generation.arena, &self.pace);
    }

    /// Returns false if the committer is gone.
    fn ask(&self, request: Request) -> bool {
        let committer = self.committer.upgrade();
        committer.is_some_and(|committer| committer.blocking_send(request).is_ok())
    }

    fn fold(&self, view: &View) -> bool {
        let Some(covering) = view.generation.graph.load_full() else {
            return false;
        };
        covering::extend(
            &*covering.graph,
            &view.generation.arena,
            view.slots,
            &self.pace,
            &|| self.keep_going(),
        )
    }

    fn is_unsaved(&self) -> bool {
        self.shared.view.load().version > self.shared.saved.load(Ordering::Relaxed)
    }

    fn is_save_due(&self) -> bool {
        let options = &self.shared.options;
        self.shared.log_bytes.load(Ordering::Relaxed) >= options.save_log_bytes
            && self.last_save.elapsed() >= options.save_every
            && self.is_unsaved()
            && self.shared.is_open()
    }

    fn save_for(&mut self, answers: Vec<Answer<()>>) {
        let result = match self.is_unsaved() {
            true => self.save(),
            false => Ok(()),
        };
        let failure = result.as_ref().err().map(|e| (e.to_string(), e.code()));
        let mut result = Some(result);
        for answer in answers {
            // The first caller gets the error itself, the others its message.
            let again = || match &failure {
                Some((reason, code)) => Err(VectorError::NotSaved {
                    index: self.shared.name.as_str().into(),
                    reason: reason.clone(),
                    code: *code,
                }),
                None => Ok(()),
            };
            let _ = answer.send(result.take().unwrap_or_else(again));
        }
    }

    fn save_automatically(&mut self) {
        if let Err(error) = self.save() {
            self.last_save = Instant::now();
            tracing::error!(
                index = %self.shared.name,
                error = %error,
                "could not save the index; its log keeps every write"
            );
        }
    }

    /// Writes and publishes a snapshot, and releases the log and the memory that it replaces.
    fn save(&mut self) -> Result<(), VectorError> {
        if self.shared.is_dropped() {
            return Err(self.shared.ended());
        }
        let (answer, rotated) = oneshot::channel();
        self.ask(Request::Rotate(answer));
        let rotated = rotated.blocking_recv();
        let view = rotated.unwrap_or_else(|_| Err(self.shared.ended()))?;

        let file = self.folder.join("snapshot.tmp");
        let written = snapshot::write(&file, self.shared.id, &view, &|| self.pace.pause_if_due())?;
        let manifest = self
            .manifest
            .with_snapshot(SnapshotEntry::new(view.version, written));
        let (name, sequence) = (&self.shared.name, manifest.sequence());
        let path = self.runtime.block_on(async {
            self.catalog.put_snapshot(name, sequence, &file).await?;
            self.catalog.publish(name, &manifest).await?;
            self.catalog.snapshot_file(name, sequence).await
        })?;
        self.manifest = manifest;
        self.shared.saved.store(view.version, Ordering::Relaxed);
        self.last_save = Instant::now();

        self.remove_logs(view.version);
        let name = &self.shared.name;
        self.runtime
            .block_on(self.catalog.clean(name, &self.manifest))?;
        self.map(&view, &path, written)
    }

    /// Removes the log files that a snapshot of this version covers.
    fn remove_logs(&self, version: u64) {
        let (answer, spent) = oneshot::channel();
        self.ask(Request::Saved(version, answer));
        // No answer means that the committer is gone.
        for file in spent.blocking_recv().unwrap_or_default() {
            if let Err(error) = file.remove(&|| self.pace.pause_if_due()) {
                tracing::warn!(
                    index = %self.shared.name,
                    error = %error,
                    "could not remove a log file that a snapshot covers; retrying after a restart"
                );
            }
        }
    }

    /// Reads the contents of a snapshot from its file from now on, and frees their memory.
    fn map(
        &self,
        view: &View,
        path: &std::path::Path,
        written: snapshot::Written,
    ) -> Result<(), VectorError> {
        let snapshot = snapshot::open(path, written, self.shared.id, &self.shared.config)?;
        snapshot.take_over(view)
    }
}

/// Waits, for a limited time, for the readers of the old rows: the last owner frees their memory, and
/// that should not be a search.
fn wait_for_readers(view: Arc<View>) {
    let started = Instant::now();
    while Arc::strong_count(&view.generation) > 1 && started.elapsed() < Duration::from_secs(1) {
        std::thread::sleep(Duration::from_millis(1));
    }
}
