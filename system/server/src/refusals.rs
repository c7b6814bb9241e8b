//! Which indexes take no more writes.
//!
//! After a write that failed an index refuses all others until the process starts anew; searches
//! go on. It says so to whoever writes, and what it said is kept here for `/ready`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use lakehouse_vector::{Engine, Index};

/// The refusing indexes by name, each with its own words.
#[derive(Default)]
pub(crate) struct Refusals {
    told: Mutex<BTreeMap<Box<str>, Refusal>>,
}

struct Refusal {
    index: Weak<Index>,
    words: String,
}

impl Refusals {
    /// Keeps what the index of that name said.
    pub(crate) fn note(&self, engine: &Engine, name: &str, words: &str) {
        if let Some(index) = engine.get(name) {
            let refusal = Refusal {
                index: Arc::downgrade(&index),
                words: words.to_owned(),
            };
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.insert(name.into(), refusal);
        }
    }

    /// Whether all indexes take writes, as far as is known; else what those that do not have
    /// said. An index that was dropped since counts no more, one made anew in its place neither.
    pub(crate) fn check(&self, engine: &Engine) -> Result<(), String> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|name, refusal| {
            let now = engine.get(name);
            now.is_some_and(|now| Weak::ptr_eq(&Arc::downgrade(&now), &refusal.index))
        });
        if told.is_empty() {
            return Ok(());
        }
        let words: Vec<_> = told
            .values()
            .map(|refusal| refusal.words.as_str())
            .collect();
        Err(words.join("; "))
    }
}
