//! Calls that are under way, so that several requests that miss one text make one call.
//!
//! A call runs in a task of its own: a request that goes away leaves the call, and with it all
//! that wait for it, untouched.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::super::{EmbedError, Embedding};
use super::key::Key;

/// What a call came to: its vectors in the order of its texts.
pub(super) type Outcome = Result<Arc<[Embedding]>, EmbedError>;

/// The texts that are being asked for.
#[derive(Debug, Default)]
pub(super) struct Flights(Mutex<HashMap<Key, Seat>>);

/// A text's place in a call.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    outcome: watch::Receiver<Option<Outcome>>,
    index: usize,
}

impl Seat {
    /// Waits for the call. `None` when it ended without an outcome.
    pub(super) async fn wait(mut self) -> Option<Result<Embedding, EmbedError>> {
        let outcome = self.outcome.wait_for(Option::is_some).await.ok()?.clone()?;
        Some(outcome.map(|embeddings| embeddings[self.index].clone()))
    }
}

impl Flights {
    pub(super) fn lock(&self) -> Boarding<'_> {
        // The map is whole after every step below, so a panic elsewhere does not spoil it.
        Boarding(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The locked map: whoever holds it decides who asks for a text.
pub(super) struct Boarding<'a>(MutexGuard<'a, HashMap<Key, Seat>>);

impl Boarding<'_> {
    pub(super) fn seat(&self, key: &Key) -> Option<Seat> {
        self.0.get(key).cloned()
    }

    /// Begins a call for `keys`, none of which is under way.
    pub(super) fn begin(mut self, flights: &Arc<Flights>, keys: Vec<Key>) -> (Landing, Vec<Seat>) {
        let (sender, receiver) = watch::channel(None);
        let mut seats = Vec::with_capacity(keys.len());
        for (index, key) in keys.iter().enumerate() {
            let seat = Seat {
                outcome: receiver.clone(),
                index,
            };
            self.0.insert(key.clone(), seat.clone());
            seats.push(seat);
        }
        (
            Landing {
                flights: Arc::clone(flights),
                keys,
                sender,
            },
            seats,
        )
    }
}

/// The end of a call. Dropped without an outcome, it still takes the texts off the map and wakes
/// everyone who waits.
pub(super) struct Landing {
    flights: Arc<Flights>,
    keys: Vec<Key>,
    sender: watch::Sender<Option<Outcome>>,
}

impl Landing {
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Takes the texts off the map, then wakes those who wait: what failed is asked for anew by
    /// whoever comes next.
    pub(super) fn finish(mut self, outcome: Outcome) {
        self.leave();
        self.sender.send_replace(Some(outcome));
    }

    fn leave(&mut self) {
        let keys = mem::take(&mut self.keys);
        let mut boarding = self.flights.lock();
        for key in &keys {
            boarding.0.remove(key);
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.leave();
    }
}
