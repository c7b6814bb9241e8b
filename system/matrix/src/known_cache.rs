//! The roles and cities that are known now, without reading them anew for every search.

use std::sync::{Arc, Weak};

use lakehouse_vector::{Index, Pool};
use parking_lot::Mutex;

use crate::corpus::Corpus;
use crate::role::Known;

/// What the corpora named when they were last read.
///
/// Only corpora of another version are read again, so recordings that are kept meanwhile cost
/// nothing; and the keys are only made anew when a role or city came or went.
#[derive(Default)]
pub(crate) struct KnownCache {
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
    /// Corpora that changed are read again on `pool`.
    pub(crate) async fn read(
        self: &Arc<Self>,
        corpora: impl Iterator<Item = Corpus>,
        pool: &Pool,
    ) -> Arc<Known> {
        let corpora: Vec<_> = corpora.collect();
        // While another request reads them again, this one waits on the pool rather than here.
        let current = self.last.try_lock().and_then(|last| last.current(&corpora));
        if let Some(known) = current {
            return known;
        }
        let cache = Arc::clone(self);
        pool.run(move || cache.last.lock().refresh(&corpora)).await
    }
}

impl LastRead {
    /// What is known, unless a corpus came, went or changed since.
    fn current(&self, corpora: &[Corpus]) -> Option<Arc<Known>> {
        let is_current = |(named, corpus): (&Named, &Corpus)| {
            named.is_of(corpus) && named.version == corpus.index.version()
        };
        let is_same =
            self.corpora.len() == corpora.len() && self.corpora.iter().zip(corpora).all(is_current);
        is_same.then(|| Arc::clone(&self.known))
    }

    fn refresh(&mut self, corpora: &[Corpus]) -> Arc<Known> {
        let mut changed = self.corpora.len() != corpora.len();
        let mut named = Vec::with_capacity(corpora.len());
        for corpus in corpora {
            let place = self.corpora.iter().position(|named| named.is_of(corpus));
            let before = place.map(|place| self.corpora.swap_remove(place));
            let (now, is_new) = Named::read(corpus, before);
            changed |= is_new;
            named.push(now);
        }
        self.corpora = named;
        if changed {
            let mut known = Known::default();
            for named in &self.corpora {
                known.add(
                    named.roles.iter().map(|role| &**role),
                    named.cities.iter().map(|city| &**city),
                );
            }
            self.known = Arc::new(known);
        }
        Arc::clone(&self.known)
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
