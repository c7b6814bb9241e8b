//! An index from a datum to the workers who have it.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use lakehouse_base::same_text;

use super::Worker;

/// The datum of a worker that an index is for; none when the worker has no valid one.
pub(super) type Datum = fn(&Worker) -> Option<Cow<'_, str>>;

/// The workers by datum, ignoring the case of ASCII letters.
///
/// The index holds hashes only; every candidate is compared with the worker's own datum.
#[derive(Debug)]
pub(super) struct Index {
    datum: Datum,
    hasher: RandomState,
    /// In ascending order.
    entries: Box<[Entry]>,
    /// The starts of the buckets, the entries whose hashes share their high bits, and the end.
    starts: Box<[u32]>,
    /// The right shift from a hash to its bucket.
    shift: u32,
}

/// The hash of a datum, and the position of a worker who has it.
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
        // At least two buckets, because a shift by all 32 bits overflows.
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

    /// The workers who have a datum, in the order of the `workers` that the index was built from.
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

/// The hash of a text, ignoring case. Half of the hasher's bits are enough: collisions are rare.
fn hash(hasher: &RandomState, text: &str) -> u32 {
    hasher.hash_one(lowered(text)) as u32
}

/// A text in ASCII lower case.
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
    use crate::roster::Roster;

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
    fn workers_are_found_in_order_ignoring_case() {
        let workers = workers(&["b-B", "a", "B-b", "ß", "b-b"]);
        let index = Index::new(&workers, Worker::id);
        assert_eq!(found(&index, "B-B", &workers), ["b-B", "B-b", "b-b"]);
        assert_eq!(found(&index, "ß", &workers), ["ß"]);
        assert!(found(&index, "c", &workers).is_empty());
        assert!(found(&Index::new(&[], Worker::id), "a", &[]).is_empty());
    }

    #[test]
    fn a_worker_with_only_the_same_hash_is_not_found() {
        let workers = workers(&["a", "B", "c", "b"]);
        let mut index = Index::new(&workers, Worker::id);
        let same = hash(&index.hasher, "b");
        index.entries = (0..4).map(|position| (same, position)).collect();
        index.starts = starts(&index.entries, 4, index.shift);
        assert_eq!(found(&index, "b", &workers), ["B", "b"]);
    }
}
