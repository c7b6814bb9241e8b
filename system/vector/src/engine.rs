//! The engine, which owns all indexes of a process.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use futures::StreamExt;
use parking_lot::RwLock;
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::activity::Activity;
use crate::catalog::{Catalog, Manifest};
use crate::config::{EngineOptions, IndexConfig};
use crate::error::VectorError;
use crate::index::Index;
use crate::index::open::Opening;
use crate::index::shared::Life;
use crate::name::IndexName;
use crate::pool::Pool;

/// All indexes of a process.
pub struct Engine {
    pub(crate) options: Arc<EngineOptions>,
    activity: Arc<Activity>,
    pool: Arc<Pool>,
    pub(crate) catalog: Catalog,
    indexes: RwLock<BTreeMap<IndexName, Arc<Index>>>,
    /// The indexes that could not be opened, with the reasons.
    pub(crate) damaged: RwLock<BTreeMap<IndexName, Arc<VectorError>>>,
    /// Serializes the creation and dropping of indexes.
    pub(crate) changing: Mutex<()>,
    /// The lock on the root, held until the engine is closed.
    lock: RwLock<Option<Arc<File>>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indexes = self.indexes.read();
        let mut engine = f.debug_struct("Engine");
        engine.field("indexes", &indexes).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens every index in the store and replays the logs below the root. An index whose files are
    /// damaged is [`damage`](Self::damage) and does not stop the others.
    ///
    /// # Errors
    /// If another process holds the root, or the store cannot be read.
    pub async fn open(options: EngineOptions) -> Result<Arc<Self>, VectorError> {
        let root = options.root.clone();
        let (is_new, lock) = blocking(move || {
            let is_new = !root.join(LOCK).exists();
            Ok((is_new, lock(&root)?))
        })
        .await?;
        let pool = Pool::new(options.pool_threads).map_err(|source| VectorError::Io {
            action: "start search threads for",
            path: options.root.clone(),
            source,
        })?;
        let engine = Arc::new(Self {
            catalog: Catalog::new(options.store.clone()),
            options: Arc::new(options),
            activity: Arc::default(),
            pool: Arc::new(pool),
            indexes: RwLock::default(),
            damaged: RwLock::default(),
            changing: Mutex::default(),
            lock: RwLock::new(Some(Arc::new(lock))),
        });
        for (name, manifest) in engine.catalog.read().await? {
            let opened = match manifest {
                Ok(manifest) if manifest.is_dropped() => {
                    engine.remove(&name, &manifest).await?;
                    continue;
                }
                Ok(manifest) => engine.open_index(name.clone(), manifest, is_new).await,
                Err(error) => Err(error),
            };
            match opened {
                Ok(index) => {
                    engine.indexes.write().insert(name, index);
                }
                Err(error) if error.is_of_one_index() => {
                    tracing::error!(index = %name, error = %error, "an index is not served");
                    engine.damaged.write().insert(name, Arc::new(error));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(engine)
    }

    /// The error of every request to an index that could not be opened; `None` if there is no such
    /// index.
    pub fn damage(&self, name: &str) -> Option<VectorError> {
        let name = IndexName::parse(name).ok()?;
        let damaged = self.damaged.read();
        damaged.get(&name).map(|reason| not_served(&name, reason))
    }

    /// The indexes that could not be opened, by name, each with the error of every request to it.
    pub fn damaged(&self) -> Vec<(IndexName, VectorError)> {
        let damaged = self.damaged.read();
        let indexes = damaged.iter();
        indexes
            .map(|(name, reason)| (name.clone(), not_served(name, reason)))
            .collect()
    }

    /// Why an index could not be opened.
    pub fn cause_of_damage(&self, name: &IndexName) -> Option<Arc<VectorError>> {
        self.damaged.read().get(name).cloned()
    }

    /// Creates an index durably and returns whether it is new. An existing index with the same
    /// configuration is left as it is.
    ///
    /// # Errors
    /// [`VectorError::Exists`] if it exists with another configuration, or
    /// [`VectorError::Dimension`].
    pub async fn create(
        &self,
        name: &IndexName,
        config: IndexConfig,
    ) -> Result<(Arc<Index>, bool), VectorError> {
        if !(1..=IndexConfig::MAX_DIMENSION).contains(&config.dimension) {
            return Err(VectorError::Dimension(config.dimension));
        }
        let _one = self.changing.lock().await;
        if let Some(index) = self.get(name.as_str()) {
            return if *index.config() == config {
                Ok((index, false))
            } else {
                Err(VectorError::Exists {
                    index: name.as_str().into(),
                    config: index.config().clone(),
                })
            };
        }
        if let Some(damage) = self.damage(name.as_str()) {
            return Err(damage);
        }
        let sequence = self.catalog.last_sequence(name).await? + 1;
        let manifest = Manifest::new(uuid::Uuid::now_v7().as_u128(), &config, sequence);
        self.catalog.publish(name, &manifest).await?;
        let index = self.open_index(name.clone(), manifest, false).await?;
        self.indexes
            .write()
            .insert(name.clone(), Arc::clone(&index));
        Ok((index, true))
    }

    /// The index with that name.
    pub fn get(&self, name: &str) -> Option<Arc<Index>> {
        let name = IndexName::parse(name).ok()?;
        self.indexes.read().get(&name).cloned()
    }

    /// All indexes, by name.
    pub fn list(&self) -> Vec<Arc<Index>> {
        self.indexes.read().values().cloned().collect()
    }

    /// The threads for processor-bound work on the indexes.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Drops an index durably; returns false if there is none. Requests in progress either
    /// complete or fail with [`VectorError::Dropped`].
    ///
    /// # Errors
    /// If the drop cannot be recorded. The index then rejects requests and is available again after
    /// a restart.
    pub async fn drop_index(&self, name: &str) -> Result<bool, VectorError> {
        let _one = self.changing.lock().await;
        let Some(index) = self.get(name) else {
            return self.drop_damaged(name).await;
        };
        let name = index.name().clone();
        let ended = Arc::clone(&index);
        let last = blocking(move || Ok(ended.end(Life::Dropped))).await?;
        self.indexes.write().remove(&name);
        let Some(last) = last else {
            return Ok(false);
        };
        let dropped = last.dropped();
        self.catalog.publish(&name, &dropped).await?;
        self.remove_or_warn(&name, &dropped).await;
        Ok(true)
    }

    /// Drops an index that could not be opened, with all that is left of it.
    async fn drop_damaged(&self, name: &str) -> Result<bool, VectorError> {
        let Ok(name) = IndexName::parse(name) else {
            return Ok(false);
        };
        if !self.damaged.read().contains_key(&name) {
            return Ok(false);
        }
        let sequence = self.catalog.last_sequence(&name).await? + 1;
        let dropped = Manifest::tombstone(sequence);
        self.catalog.publish(&name, &dropped).await?;
        self.damaged.write().remove(&name);
        self.remove_or_warn(&name, &dropped).await;
        Ok(true)
    }

    /// Ends all writing and saves unsaved changes. A second call does nothing.
    pub async fn close(&self) {
        let _one = self.changing.lock().await;
        // Most of the time is spent waiting for the disk.
        futures::stream::iter(self.list())
            .for_each_concurrent(CLOSED_AT_A_TIME, async |index| {
                let _ = blocking(move || Ok(index.end(Life::Closed))).await;
            })
            .await;
        *self.lock.write() = None;
    }

    /// `is_new` is whether no process has used the root yet, so that it has no logs.
    async fn open_index(
        &self,
        name: IndexName,
        manifest: Manifest,
        is_new: bool,
    ) -> Result<Arc<Index>, VectorError> {
        let lock = self.lock.read().clone();
        let lock = lock.ok_or_else(|| VectorError::Closed(name.as_str().into()))?;
        let snapshot = match manifest.snapshot() {
            Some(_) => Some(
                self.catalog
                    .snapshot_file(&name, manifest.sequence())
                    .await?,
            ),
            None => None,
        };
        let opening = Opening {
            folder: self.folder(&name).join(manifest.number()),
            name,
            manifest,
            snapshot,
            options: Arc::clone(&self.options),
            activity: Arc::clone(&self.activity),
            pool: Arc::clone(&self.pool),
            catalog: self.catalog.clone(),
            runtime: Handle::current(),
            lock,
            may_lack_log: is_new,
        };
        blocking(move || opening.open().map(Arc::new)).await
    }

    /// Removes what a dropped index leaves. The drop has taken effect; the next start removes
    /// whatever cannot be removed now.
    async fn remove_or_warn(&self, name: &IndexName, dropped: &Manifest) {
        if let Err(error) = self.remove(name, dropped).await {
            tracing::warn!(
                index = %name,
                error = %error,
                "could not remove all files of a dropped index; the next start tries again"
            );
        }
    }

    /// Removes the files and objects of a dropped index, its last manifest last.
    async fn remove(&self, name: &IndexName, dropped: &Manifest) -> Result<(), VectorError> {
        let folder = self.folder(name);
        let own = match dropped.is_tombstone() {
            true => folder.clone(),
            false => folder.join(dropped.number()),
        };
        blocking(move || {
            remove_folder(&own)?;
            // Fails if folders of an earlier index of the same name remain.
            let _ = fs::remove_dir(&folder);
            Ok(())
        })
        .await?;
        self.catalog.clean(name, dropped).await
    }

    pub(crate) fn folder(&self, name: &IndexName) -> PathBuf {
        self.options.root.join("vectors").join(name.as_str())
    }
}

fn not_served(name: &IndexName, reason: &VectorError) -> VectorError {
    VectorError::NotServed {
        index: name.as_str().into(),
        reason: reason.to_string(),
    }
}

fn remove_folder(folder: &Path) -> Result<(), VectorError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(VectorError::Io {
            action: "remove folder",
            path: folder.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

/// The maximum number of indexes that save their last changes at once.
const CLOSED_AT_A_TIME: usize = 16;
/// The name of the file below the root that a process locks.
const LOCK: &str = "lock";
/// How long to wait for another holder of the lock: a process that is exiting, or a child of this
/// process between `fork` and `exec`, which briefly shares its parent's locks.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// Locks the root for this process until the file is closed.
fn lock(root: &Path) -> Result<File, VectorError> {
    let path = root.join(LOCK);
    let io_error = |source| VectorError::Io {
        action: "lock",
        path: path.clone(),
        source,
    };
    fs::create_dir_all(root).map_err(io_error)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(io_error)?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if started.elapsed() < LOCK_TIMEOUT => {
                thread::sleep(LOCK_TIMEOUT / 50);
            }
            Err(TryLockError::WouldBlock) => return Err(VectorError::Locked(root.to_owned())),
            Err(TryLockError::Error(source)) => return Err(io_error(source)),
        }
    }
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VectorError> + Send + 'static,
) -> Result<T, VectorError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(VectorError::Io {
            action: "run a task for",
            path: PathBuf::from("the vector engine"),
            source: std::io::Error::other(error),
        }),
    }
}
