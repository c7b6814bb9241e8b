//! Opening the store.

use std::path::Path;

use lakehouse_store::{Store, StoreError};

use super::config::StoreConfig;

/// The store of a configuration. Its cache, and by default the store itself, are below `data_root`.
///
/// # Errors
/// When the place cannot be used.
pub fn open(config: &StoreConfig, data_root: &Path) -> Result<Store, StoreError> {
    let location = match &config.url {
        Some(url) => url.as_str().to_owned(),
        None => data_root.join("store").to_string_lossy().into_owned(),
    };
    lakehouse_store::open(&location, &data_root.join("cache"))
}
