//! The engine.

use std::{path::Path, sync::Arc};

use lakehouse_store::Store;
use lakehouse_vector::{Engine, EngineOptions, GraphKind, VectorError, VectorFault};

use super::{
    config::{Graph, VectorsConfig},
    metrics::{self, DamagedIndexes, ItemsWritten, searches},
};
use crate::http::{
    metrics::Metrics,
    problem::{Problem, problem_from},
};

/// The service.
pub struct Vectors {
    pub(super) engine: Arc<Engine>,
    pub(super) searches: ::metrics::Counter,
    pub(super) written: ItemsWritten,
    pub(super) damaged: DamagedIndexes,
    pub(super) metrics: Metrics,
}

impl Vectors {
    /// Opens the indexes below `data_root`, which no other process may have open. Those that are
    /// damaged refuse requests. `configure` sets the options of the indexes that other services keep for themselves.
    ///
    /// # Errors
    /// When the store cannot be read, or another process has the indexes.
    pub async fn open(
        config: &VectorsConfig,
        data_root: &Path,
        store: Store,
        configure: impl FnOnce(&mut EngineOptions),
        metrics: &Metrics,
    ) -> Result<Arc<Self>, VectorError> {
        let mut options = EngineOptions {
            graph: match config.graph {
                Graph::Flat => GraphKind::Flat,
                Graph::HnswRs => GraphKind::HnswRs,
            },
            save_every: config.save_interval_ms.duration(),
            ..EngineOptions::new(data_root, store)
        };
        configure(&mut options);
        metrics.with(metrics::describe);
        Ok(Arc::new(Self {
            engine: Engine::open(options).await?,
            searches: searches(metrics, "vectors"),
            written: ItemsWritten::new(metrics),
            damaged: DamagedIndexes::default(),
            metrics: metrics.clone(),
        }))
    }

    /// The engine.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }
}

problem_from!(VectorError);

impl From<VectorFault> for Problem {
    fn from(fault: VectorFault) -> Self {
        VectorError::from(fault).into()
    }
}
