//! Shared helpers of the engine's tests.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lakehouse_store::Store;
use lakehouse_vector::{
    Engine, EngineOptions, GraphKind, IndexConfig, IndexName, Item, Metadata, Metric, VectorError,
};
use rand::{Rng, RngExt};

/// A store on files below a folder.
pub(crate) fn files(folder: &Path) -> Store {
    let location = format!("file://{}", folder.join("store").display());
    lakehouse_store::open(&location, &folder.join("cache")).unwrap()
}

/// Options with which a few dozen items suffice for graphs, folds and rewrites.
pub(crate) fn small(folder: &Path, store: Store, graph: GraphKind) -> EngineOptions {
    EngineOptions {
        graph,
        exact_up_to: 40,
        delta_max: 8,
        save_log_bytes: u64::MAX,
        idle: Duration::from_secs(3600),
        ..EngineOptions::new(folder.join("root"), store)
    }
}

/// Opens an engine, waiting for the threads of a dropped one.
pub(crate) async fn open(options: &EngineOptions) -> Arc<Engine> {
    let started = Instant::now();
    loop {
        match Engine::open(options.clone()).await {
            Err(VectorError::Locked(_)) if started.elapsed() < Duration::from_secs(20) => {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            result => return result.unwrap(),
        }
    }
}

pub(crate) fn name(name: &str) -> IndexName {
    IndexName::parse(name).unwrap()
}

pub(crate) fn config(dimension: usize, distance: Metric) -> IndexConfig {
    IndexConfig {
        dimension,
        distance,
        space: None,
    }
}

pub(crate) fn item(id: &str, vector: Vec<f32>, metadata: &str) -> Item {
    Item {
        id: id.into(),
        vector,
        metadata: Metadata::parse(metadata).unwrap(),
        text: None,
    }
}

/// Components between -1 and 1, in coarse steps so that equal distances occur.
pub(crate) fn vector(rng: &mut impl Rng, dimension: usize) -> Vec<f32> {
    let mut vector: Vec<f32> = (0..dimension)
        .map(|_| rng.random_range(-4i8..=4) as f32 / 4.0)
        .collect();
    if vector.iter().all(|value| *value == 0.0) {
        vector[0] = 1.0;
    }
    vector
}
