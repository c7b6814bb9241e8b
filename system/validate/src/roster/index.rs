//! An index from a datum to the workers who have it.

use std::hash::{BuildHasher, RandomState};

use super::Worker;

/// The keys of a worker in an index: folded texts, none when the worker has no valid datum.
pub(super) type Keys = fn(&Worker) -> Vec<String>;

/// The workers by key.
///
/// The index holds hashes only; every candidate is compared with the worker's own keys.
#[derive(Debug)]
pub(super) struct Index {
    keys: Keys,
    hasher: RandomState,
    /// In ascending order.
    entries: Box<[Entry]>,
    /// The starts of the buckets, the entries whose hashes share their high bits, and the end.
    starts: Box<[u32]>,
    /// The right shift from a hash to its bucket.
    shift: u32,
}

/// The hash of a key, and the position of a worker who has it.
type Entry = (u32, u32);

impl Index {
    pub(super) fn new(workers: &[Worker], keys: Keys) -> Self {
        let hasher = RandomState::new();
        let mut entries = Vec::with_capacity(workers.len());
        for (position, worker) in (0..).zip(workers) {
            entries.extend(
                keys(worker)
                    .iter()
                    .map(|key| (hash(&hasher, key), position)),
            );
        }
        entries.sort_unstable();
        entries.dedup();
        // At least two buckets, because a shift by all 32 bits overflows.
        let buckets = entries.len().next_power_of_two().max(2);
        let shift = u32::BITS - buckets.ilog2();
        Self {
            keys,
            hasher,
            starts: starts(&entries, buckets, shift),
            entries: entries.into_boxed_slice(),
            shift,
        }
    }

    /// The workers who have a key, in the order of the `workers` that the index was built from.
    pub(super) fn find<'r>(
        &self,
        key: &str,
        workers: &'r [Worker],
    ) -> impl Iterator<Item = &'r Worker> {
        let hash = hash(&self.hasher, key);
        let bucket = (hash >> self.shift) as usize;
        let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
        self.entries[start as usize..end as usize]
            .iter()
            .filter(move |(other, _)| *other == hash)
            .map(|(_, position)| &workers[*position as usize])
            .filter(move |worker| self.has(worker, key))
    }

    /// Whether a worker has a key.
    pub(super) fn has(&self, worker: &Worker, key: &str) -> bool {
        (self.keys)(worker).iter().any(|own| own == key)
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

/// The hash of a key. Half of the hasher's bits are enough: collisions are rare.
fn hash(hasher: &RandomState, key: &str) -> u32 {
    hasher.hash_one(key) as u32
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
    fn workers_are_found_in_order_by_the_folded_key() {
        let workers = workers(&["b-B", "a", "B-b", "ß", "b-b"]);
        let index = Index::new(&workers, Worker::id);
        assert_eq!(found(&index, "b-b", &workers), ["b-B", "B-b", "b-b"]);
        assert_eq!(found(&index, "ss", &workers), ["ß"]);
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
