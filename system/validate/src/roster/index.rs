//! From a datum to the workers that have it.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use lakehouse_base::same_text;

use super::Worker;

/// What an index knows a worker by; nothing when the worker has none that counts.
pub(super) type Datum = fn(&Worker) -> Option<Cow<'_, str>>;

/// Who has a datum, whatever the case of its ASCII letters.
///
/// The data themselves stay with the workers: an entry only says who may have them, and each is
/// asked.
#[derive(Debug)]
pub(super) struct Index {
    datum: Datum,
    hasher: RandomState,
    /// In order.
    entries: Box<[Entry]>,
    /// Where in the entries those begin whose hashes begin with the same bits, and the end.
    starts: Box<[u32]>,
    /// How far a hash is shifted for its place in `starts`.
    shift: u32,
}

/// The hash of a datum, and the position in the roster of a worker who has it.
type Entry = (u32, u32);

impl Index {
    pub(super) fn new(workers: &[Worker], datum: Datum) -> Self {
        let hasher = RandomState::new();
        let mut entries = Vec::with_capacity(workers.len());
        for (position, worker) in (0..).zip(workers) {
            if let Some(datum) = datum(worker) {
                entries.push((hash(&hasher, &datum), position));
            }
        }
        entries.sort_unstable();
        // At least two, since a shift by all 32 bits is none.
        let buckets = entries.len().next_power_of_two().max(2);
        let shift = u32::BITS - buckets.ilog2();
        Self {
            datum,
            hasher,
            starts: starts(&entries, buckets, shift),
            entries: entries.into_boxed_slice(),
            shift,
        }
    }

    /// The workers that have a datum, of those the index was made for, in their order.
    pub(super) fn find<'r>(
        &self,
        datum: &str,
        workers: &'r [Worker],
    ) -> impl Iterator<Item = &'r Worker> {
        let hash = hash(&self.hasher, datum);
        let bucket = (hash >> self.shift) as usize;
        let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
        self.entries[start as usize..end as usize]
            .iter()
            .filter(move |(other, _)| *other == hash)
            .map(|(_, position)| &workers[*position as usize])
            .filter(move |worker| self.has(worker, datum))
    }

    /// Whether a worker has a datum.
    pub(super) fn has(&self, worker: &Worker, datum: &str) -> bool {
        (self.datum)(worker).is_some_and(|own| same_text(&own, datum))
    }
}

fn starts(entries: &[Entry], buckets: usize, shift: u32) -> Box<[u32]> {
    let mut starts = vec![0; buckets + 1];
    for (hash, _) in entries {
        starts[(hash >> shift) as usize + 1] += 1;
    }
    let mut start = 0;
    for of_bucket in &mut starts {
        start += *of_bucket;
        *of_bucket = start;
    }
    starts.into_boxed_slice()
}

/// The same for the same text. Half of the hasher's bits are enough: few other texts share them.
fn hash(hasher: &RandomState, text: &str) -> u32 {
    hasher.hash_one(lowered(text)) as u32
}

/// A text of which the ASCII letters are lowered.
pub(super) fn lowered(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Roster;

    fn workers(ids: &[&str]) -> Box<[Worker]> {
        let line = |id: &&str| {
            format!(
                r#"{{"worker_id":"{id}","name":"","city":"","state":"","phone":"","email":"","roles":[],"active":true}}"#
            ) + "\n"
        };
        let file: String = ids.iter().map(line).collect();
        Roster::from_jsonl(file.as_bytes()).unwrap().workers
    }

    fn found(index: &Index, id: &str, workers: &[Worker]) -> Vec<String> {
        let found = index.find(id, workers);
        found.map(|worker| worker.worker_id.to_string()).collect()
    }

    #[test]
    fn workers_are_found_in_their_order_whatever_the_case() {
        let workers = workers(&["b-B", "a", "B-b", "ß", "b-b"]);
        let index = Index::new(&workers, Worker::id);
        assert_eq!(found(&index, "B-B", &workers), ["b-B", "B-b", "b-b"]);
        assert_eq!(found(&index, "ß", &workers), ["ß"]);
        assert!(found(&index, "c", &workers).is_empty());
        assert!(found(&Index::new(&[], Worker::id), "a", &[]).is_empty());
    }

    #[test]
    fn who_only_shares_the_hash_is_not_found() {
        let workers = workers(&["a", "B", "c", "b"]);
        let mut index = Index::new(&workers, Worker::id);
        let same = hash(&index.hasher, "b");
        index.entries = (0..4).map(|position| (same, position)).collect();
        index.starts = starts(&index.entries, 4, index.shift);
        assert_eq!(found(&index, "b", &workers), ["B", "b"]);
    }
}
