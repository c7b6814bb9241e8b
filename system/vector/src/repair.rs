//! Repairs an index that cannot be opened: moves its files aside, and creates it again with the items
//! that can still be read.
//!
//! Nothing is deleted: the files are below `<root>/damaged/<name>-<number>` afterwards, the objects
//! of the store in `store` and the logs in `logs`. Objects are copied there before they are removed
//! from the store.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use lakehouse_log::segments;
use lakehouse_nearest::Metric;

use crate::batch::{self, Change};
use crate::catalog::{Manifest, Object};
use crate::config::IndexConfig;
use crate::engine::{Engine, blocking};
use crate::error::VectorError;
use crate::index::open::LOG_MAGIC;
use crate::item::Item;
use crate::name::IndexName;
use crate::snapshot::Remains;

/// The number of items written at a time.
const BATCH: usize = 500;

/// The outcome of a repair.
#[derive(Debug)]
pub struct Repair {
    /// The folder that the files were moved to.
    pub moved_to: PathBuf,
    /// The number of items of the index that was created again.
    pub items: usize,
    /// Descriptions of what could not be read.
    pub lost: Vec<String>,
}

/// Why an index was not repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The index is served.
    #[error("index `{0}` can be opened; there is nothing to repair")]
    Served(Box<str>),
    /// Its configuration cannot be read from any file.
    #[error(
        "nothing of index `{index}` can be read, not even its dimension: {}; put a copy of its files \
         back, or drop the index",
        lost.join("; ")
    )]
    Unreadable {
        /// The index's name.
        index: Box<str>,
        /// Descriptions of what could not be read.
        lost: Vec<String>,
    },
    /// Its manifest cannot be read, and only the manifest has the space.
    #[error(
        "the manifest of index `{0}` is lost, and with it the space of its vectors; pass \
         `--space MODEL` for a corpus of that model, or `--space \"\"` for an index without a space"
    )]
    UnknownSpace(Box<str>),
    /// The files cannot be moved, or the index cannot be created.
    #[error(transparent)]
    Vector(#[from] VectorError),
}

/// What can be read of an index.
struct Remainder {
    config: IndexConfig,
    items: Vec<Item>,
    lost: Vec<String>,
}

impl Engine {
    /// Repairs an index that could not be opened. `space` is used when its manifest cannot be read.
    ///
    /// # Errors
    /// [`RepairError`]. If the index cannot be created again, its files are still in their new place.
    pub async fn repair(
        &self,
        name: &IndexName,
        space: Option<Option<String>>,
    ) -> Result<Repair, RepairError> {
        if self.get(name.as_str()).is_some() {
            return Err(RepairError::Served(name.as_str().into()));
        }
        let Some(damage) = self.cause_of_damage(name) else {
            return Err(VectorError::UnknownIndex(name.as_str().into()).into());
        };
        let changing = self.changing.lock().await;
        let objects = self.catalog.files(name).await?;
        let (logs, index) = (self.folder(name), name.clone());
        let (objects, remainder) = blocking(move || {
            let remainder = read(&index, &objects, &logs, space);
            Ok((objects, remainder))
        })
        .await?;
        let mut remainder = remainder?;
        // What the reading of single rows does not meet, such as a damaged graph or code.
        if remainder.lost.is_empty() {
            remainder.lost.push(damage.to_string());
        }
        let moved_to = self.move_aside(name, objects).await?;
        self.damaged.write().remove(name);
        drop(changing);

        let (repaired, _) = self.create(name, remainder.config).await?;
        let count = remainder.items.len();
        let mut items = remainder.items.into_iter();
        loop {
            let batch: Vec<_> = items.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            repaired.upsert(batch).await?;
        }
        Ok(Repair {
            moved_to,
            items: count,
            lost: remainder.lost,
        })
    }

    async fn move_aside(
        &self,
        name: &IndexName,
        objects: Vec<Object>,
    ) -> Result<PathBuf, VectorError> {
        let (root, logs) = (self.options.root.clone(), self.folder(name));
        let name = name.clone();
        let (folder, objects) = blocking(move || {
            let folder = new_folder(&root, &name)?;
            copy_objects(&folder.join("store"), &objects)?;
            move_folder(&logs, &folder.join("logs"))?;
            Ok((folder, objects))
        })
        .await?;
        // Manifests go first: an index with snapshots alone is damaged, and can be repaired again.
        let (snapshots, manifests): (Vec<_>, Vec<_>) =
            objects.iter().partition(|object| object.is_snapshot);
        for object in manifests.into_iter().chain(snapshots) {
            self.catalog.remove(object).await?;
        }
        Ok(folder)
    }
}

