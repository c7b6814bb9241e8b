//! A cache of what the documents of corpora have, ready to understand queries about them and to look up
//! people in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lakehouse_understand::{Dictionary, KnownPlace, Understander, Vocabulary};
use lakehouse_vector::{Index, Pool};
use parking_lot::Mutex;

use crate::corpus::Corpus;
use crate::people::People;

/// The largest number of sets of corpora that are kept.
const MAX_ENTRIES: usize = 16;

/// What is known of the sets of corpora that were searched last.
pub(crate) struct VocabularyCache {
    dictionary: Arc<Dictionary>,
    entries: Mutex<Vec<Entry>>,
    /// Held by the thread that reads corpora, so that searches do not wait for it while they look for
    /// an entry.
    reading: Mutex<()>,
}

struct Entry {
    /// The numbers and versions of the indexes.
    versions: Vec<(u128, u64)>,
    vocabulary: Vocabulary,
    knowledge: Knowledge,
}

/// What the documents of corpora have.
#[derive(Clone)]
pub(crate) struct Knowledge {
    pub(crate) understander: Arc<Understander>,
    /// The people of each corpus.
    pub(crate) people: Vec<Arc<People>>,
}

impl VocabularyCache {
    pub(crate) fn new(dictionary: Arc<Dictionary>) -> Self {
        Self {
            dictionary,
            entries: Mutex::default(),
            reading: Mutex::default(),
        }
    }

    /// What the documents of corpora have; those that have changed are read again on `pool`.
    pub(crate) async fn knowledge(
        self: &Arc<Self>,
        corpora: Vec<Corpus>,
        pool: &Pool,
    ) -> Knowledge {
        // The versions are read first: the vocabulary may be newer, but not older.
        let indexes: Vec<_> = corpora.into_iter().map(|corpus| corpus.index).collect();
        let versions = |index: &Arc<Index>| (index.number(), index.version());
        let versions: Vec<_> = indexes.iter().map(versions).collect();
        if let Some(known) = self.find(&versions) {
            return known;
        }
        let cache = Arc::clone(self);
        pool.run(move || cache.read(versions, &indexes)).await
    }

    fn find(&self, versions: &[(u128, u64)]) -> Option<Knowledge> {
        let entries = self.entries.lock();
        let entry = entries.iter().find(|entry| entry.versions == versions)?;
        Some(entry.knowledge.clone())
    }

    fn read(&self, versions: Vec<(u128, u64)>, indexes: &[Arc<Index>]) -> Knowledge {
        let _reading = self.reading.lock();
        if let Some(known) = self.find(&versions) {
            return known;
        }
        let vocabulary = vocabulary(indexes);
        let people = indexes.iter().zip(&versions);
        let people = people
            .map(|(index, version)| self.people(index, *version))
            .collect();
        let before = self.take(&versions);
        let same = before.filter(|entry| entry.vocabulary == vocabulary);
        let understander = match same {
            Some(entry) => entry.knowledge.understander,
            None => {
                let dictionary = Arc::clone(&self.dictionary);
                Arc::new(Understander::new(dictionary, &vocabulary))
            }
        };
        let knowledge = Knowledge {
            understander,
            people,
        };
        let mut entries = self.entries.lock();
        entries.truncate(MAX_ENTRIES - 1);
        let entry = Entry {
            versions,
            vocabulary,
            knowledge: knowledge.clone(),
        };
        entries.insert(0, entry);
        knowledge
    }

    /// Takes out the entry of the same indexes at other versions.
    fn take(&self, versions: &[(u128, u64)]) -> Option<Entry> {
        let mut entries = self.entries.lock();
        let numbers = || versions.iter().map(|(number, _)| number);
        let is_of_same =
            |entry: &Entry| numbers().eq(entry.versions.iter().map(|(number, _)| number));
        let place = entries.iter().position(is_of_same)?;
        Some(entries.remove(place))
    }

    /// The people of an index, as far as possible from an entry for a set with the same index.
    fn people(&self, index: &Index, version: (u128, u64)) -> Arc<People> {
        let before = {
            let entries = self.entries.lock();
            let known = entries.iter().flat_map(|entry| {
                let people = &entry.knowledge.people;
                entry.versions.iter().zip(people)
            });
            let of_index = known.filter(|(known, _)| known.0 == version.0);
            let newest = of_index.max_by_key(|(known, _)| known.1);
            newest.map(|(known, people)| (*known, Arc::clone(people)))
        };
        match before {
            Some((known, people)) if known == version => people,
            before => {
                let before = before.as_ref().map(|(_, people)| &**people);
                Arc::new(People::read(index, &self.dictionary, before))
            }
        }
    }
}

fn vocabulary(indexes: &[Arc<Index>]) -> Vocabulary {
    let mut roles = BTreeSet::new();
    let mut people: BTreeMap<_, u64> = BTreeMap::new();
    for index in indexes {
        for field in ["role", "second_role"] {
            let texts = index.distinct_texts(field);
            roles.extend(texts.iter().map(|role| role.to_string()));
        }
        for (city, state, count) in index.distinct_pairs("city", "state") {
            *people.entry((city, state)).or_default() += count;
        }
    }
    let place = |((city, state), people): ((Arc<str>, Arc<str>), u64)| KnownPlace {
        city: city.to_string(),
        state: state.to_string(),
        people,
    };
    Vocabulary {
        roles: roles.into_iter().collect(),
        places: people.into_iter().map(place).collect(),
    }
}
