//! A cache of the roles and cities of all corpora, and of the synonyms of all recordings.

use std::sync::{Arc, Weak};

use lakehouse_vector::{Index, Pool};
use parking_lot::Mutex;

use crate::role::{KnownTerms, LexiconWords};

/// The roles, cities and synonyms at the last read.
///
/// Only indexes that have changed are read again, and the terms are only rebuilt if a role, city or
/// synonym was added or removed.
pub(crate) struct KnownCache {
    last: Mutex<LastRead>,
}

struct LastRead {
    lexicon: Arc<LexiconWords>,
    indexes: Vec<IndexTerms>,
    known: Arc<KnownTerms>,
}

/// An index that has terms.
#[derive(Clone)]
pub(crate) enum Source {
    /// Its documents have roles and cities.
    Corpus(Arc<Index>),
    /// Its recordings have synonyms.
    Recordings(Arc<Index>),
}

/// The terms of one index.
struct IndexTerms {
    /// A weak pointer, so that no later index gets the same address.
    index: Weak<Index>,
    version: u64,
    roles: Vec<Arc<str>>,
    cities: Vec<Arc<str>>,
    synonyms: Vec<Arc<str>>,
}

impl Source {
    fn index(&self) -> &Arc<Index> {
        match self {
            Self::Corpus(index) | Self::Recordings(index) => index,
        }
    }
}

impl KnownCache {
    /// An empty cache of terms beside the lexicon's words.
    pub(crate) fn new(lexicon: Arc<LexiconWords>) -> Self {
        let known = Arc::new(KnownTerms::new(Arc::clone(&lexicon), [], [], []));
        let last = LastRead {
            lexicon,
            indexes: Vec::new(),
            known,
        };
        Self {
            last: Mutex::new(last),
        }
    }

    /// The terms of all items whose writes were acknowledged before this call. Indexes that have
    /// changed are read again on `pool`.
    pub(crate) async fn read(
        self: &Arc<Self>,
        sources: impl Iterator<Item = Source>,
        pool: &Pool,
    ) -> Arc<KnownTerms> {
        let sources: Vec<_> = sources.collect();
        // While another request reads the indexes, this one waits on the pool, not on this thread.
        let current = self.last.try_lock().and_then(|last| last.current(&sources));
        if let Some(known) = current {
            return known;
        }
        let cache = Arc::clone(self);
        pool.run(move || cache.last.lock().refresh(&sources)).await
    }
}

impl LastRead {
    /// The terms, unless an index was added, removed or changed since.
    fn current(&self, sources: &[Source]) -> Option<Arc<KnownTerms>> {
        let is_current = |(terms, source): (&IndexTerms, &Source)| {
            terms.is_of(source) && terms.version == source.index().version()
        };
        let is_same =
            self.indexes.len() == sources.len() && self.indexes.iter().zip(sources).all(is_current);
        is_same.then(|| Arc::clone(&self.known))
    }

    fn refresh(&mut self, sources: &[Source]) -> Arc<KnownTerms> {
        let mut changed = self.indexes.len() != sources.len();
        let mut all = Vec::with_capacity(sources.len());
        for source in sources {
            let place = self.indexes.iter().position(|terms| terms.is_of(source));
            let before = place.map(|place| self.indexes.swap_remove(place));
            let (now, is_new) = IndexTerms::read(source, before);
            changed |= is_new;
            all.push(now);
        }
        self.indexes = all;
        if changed {
            let all = |terms: fn(&IndexTerms) -> &[Arc<str>]| {
                self.indexes.iter().flat_map(terms).map(|term| &**term)
            };
            self.known = Arc::new(KnownTerms::new(
                Arc::clone(&self.lexicon),
                all(|terms| &terms.roles),
                all(|terms| &terms.cities),
                all(|terms| &terms.synonyms),
            ));
        }
        Arc::clone(&self.known)
    }
}

impl IndexTerms {
    fn is_of(&self, source: &Source) -> bool {
        std::ptr::eq(self.index.as_ptr(), Arc::as_ptr(source.index()))
    }

    /// The current terms of an index, and whether they differ from `before`.
    fn read(source: &Source, before: Option<Self>) -> (Self, bool) {
        // The version is read first: the terms may be newer, but not older.
        let version = source.index().version();
        if let Some(before) = before {
            if before.version == version {
                return (before, false);
            }
            let now = Self::at(source, version);
            let is_new = now.roles != before.roles
                || now.cities != before.cities
                || now.synonyms != before.synonyms;
            return (now, is_new);
        }
        (Self::at(source, version), true)
    }

    fn at(source: &Source, version: u64) -> Self {
        let mut terms = Self {
            index: Arc::downgrade(source.index()),
            version,
            roles: Vec::new(),
            cities: Vec::new(),
            synonyms: Vec::new(),
        };
        match source {
            Source::Corpus(index) => {
                terms.roles = index.distinct_texts("role");
                terms.cities = index.distinct_texts("city");
            }
            Source::Recordings(index) => terms.synonyms = index.distinct_texts("synonym"),
        }
        terms
    }
}