/// Reads what is left of an index, without changing anything.
fn read(
    name: &IndexName,
    objects: &[Object],
    logs: &Path,
    space: Option<Option<String>>,
) -> Result<Remainder, RepairError> {
    let mut lost = Vec::new();
    let manifest = objects.iter().rfind(|object| !object.is_snapshot);
    let manifest = manifest.and_then(|object| match manifest_of(object) {
        Ok(manifest) => Some(manifest),
        Err(reason) => {
            lost.push(format!("`{}`: {reason}", object.file.display()));
            None
        }
    });
    let snapshot = objects.iter().rfind(|object| object.is_snapshot);
    let snapshot = snapshot.and_then(|object| match Remains::read(&object.file) {
        Ok(snapshot) => Some(snapshot),
        Err(reason) => {
            lost.push(format!("`{}`: {reason}", object.file.display()));
            None
        }
    });
    let expects_snapshot = manifest.as_ref().is_some_and(|m| m.snapshot().is_some());
    if snapshot.is_none() && expects_snapshot {
        lost.push("the snapshot cannot be read; only later writes are left".to_owned());
    }
    let (config, number) = match (&manifest, &snapshot) {
        (Some(manifest), _) => {
            let (_, config) = manifest.index().expect("checked when it was read");
            (config, manifest.number().to_owned())
        }
        (None, Some(snapshot)) => {
            let Some(space) = space else {
                return Err(RepairError::UnknownSpace(name.as_str().into()));
            };
            let config = IndexConfig {
                dimension: snapshot.dimension(),
                distance: snapshot.distance(),
                space,
            };
            (config, snapshot.number().to_owned())
        }
        (None, None) => {
            let index = name.as_str().into();
            return Err(RepairError::Unreadable { index, lost });
        }
    };
    let mut items = Items::default();
    let mut saved = 0;
    if let Some(snapshot) = &snapshot {
        saved = snapshot.version();
        let rows = snapshot.rows();
        if rows.lost > 0 {
            lost.push(format!("{} items of the snapshot are damaged", rows.lost));
        }
        if rows.has_dead {
            let reason = "the list of deleted items is damaged: some of them may be back";
            lost.push(reason.to_owned());
        }
        rows.items.into_iter().for_each(|item| items.put(item));
    }
    let logged = segments::salvage(&logs.join(number), LOG_MAGIC, saved, |_, bytes| {
        for change in batch::changes(bytes, config.dimension)? {
            items.apply(&change);
        }
        Ok(())
    });
    lost.extend(logged.map_err(VectorError::from)?);
    Ok(Remainder {
        items: items.into_valid(&config, &mut lost),
        config,
        lost,
    })
}

fn manifest_of(object: &Object) -> Result<Manifest, String> {
    let bytes = fs::read(&object.file).map_err(|error| error.to_string())?;
    let manifest = Manifest::from_bytes(&bytes).map_err(|(_, reason)| reason)?;
    let is_whole = manifest.sequence() == object.sequence && manifest.index().is_some();
    is_whole
        .then_some(manifest)
        .ok_or_else(|| "its sequence number or its configuration is invalid".to_owned())
}

/// Items in the order in which they were last written.
#[derive(Default)]
struct Items {
    next: usize,
    by_number: BTreeMap<usize, Item>,
    numbers: HashMap<Box<str>, usize>,
}

impl Items {
    fn put(&mut self, item: Item) {
        if let Some(replaced) = self.numbers.insert(item.id.clone(), self.next) {
            self.by_number.remove(&replaced);
        }
        self.by_number.insert(self.next, item);
        self.next += 1;
    }

    fn apply(&mut self, change: &Change<'_>) {
        match change {
            Change::Upsert { record, vector } => {
                let components = vector.as_chunks().0.iter();
                self.put(Item {
                    id: record.id().into(),
                    vector: components.map(|bytes| f32::from_le_bytes(*bytes)).collect(),
                    metadata: record.metadata(),
                    text: record.text().map(Into::into),
                });
            }
            Change::Delete { id } => {
                let deleted = std::str::from_utf8(id).ok();
                let deleted = deleted.and_then(|id| self.numbers.remove(id));
                if let Some(number) = deleted {
                    self.by_number.remove(&number);
                }
            }
        }
    }

    /// The items that an index takes. One that it does not would stop all others of its batch.
    fn into_valid(self, config: &IndexConfig, lost: &mut Vec<String>) -> Vec<Item> {
        let mut items = Vec::with_capacity(self.by_number.len());
        for item in self.by_number.into_values() {
            let is_finite = item.vector.iter().all(|value| value.abs() <= 1e15);
            let has_direction = item.vector.iter().any(|value| *value != 0.0);
            if is_finite && (has_direction || config.distance != Metric::Cosine) {
                items.push(item);
            } else {
                lost.push(format!("the vector of item `{}` is not valid", item.id));
            }
        }
        items
    }
}

/// Creates `<root>/damaged/<name>-<number>` with the first free number.
fn new_folder(root: &Path, name: &IndexName) -> Result<PathBuf, VectorError> {
    let parent = root.join("damaged");
    let created = fs::create_dir_all(&parent);
    created.map_err(|source| io_error("create folder", &parent, source))?;
    for number in 1_u64.. {
        let folder = parent.join(format!("{name}-{number}"));
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(io_error("create folder", &folder, source)),
            Ok(()) => {
                sync(&parent)?;
                return Ok(folder);
            }
        }
    }
    unreachable!("some number is free")
}

fn copy_objects(folder: &Path, objects: &[Object]) -> Result<(), VectorError> {
    let created = fs::create_dir(folder);
    created.map_err(|source| io_error("create folder", folder, source))?;
    for object in objects {
        let name = object.file.file_name().unwrap_or_default();
        let copy = folder.join(name);
        let copied = fs::copy(&object.file, &copy).and_then(|_| File::open(&copy)?.sync_all());
        copied.map_err(|source| io_error("copy to", &copy, source))?;
    }
    sync(folder)
}

fn move_folder(from: &Path, to: &Path) -> Result<(), VectorError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        moved => moved.map_err(|source| io_error("move", from, source))?,
    }
    for changed in [from.parent(), to.parent()].into_iter().flatten() {
        sync(changed)?;
    }
    Ok(())
}

fn sync(folder: &Path) -> Result<(), VectorError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| io_error("sync", folder, source))
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> VectorError {
    VectorError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}
