//! The roster of workers.
//!
//! A JSON Lines file with one [`Worker`] per line, held in memory with indexes by id, email
//! address, phone number and name, so that no check scans it.

mod index;
mod load;
mod shared;
mod worker;

pub use crate::shift::Shift;
pub use load::{RosterError, RosterFault, RosterLines};
pub use worker::Worker;

use std::collections::HashSet;

use index::Index;
use lakehouse_text::fold;

/// The workers, in the file's order.
#[derive(Debug)]
pub struct Roster {
    workers: Box<[Worker]>,
    ids: Index,
    mailboxes: Index,
    /// The parts of the mailboxes after the `@`.
    domains: HashSet<Box<str>>,
    phones: Index,
    names: Index,
}

impl Default for Roster {
    fn default() -> Self {
        Self::new(Box::default())
    }
}

/// The owner of a datum other than a given worker.
pub(crate) enum Owner<'r> {
    /// No worker has the datum, or the given one does, perhaps with others.
    NoOther,
    /// The first other worker in the roster's order.
    Other(&'r Worker),
}

impl Roster {
    /// Reads a roster file: JSON Lines. Skips blank lines.
    ///
    /// # Errors
    /// The first line that is not a worker.
    pub fn from_jsonl(bytes: &[u8]) -> Result<Self, RosterError> {
        let mut lines = RosterLines::default();
        for line in bytes.split(|b| *b == b'\n') {
            lines.add(line)?;
        }
        Ok(lines.finish())
    }

    fn new(workers: Box<[Worker]>) -> Self {
        Self {
            ids: Index::new(&workers, Worker::id),
            mailboxes: Index::new(&workers, Worker::mailbox),
            domains: workers.iter().filter_map(Worker::domain).collect(),
            phones: Index::new(&workers, Worker::number),
            names: Index::new(&workers, Worker::names),
            workers,
        }
    }

    /// The number of workers.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Whether there is no worker.
    pub fn is_empty(&self) -> bool {
        self.workers.is_empty()
    }

    /// The worker with exactly this id.
    pub fn find(&self, worker_id: &str) -> Option<&Worker> {
        let key = fold(worker_id);
        let mut candidates = self.ids.find(&key, &self.workers);
        candidates.find(|worker| *worker.worker_id == *worker_id)
    }

    /// Whether a worker has a mailbox in this domain.
    pub(crate) fn has_domain(&self, domain: &str) -> bool {
        self.domains.contains(domain)
    }

    /// The owner of a mailbox other than `worker`; none when no worker has it.
    pub(crate) fn owner_of_mailbox(&self, mailbox: &str, worker: &Worker) -> Option<Owner<'_>> {
        self.owner(&self.mailboxes, mailbox, worker)
    }

    /// The owner of a phone number other than `worker`; none when no worker has it.
    pub(crate) fn owner_of_phone(&self, number: &str, worker: &Worker) -> Option<Owner<'_>> {
        self.owner(&self.phones, number, worker)
    }

    /// The owner of a folded id other than `worker`; none when no worker has it.
    pub(crate) fn owner_of_id(&self, id: &str, worker: &Worker) -> Option<Owner<'_>> {
        self.owner(&self.ids, id, worker)
    }

    /// The owner of a name's key other than `worker`; none when no worker has it.
    pub(crate) fn owner_of_name(&self, key: &str, worker: &Worker) -> Option<Owner<'_>> {
        self.owner(&self.names, key, worker)
    }

    /// None when no worker has the key. `worker` is in the roster.
    fn owner(&self, index: &Index, key: &str, worker: &Worker) -> Option<Owner<'_>> {
        let first = index.find(key, &self.workers).next()?;
        Some(if index.has(worker, key) {
            Owner::NoOther
        } else {
            Owner::Other(first)
        })
    }
}
