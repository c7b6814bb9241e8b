//! The calls in progress, so that concurrent requests for one text share one call.
//!
//! A call runs in a task of its own, so a cancelled request does not cancel it for the others that
//! wait.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::super::{EmbedError, Embedding};
use super::key::Key;

/// The result of a call: its vectors in the order of its texts.
pub(super) type Outcome = Result<Arc<[Embedding]>, EmbedError>;

/// The texts of all calls in progress.
#[derive(Debug, Default)]
pub(super) struct Calls(Mutex<HashMap<Key, Pending>>);

/// The vector that a call in progress will return for a text.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    outcome: watch::Receiver<Option<Outcome>>,
    index: usize,
}

impl Pending {
    /// Waits for the call; returns `None` if it ended without an outcome.
    pub(super) async fn wait(mut self) -> Option<Result<Embedding, EmbedError>> {
        let outcome = self.outcome.wait_for(Option::is_some).await.ok()?.clone()?;
        Some(outcome.map(|embeddings| embeddings[self.index].clone()))
    }
}

impl Calls {
    pub(super) fn lock(&self) -> LockedCalls<'_> {
        // Every step below leaves the map consistent, so a panic elsewhere does not corrupt it.
        LockedCalls(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The locked map. While it is locked, no other request can start a call.
pub(super) struct LockedCalls<'a>(MutexGuard<'a, HashMap<Key, Pending>>);

impl LockedCalls<'_> {
    pub(super) fn find(&self, key: &Key) -> Option<Pending> {
        self.0.get(key).cloned()
    }

    /// Registers a call for `keys`, of which no call is in progress.
    pub(super) fn start(mut self, calls: &Arc<Calls>, keys: Vec<Key>) -> (Call, Vec<Pending>) {
        let (sender, receiver) = watch::channel(None);
        let mut all_pending = Vec::with_capacity(keys.len());
        for (index, key) in keys.iter().enumerate() {
            let pending = Pending {
                outcome: receiver.clone(),
                index,
            };
            self.0.insert(key.clone(), pending.clone());
            all_pending.push(pending);
        }
        let call = Call {
            calls: Arc::clone(calls),
            keys,
            sender,
        };
        (call, all_pending)
    }
}

/// A registered call. Dropping it without an outcome unregisters it and wakes the waiting requests.
pub(super) struct Call {
    calls: Arc<Calls>,
    keys: Vec<Key>,
    sender: watch::Sender<Option<Outcome>>,
}

impl Call {
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Unregisters the call, then wakes the waiting requests. After a failure, the next request
    /// for a text makes a new call.
    pub(super) fn finish(mut self, outcome: Outcome) {
        self.unregister();
        self.sender.send_replace(Some(outcome));
    }

    fn unregister(&mut self) {
        let keys = mem::take(&mut self.keys);
        let mut calls = self.calls.lock();
        for key in &keys {
            calls.0.remove(key);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.unregister();
    }
}
