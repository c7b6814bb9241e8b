//! The roles and cities that are known now, without reading them anew for every search.

use std::sync::{Arc, Weak};

use lakehouse_vector::Index;
use parking_lot::Mutex;

use super::corpus::Corpus;
use crate::role::Known;

/// What the corpora named when they were last read.
///
/// Only corpora of another version are read again, so recordings that are kept meanwhile cost
/// nothing; and the keys are only made anew when a role or city came or went.
#[derive(Default)]
pub(super) struct KnownCache {
    last: Mutex<LastRead>,
}

#[derive(Default)]
struct LastRead {
    corpora: Vec<Named>,
    known: Arc<Known>,
}

/// What one corpus named.
struct Named {
    /// Kept alive as an address: a corpus that is made anew has another.
    index: Weak<Index>,
    version: u64,
    roles: Vec<Arc<str>>,
    cities: Vec<Arc<str>>,
}

impl KnownCache {
    /// The roles and cities of all documents whose writing was acknowledged before this call.
    pub(super) fn read(&self, corpora: impl Iterator<Item = Corpus>) -> Arc<Known> {
        let corpora: Vec<_> = corpora.collect();
        let mut last = self.last.lock();
        let is_current = |(named, corpus): (&Named, &Corpus)| {
            named.is_of(corpus) && named.version == corpus.index.version()
        };
        let same_count = last.corpora.len() == corpora.len();
        if same_count && last.corpora.iter().zip(&corpora).all(is_current) {
            return Arc::clone(&last.known);
        }
        let mut changed = !same_count;
        let mut named = Vec::with_capacity(corpora.len());
        for corpus in &corpora {
            let place = last.corpora.iter().position(|named| named.is_of(corpus));
            let before = place.map(|place| last.corpora.swap_remove(place));
            let (now, is_new) = Named::read(corpus, before);
            changed |= is_new;
            named.push(now);
        }
        last.corpora = named;
        if changed {
            let mut known = Known::default();
            for named in &last.corpora {
                known.add(
                    named.roles.iter().map(|role| &**role),
                    named.cities.iter().map(|city| &**city),
                );
            }
            last.known = Arc::new(known);
        }
        Arc::clone(&last.known)
    }
}

impl Named {
    fn is_of(&self, corpus: &Corpus) -> bool {
        std::ptr::eq(self.index.as_ptr(), Arc::as_ptr(&corpus.index))
    }

    /// What the corpus names now, and whether that is something else than `before`.
    fn read(corpus: &Corpus, before: Option<Self>) -> (Self, bool) {
        let index = &corpus.index;
        // The version first: what is read after it may be newer, never older.
        let version = index.version();
        if let Some(before) = before {
            if before.version == version {
                return (before, false);
            }
            let now = Self::at(index, version);
            let is_new = now.roles != before.roles || now.cities != before.cities;
            return (now, is_new);
        }
        (Self::at(index, version), true)
    }

    fn at(index: &Arc<Index>, version: u64) -> Self {
        Self {
            index: Arc::downgrade(index),
            version,
            roles: index.distinct_texts("role"),
            cities: index.distinct_texts("city"),
        }
    }
}
