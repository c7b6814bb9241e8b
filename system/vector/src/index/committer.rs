//! The one writer of an index.
//!
//! It collects the waiting writes, appends them to the log with one sync, applies them in the same
//! order, publishes one new view and then answers. No write is visible before it is durable, and the
//! index has the order of the log.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use lakehouse_log::segments::{SegmentLog, SpentSegment};
use tokio::sync::{mpsc, oneshot};

use crate::batch::{self, Batch};
use crate::error::VectorError;
use crate::generation::View;
use crate::index::rewrite::Rewrite;
use crate::index::shared::{Refusal, Shared};

/// The approximate size of a group of writes; writes beyond it go into the next group.
const GROUP_BYTES: usize = 8 << 20;

/// A request to the committer.
pub(crate) enum Request {
    /// Apply a write and answer with the number of deleted items.
    Write(Batch, Answer<usize>),
    /// Start a new log file and answer with the view that the older files lead to.
    Rotate(Answer<Arc<View>>),
    /// Release the log files that a snapshot of this version covers.
    Saved(u64, oneshot::Sender<Vec<SpentSegment>>),
    /// Switch to rewritten rows after they have caught up with the latest writes.
    Adopt(Box<Rewrite>, oneshot::Sender<()>),
    /// Accept nothing more, and end after the pending requests.
    Stop,
}

/// The channel for an answer.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, VectorError>>;

pub(crate) struct Committer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) log: SegmentLog,
    pub(crate) requests: mpsc::Receiver<Request>,
}

impl Committer {
    /// Runs until it is stopped or all senders are gone.
    pub(crate) fn run(mut self) {
        let mut next = None;
        while let Some(request) = next.take().or_else(|| self.requests.blocking_recv()) {
            match request {
                Request::Write(batch, answer) => {
                    next = self.write_group(batch, answer);
                }
                Request::Rotate(answer) => {
                    let rotated = self.rotate();
                    let _ = answer.send(rotated);
                }
                Request::Saved(version, spent) => {
                    let _ = spent.send(self.log.release(version));
                    self.publish_log_bytes();
                }
                Request::Adopt(rewrite, done) => {
                    self.adopt(*rewrite);
                    let _ = done.send(());
                }
                Request::Stop => self.requests.close(),
            }
        }
    }

    /// Writes a batch together with those that are waiting; returns the first request of another kind.
    fn write_group(&mut self, first: Batch, answer: Answer<usize>) -> Option<Request> {
        let mut bytes = first.as_ref().len();
        let mut batches = vec![first];
        let mut answers = vec![answer];
        let mut next = None;
        while bytes < GROUP_BYTES {
            match self.requests.try_recv() {
                Ok(Request::Write(batch, answer)) => {
                    bytes += batch.as_ref().len();
                    batches.push(batch);
                    answers.push(answer);
                }
                Ok(other) => {
                    next = Some(other);
                    break;
                }
                Err(_) => break,
            }
        }
        match self.write(&batches) {
            Ok(deleted) => {
                for (answer, deleted) in answers.into_iter().zip(deleted) {
                    let _ = answer.send(Ok(deleted));
                }
            }
            Err(()) => {
                for answer in answers {
                    let _ = answer.send(Err(self.refused()));
                }
            }
        }
        next
    }

    /// Writes all batches or none; returns the number of items that each deleted.
    fn write(&mut self, batches: &[Batch]) -> Result<Vec<usize>, ()> {
        if self.shared.refusal.get().is_some() || self.shared.is_dropped() {
            return Err(());
        }
        let first = self
            .log
            .append(batches)
            .map_err(|e| self.refuse(&e.into()))?;
        let mut view = View::clone(&self.shared.view.load());
        let mut deleted = Vec::with_capacity(batches.len());
        for (version, batch) in (first..).zip(batches) {
            let changes = batch::changes(batch.as_ref(), self.shared.config.dimension);
            let changes = changes.expect("a batch is read as it was written");
            deleted.push(view.apply(version, &changes));
        }
        self.shared.view.store(Arc::new(view));
        self.publish_log_bytes();
        Ok(deleted)
    }

    fn refuse(&mut self, error: &VectorError) {
        tracing::error!(
            index = %self.shared.name,
            error = %error,
            "a write failed; the index rejects all further writes"
        );
        // Keep the first failure: nothing is written after it.
        let _ = self.shared.refusal.set(Refusal {
            reason: error.to_string(),
            code: error.code(),
        });
    }

    fn refused(&self) -> VectorError {
        self.shared.refused().unwrap_or_else(|| self.shared.ended())
    }

    fn rotate(&mut self) -> Result<Arc<View>, VectorError> {
        if self.shared.refusal.get().is_some() {
            return Err(self.refused());
        }
        if let Err(error) = self.log.rotate() {
            let error = error.into();
            self.refuse(&error);
            return Err(error);
        }
        self.publish_log_bytes();
        Ok(self.shared.view.load_full())
    }

    fn adopt(&mut self, mut rewrite: Rewrite) {
        rewrite.catch_up(&self.shared.view.load());
        self.shared.view.store(Arc::new(rewrite.into_view()));
    }

    fn publish_log_bytes(&self) {
        let bytes = self.log.bytes();
        self.shared.log_bytes.store(bytes, Ordering::Relaxed);
    }
}
