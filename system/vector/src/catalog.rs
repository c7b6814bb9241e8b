//! The indexes that exist: the store holds one numbered manifest for each change of an index.
//!
//! # Format
//! The objects of an index are `vectors/<name>/<sequence>.json`, its manifests, and
//! `vectors/<name>/<sequence>.snap`, its snapshots; a sequence number has 20 digits. The manifest
//! with the highest number is current. Manifests are created and never replaced, so when two
//! processes write the same one, only one succeeds. A manifest is one line of JSON,
//! `{"crc32c":…,"manifest":{…}}`, with the checksum of the manifest's text ([`Manifest`]).
//!
//! Objects that the current manifest does not name are left over from a crash or from earlier
//! manifests, and are removed. If the current manifest marks the index as dropped, the whole index
//! is removed, that manifest last. A snapshot without any manifest is an index that lost its own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bytes::Bytes;
use futures::TryStreamExt;
use lakehouse_nearest::Metric;
use lakehouse_store::{Store, StoreError};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::config::IndexConfig;
use crate::error::VectorError;
use crate::name::IndexName;
use crate::snapshot::{Written, number};
use crate::words::Word;

const FOLDER: &str = "vectors";
/// The number of no index.
const NO_INDEX: u128 = 0;

/// The state of an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    sequence: u64,
    /// The index's unique number, in 32 hexadecimal digits.
    index: String,
    dimension: usize,
    distance: String,
    space: Option<String>,
    /// The latest snapshot; `None` before the first.
    snapshot: Option<SnapshotEntry>,
    dropped: bool,
}

/// A manifest's entry for a snapshot, which has the manifest's sequence number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SnapshotEntry {
    /// The index version that the snapshot holds.
    pub(crate) version: u64,
    size: u64,
    crc32c: u32,
}

impl SnapshotEntry {
    pub(crate) fn new(version: u64, written: Written) -> Self {
        let Written { size, crc32c } = written;
        Self {
            version,
            size,
            crc32c,
        }
    }

