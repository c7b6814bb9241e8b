//! `lakehouse repair`: creates a damaged index again with the items that can still be read.

use std::io;

use anstream::println;
use lakehouse_matrix::Matrix;
use lakehouse_vector::{IndexName, Repair, RepairError};

use super::CommandError;
use crate::{
    cli::RepairArgs,
    compose::{Config, StartError},
    config::load,
    http::metrics::Metrics,
    services::{storage, vectors::Vectors},
};

/// Why an index was not repaired.
#[derive(Debug, thiserror::Error)]
pub enum RepairCommandError {
    /// The data cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The index cannot be repaired.
    #[error(transparent)]
    Repair(#[from] RepairError),
    /// The system refused an event loop.
    #[error("cannot start the repair")]
    Runtime(#[source] io::Error),
}

/// Repairs the index and prints what became of it. The server must not run.
///
/// # Errors
/// When the configuration is rejected, the data cannot be opened, or the index cannot be repaired.
pub fn run(args: RepairArgs) -> Result<(), CommandError> {
    let RepairArgs {
        index,
        space,
        config,
    } = args;
    let config: Config = load(&config.into())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(RepairCommandError::Runtime)?;
    let repair = runtime.block_on(repair(&config, &index, space))?;
    println!("{}", report(&index, &repair));
    Ok(())
}

async fn repair(
    config: &Config,
    index: &IndexName,
    space: Option<String>,
) -> Result<Repair, RepairCommandError> {
    let root = &config.data.root;
    let store = storage::open(&config.store, root).map_err(StartError::from)?;
    let metrics = Metrics::new().map_err(StartError::from)?;
    let opened = Vectors::open(&config.vectors, root, store, Matrix::configure, &metrics).await;
    let vectors = opened.map_err(StartError::from)?;
    let space = space.map(|space| Some(space).filter(|space| !space.is_empty()));
    let repaired = vectors.engine().repair(index, space).await;
    vectors.engine().close().await;
    Ok(repaired?)
}

fn report(index: &IndexName, repair: &Repair) -> String {
    let Repair {
        moved_to,
        items,
        lost,
    } = repair;
    let moved_to = moved_to.display();
    let mut text = format!(
        "index `{index}` was created again with {items} items; its damaged files are in `{moved_to}`"
    );
    for lost in lost {
        text += "\nnot read: ";
        text += lost;
    }
    text
}
