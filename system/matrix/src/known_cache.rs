//! A cache of the roles and cities of all corpora.

use std::sync::{Arc, Weak};

use lakehouse_vector::{Index, Pool};
use parking_lot::Mutex;

use crate::corpus::Corpus;
use crate::role::KnownTerms;

/// The roles and cities of all corpora at the last read.
///
/// Only corpora that have changed are read again, so new recordings cost nothing. The terms are only
/// rebuilt if a role or city was added or removed.
#[derive(Default)]
pub(crate) struct KnownCache {
    last: Mutex<LastRead>,
}

#[derive(Default)]
struct LastRead {
    corpora: Vec<CorpusTerms>,
    known: Arc<KnownTerms>,
}

/// The roles and cities of one corpus.
struct CorpusTerms {
    /// A weak pointer, so that no later index gets the same address.
    index: Weak<Index>,
    version: u64,
    roles: Vec<Arc<str>>,
    cities: Vec<Arc<str>>,
}

impl KnownCache {
    /// The roles and cities of all documents whose writes were acknowledged before this call. Corpora
    /// that have changed are read again on `pool`.
    pub(crate) async fn read(
        self: &Arc<Self>,
        corpora: impl Iterator<Item = Corpus>,
        pool: &Pool,
    ) -> Arc<KnownTerms> {
        let corpora: Vec<_> = corpora.collect();
        // While another request reads the corpora, this one waits on the pool, not on this thread.
        let current = self.last.try_lock().and_then(|last| last.current(&corpora));
        if let Some(known) = current {
            return known;
        }
        let cache = Arc::clone(self);
        pool.run(move || cache.last.lock().refresh(&corpora)).await
    }
}

impl LastRead {
    /// The terms, unless a corpus was added, removed or changed since.
    fn current(&self, corpora: &[Corpus]) -> Option<Arc<KnownTerms>> {
        let is_current = |(terms, corpus): (&CorpusTerms, &Corpus)| {
            terms.is_of(corpus) && terms.version == corpus.index.version()
        };
        let is_same =
            self.corpora.len() == corpora.len() && self.corpora.iter().zip(corpora).all(is_current);
        is_same.then(|| Arc::clone(&self.known))
    }

    fn refresh(&mut self, corpora: &[Corpus]) -> Arc<KnownTerms> {
        let mut changed = self.corpora.len() != corpora.len();
        let mut all = Vec::with_capacity(corpora.len());
        for corpus in corpora {
            let place = self.corpora.iter().position(|terms| terms.is_of(corpus));
            let before = place.map(|place| self.corpora.swap_remove(place));
            let (now, is_new) = CorpusTerms::read(corpus, before);
            changed |= is_new;
            all.push(now);
        }
        self.corpora = all;
        if changed {
            let mut known = KnownTerms::default();
            for terms in &self.corpora {
                known.add(
                    terms.roles.iter().map(|role| &**role),
                    terms.cities.iter().map(|city| &**city),
                );
            }
            self.known = Arc::new(known);
        }
        Arc::clone(&self.known)
    }
}

impl CorpusTerms {
    fn is_of(&self, corpus: &Corpus) -> bool {
        std::ptr::eq(self.index.as_ptr(), Arc::as_ptr(&corpus.index))
    }

    /// The current roles and cities of the corpus, and whether they differ from `before`.
    fn read(corpus: &Corpus, before: Option<Self>) -> (Self, bool) {
        let index = &corpus.index;
        // The version is read first: the terms may be newer, but not older.
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