    pub(crate) fn written(&self) -> Written {
        Written {
            size: self.size,
            crc32c: self.crc32c,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Checked<'a> {
    crc32c: u32,
    #[serde(borrow)]
    manifest: &'a RawValue,
}

impl Manifest {
    /// The first manifest of an index.
    pub(crate) fn new(index: u128, config: &IndexConfig, sequence: u64) -> Self {
        Self {
            sequence,
            index: number(index),
            dimension: config.dimension,
            distance: config.distance.word().to_owned(),
            space: config.space.clone(),
            snapshot: None,
            dropped: false,
        }
    }

    /// The next manifest, with a new snapshot.
    pub(crate) fn with_snapshot(&self, snapshot: SnapshotEntry) -> Self {
        Self {
            sequence: self.sequence + 1,
            snapshot: Some(snapshot),
            ..self.clone()
        }
    }

    /// The final manifest, which marks the index as dropped.
    pub(crate) fn dropped(&self) -> Self {
        Self {
            sequence: self.sequence + 1,
            snapshot: None,
            dropped: true,
            ..self.clone()
        }
    }

    /// The final manifest of an index whose own cannot be read.
    pub(crate) fn tombstone(sequence: u64) -> Self {
        let config = IndexConfig {
            dimension: 1,
            distance: Metric::Cosine,
            space: None,
        };
        Self {
            dropped: true,
            ..Self::new(NO_INDEX, &config, sequence)
        }
    }

    /// Whether it is a [`tombstone`](Self::tombstone), of which nothing but the name is known.
    pub(crate) fn is_tombstone(&self) -> bool {
        self.index == number(NO_INDEX)
    }

    pub(crate) fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// The index's unique number, as written in files.
    pub(crate) fn number(&self) -> &str {
        &self.index
    }

    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    pub(crate) fn snapshot(&self) -> Option<&SnapshotEntry> {
        self.snapshot.as_ref()
    }

    /// The index's number and configuration; `None` if either is malformed.
    pub(crate) fn index(&self) -> Option<(u128, IndexConfig)> {
        let config = IndexConfig {
            dimension: self.dimension,
            distance: Metric::from_word(&self.distance)?,
            space: self.space.clone(),
        };
        Some((u128::from_str_radix(&self.index, 16).ok()?, config))
    }

    fn to_bytes(&self) -> Result<Bytes, serde_json::Error> {
        let manifest = serde_json::value::to_raw_value(self)?;
        let crc32c = crc32c::crc32c(manifest.get().as_bytes());
        let checked = Checked {
            crc32c,
            manifest: &manifest,
        };
        Ok(serde_json::to_vec(&checked)?.into())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, (u64, String)> {
        let at = |e: &serde_json::Error| e.column().saturating_sub(1) as u64;
        let checked: Checked<'_> =
            serde_json::from_slice(bytes).map_err(|e| (at(&e), e.to_string()))?;
        let text = checked.manifest.get();
        if crc32c::crc32c(text.as_bytes()) != checked.crc32c {
            return Err((0, "it does not match its checksum".to_owned()));
        }
        serde_json::from_str(text).map_err(|e| (0, e.to_string()))
    }
}

/// The manifests and snapshots in a store.
#[derive(Clone)]
pub(crate) struct Catalog {
    store: Store,
}

impl Catalog {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The current manifest of every index that has objects, dropped ones included; an error where
    /// it cannot be read.
    pub(crate) async fn read(
        &self,
    ) -> Result<BTreeMap<IndexName, Result<Manifest, VectorError>>, VectorError> {
        let mut last: BTreeMap<IndexName, Last> = BTreeMap::new();
        for key in self.keys(&Key::from(FOLDER)).await? {
            let Some((name, sequence, extension)) = parts(&key) else {
                continue;
            };
            let last = last.entry(name).or_default();
            let highest = match extension {
                "json" => &mut last.manifest,
                "snap" => &mut last.snapshot,
                _ => continue,
            };
            *highest = Some(sequence).max(*highest);
        }
        let mut manifests = BTreeMap::new();
        for (name, last) in last {
            let manifest = match (last.manifest, last.snapshot) {
                (Some(sequence), _) => self.manifest(&name, sequence).await,
                // Manifests are removed last, so this one was lost.
                (None, Some(sequence)) => Err(missing(&manifest_key(&name, sequence))),
                (None, None) => continue,
            };
            match manifest {
                Err(error) if !error.is_of_one_index() => return Err(error),
                manifest => manifests.insert(name, manifest),
            };
        }
        Ok(manifests)
    }

    async fn manifest(&self, name: &IndexName, sequence: u64) -> Result<Manifest, VectorError> {
        let key = manifest_key(name, sequence);
        let bytes = self.get(&key).await?;
        let manifest = Manifest::from_bytes(&bytes).and_then(|manifest| {
            if manifest.sequence == sequence && manifest.index().is_some() {
                Ok(manifest)
            } else {
                Err((
                    0,
                    "its sequence number or its configuration is invalid".to_owned(),
                ))
            }
        });
        manifest.map_err(|(offset, reason)| VectorError::Damaged {
            file: key.to_string(),
            offset,
            reason,
        })
    }

    /// The files of an index's objects with their keys, in the order of their sequence numbers.
    pub(crate) async fn files(&self, name: &IndexName) -> Result<Vec<Object>, VectorError> {
        let mut files = Vec::new();
        for key in self.keys(&folder(name)).await? {
            if let Some((_, sequence, extension)) = parts(&key) {
                files.push(Object {
                    sequence,
                    is_snapshot: extension == "snap",
                    file: self.store.local_file(&key).await?,
                    key,
                });
            }
        }
        files.sort_by_key(|object| object.sequence);
        Ok(files)
    }

    /// Removes an object.
    pub(crate) async fn remove(&self, object: &Object) -> Result<(), VectorError> {
        Ok(self.store.delete(&object.key).await?)
    }

    /// The highest sequence number used for a name; 0 if there is none.
    pub(crate) async fn last_sequence(&self, name: &IndexName) -> Result<u64, VectorError> {
        let keys = self.keys(&folder(name)).await?;
        let sequences = keys.iter().filter_map(|key| Some(parts(key)?.1));
        Ok(sequences.max().unwrap_or(0))
    }

    /// Creates a manifest, which puts its state into effect.
    pub(crate) async fn publish(
        &self,
        name: &IndexName,
        manifest: &Manifest,
    ) -> Result<(), VectorError> {
        let key = manifest_key(name, manifest.sequence);
        let bytes = manifest.to_bytes().map_err(|e| VectorError::Io {
            action: "write manifest",
            path: PathBuf::from(key.as_ref()),
            source: std::io::Error::other(e),
        })?;
        let payload = bytes.clone().into();
        let objects = self.store.objects();
        match objects
            .put_opts(&key, payload, PutMode::Create.into())
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => match StoreError::new("write", &key, error) {
                // An earlier attempt may have succeeded although its response was lost.
                StoreError::AlreadyExists { .. } if self.get(&key).await? == bytes => Ok(()),
                error => Err(error.into()),
            },
        }
    }

    /// Stores a file as the snapshot with that sequence number.
    pub(crate) async fn put_snapshot(
        &self,
        name: &IndexName,
        sequence: u64,
        file: &std::path::Path,
    ) -> Result<(), VectorError> {
        Ok(self
            .store
            .put_file(&snapshot_key(name, sequence), file)
            .await?)
    }

    /// The file of a manifest's snapshot.
    pub(crate) async fn snapshot_file(
        &self,
        name: &IndexName,
        sequence: u64,
    ) -> Result<PathBuf, VectorError> {
        let key = snapshot_key(name, sequence);
        match self.store.local_file(&key).await {
            Err(StoreError::NotFound { .. }) => Err(missing(&key)),
            result => Ok(result?),
        }
    }

    /// Removes what the last manifest does not name; of a dropped index everything, that manifest
    /// last.
    pub(crate) async fn clean(&self, name: &IndexName, last: &Manifest) -> Result<(), VectorError> {
        for key in self.keys(&folder(name)).await? {
            let is_kept = match parts(&key) {
                Some((_, sequence, "json")) => sequence >= last.sequence,
                Some((_, sequence, "snap")) => sequence == last.sequence && last.snapshot.is_some(),
                _ => true,
            };
            if !is_kept {
                self.store.delete(&key).await?;
            }
        }
        if last.dropped {
            let last = manifest_key(name, last.sequence);
            self.store.delete(&last).await?;
        }
        Ok(())
    }

    async fn get(&self, key: &Key) -> Result<Bytes, StoreError> {
        let read = async { self.store.objects().get(key).await?.bytes().await };
        read.await.map_err(|e| StoreError::new("read", key, e))
    }

    /// The keys below a folder, in order.
    async fn keys(&self, folder: &Key) -> Result<Vec<Key>, StoreError> {
        let listed = self.store.objects().list(Some(folder));
        let keys = listed.map_ok(|object| object.location).try_collect().await;
        keys.map_err(|e| StoreError::new("list", folder, e))
    }
}

/// The highest sequence numbers among the objects of an index.
#[derive(Default)]
struct Last {
    manifest: Option<u64>,
    snapshot: Option<u64>,
}

/// An object of an index.
pub(crate) struct Object {
    pub(crate) sequence: u64,
    pub(crate) is_snapshot: bool,
    key: Key,
    /// A file with its content.
    pub(crate) file: PathBuf,
}

fn missing(key: &Key) -> VectorError {
    VectorError::Damaged {
        file: key.to_string(),
        offset: 0,
        reason: "it is missing".to_owned(),
    }
}

fn folder(name: &IndexName) -> Key {
    Key::from(format!("{FOLDER}/{name}"))
}

fn manifest_key(name: &IndexName, sequence: u64) -> Key {
    Key::from(format!("{FOLDER}/{name}/{sequence:020}.json"))
}

fn snapshot_key(name: &IndexName, sequence: u64) -> Key {
    Key::from(format!("{FOLDER}/{name}/{sequence:020}.snap"))
}

/// The index, the sequence number and the extension of a key of ours.
fn parts(key: &Key) -> Option<(IndexName, u64, &str)> {
    let rest = key.as_ref().strip_prefix(FOLDER)?.strip_prefix('/')?;
    let (name, file) = rest.split_once('/')?;
    let (sequence, extension) = file.split_once('.')?;
    Some((
        IndexName::parse(name).ok()?,
        sequence.parse().ok()?,
        extension,
    ))
}
