//! Opens an index: loads its snapshot, replays its log and starts its two threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Instant;

use lakehouse_log::segments::{Owner, SegmentLog};
use lakehouse_nearest::{Arena, Precision};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::activity::Activity;
use crate::batch;
use crate::catalog::{Catalog, Manifest};
use crate::config::{EngineOptions, IndexConfig};
use crate::error::VectorError;
use crate::generation::{Generation, Tables, View};
use crate::index::Index;
use crate::index::committer::Committer;
use crate::index::maintenance::Maintenance;
use crate::index::pace::Pace;
use crate::index::shared::Shared;
use crate::index::spill::Spill;
use crate::name::IndexName;
use crate::pool::Pool;
use crate::rows::Rows;
use crate::snapshot;

/// The header of an index's log segments. Each entry is one batch, and its number is the index's
/// version afterwards.
pub(crate) const LOG_MAGIC: [u8; 8] = *b"LHVLOG01";

/// The inputs for opening an index.
pub(crate) struct Opening {
    pub(crate) name: IndexName,
    pub(crate) manifest: Manifest,
    /// The file of the manifest's snapshot.
    pub(crate) snapshot: Option<PathBuf>,
    /// The folder of the log.
    pub(crate) folder: PathBuf,
    pub(crate) options: Arc<EngineOptions>,
    pub(crate) activity: Arc<Activity>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) catalog: Catalog,
    pub(crate) runtime: Handle,
    /// Held by the threads for as long as they may write.
    pub(crate) lock: Arc<std::fs::File>,
    /// Whether the folder of the log may be missing, as below a root that is used for the first time
    /// with a store that has snapshots.
    pub(crate) may_lack_log: bool,
}

impl Opening {
    /// Loads the index and starts its threads.
    pub(crate) fn open(self) -> Result<Index, VectorError> {
        let started = Instant::now();
        let (id, config) = self
            .manifest
            .index()
            .expect("manifests are checked when read");
        let saved = self.manifest.snapshot().map_or(0, |entry| entry.version);
        let mut view = match (self.manifest.snapshot(), &self.snapshot) {
            (Some(entry), Some(file)) => {
                let snapshot = snapshot::open(file, entry.written(), id, &config)?;
                snapshot.load(self.options.graph)?
            }
            _ => empty(&config),
        };
        // The folder is older than any snapshot. Writes that only the log had are lost with it.
        if !self.may_lack_log && self.manifest.snapshot().is_some() && !self.folder.exists() {
            return Err(VectorError::Damaged {
                file: self.folder.display().to_string(),
                offset: 0,
                reason: "the folder of the log is missing".to_owned(),
            });
        }
        create_folder(&self.folder)?;
        let owner = Owner {
            magic: LOG_MAGIC,
            id,
        };
        let (log, recovery) = SegmentLog::open(&self.folder, &owner, saved, |version, bytes| {
            view.apply(version, &batch::changes(bytes, config.dimension)?);
            Ok(())
        })?;
        // Not before everything was read: what a damaged index still has is for its repair. And not
        // after the threads have started, which create objects of their own.
        let cleaned = self.catalog.clean(&self.name, &self.manifest);
        if let Err(error) = self.runtime.block_on(cleaned) {
            tracing::warn!(
                index = %self.name,
                error = %error,
                "could not remove objects that are no longer needed; the next start tries again"
            );
        }
        tracing::info!(
            index = %self.name,
            items = view.live,
            version = view.version,
            replayed_operations = recovery.entries,
            elapsed_ms = started.elapsed().as_millis() as u64,
            "opened an index"
        );
        let shared = Shared::new(
            self.name.clone(),
            config,
            id,
            Arc::clone(&self.options),
            self.activity.clone(),
            view,
        );
        shared.saved.store(saved, Ordering::Relaxed);
        shared.log_bytes.store(log.bytes(), Ordering::Relaxed);
        self.start(Arc::new(shared), log)
    }

    fn start(self, shared: Arc<Shared>, log: SegmentLog) -> Result<Index, VectorError> {
        let (requests, to_committer) = mpsc::channel(self.options.queue.max(1));
        let (tasks, to_maintenance) = std::sync::mpsc::channel();
        let committer = Committer {
            shared: Arc::clone(&shared),
            log,
            requests: to_committer,
        };
        let maintenance = Maintenance {
            shared: Arc::clone(&shared),
            committer: requests.downgrade(),
            tasks: to_maintenance,
            catalog: self.catalog,
            manifest: self.manifest,
            spill: Spill::new(self.folder.clone()),
            pace: Pace::new(Arc::clone(&shared)),
            folder: self.folder.clone(),
            runtime: self.runtime,
            last_write: (0, Instant::now()),
            last_save: Instant::now(),
            is_awaited: false,
        };
        let lock = Arc::clone(&self.lock);
        let committer = spawn(&self.folder, format!("commit-{}", self.name), move || {
            committer.run();
            drop(lock);
        })?;
        let lock = self.lock;
        let maintenance = spawn(&self.folder, format!("maintain-{}", self.name), move || {
            let manifest = maintenance.run();
            drop(lock);
            manifest
        })?;
        Ok(Index::new(
            shared,
            requests,
            tasks,
            self.pool,
            Threads {
                committer,
                maintenance,
            },
        ))
    }
}

/// The threads of an index.
pub(crate) struct Threads {
    pub(crate) committer: JoinHandle<()>,
    pub(crate) maintenance: JoinHandle<Manifest>,
}

/// An empty index.
pub(crate) fn empty(config: &IndexConfig) -> View {
    let arena = Arena::new(config.dimension, config.distance, Precision::I8);
    let generation = Generation::from_parts(arena, Rows::new(), Tables::with_capacity(0));
    View {
        generation: Arc::new(generation),
        version: 0,
        slots: 0,
        live: 0,
    }
}

/// Creates a folder and syncs it and its ancestors.
fn create_folder(folder: &Path) -> Result<(), VectorError> {
    let io_error = |source| VectorError::Io {
        action: "create folder",
        path: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(io_error)?;
    // The folder, that of the name, and that of all indexes.
    for ancestor in folder.ancestors().take(4) {
        let opened = std::fs::File::open(ancestor).map_err(io_error)?;
        opened.sync_all().map_err(io_error)?;
    }
    Ok(())
}

fn spawn<R: Send + 'static>(
    folder: &Path,
    name: String,
    work: impl FnOnce() -> R + Send + 'static,
) -> Result<JoinHandle<R>, VectorError> {
    let spawned = std::thread::Builder::new().name(name).spawn(work);
    spawned.map_err(|source| VectorError::Io {
        action: "start a thread for",
        path: folder.to_owned(),
        source,
    })
}
