//! The stores: one suite for every implementation, and tests of their differences.

mod files;
mod flaky;
mod keys;
mod local;
mod open;
mod reference;
mod retrying;
mod suite;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use lakehouse_store::{Backoff, CheckedKeys, LocalStore, Retrying};
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutResult};

use flaky::Flaky;

const QUICK: Backoff = Backoff {
    tries: 3,
    first_pause: Duration::ZERO,
};

/// Every implementation, empty, below a folder.
fn stores(folder: &Path) -> [(&'static str, Arc<dyn ObjectStore>); 3] {
    let local = LocalStore::open(&folder.join("a/b")).unwrap();
    // Concurrent calls share the failures, so one of them may see many.
    let patient = Backoff { tries: 60, ..QUICK };
    let flaky = Retrying::new(Flaky::new(InMemory::new(), 2), patient);
    [
        ("local", Arc::new(CheckedKeys(local))),
        ("memory", Arc::new(CheckedKeys(InMemory::new()))),
        ("retrying", Arc::new(CheckedKeys(flaky))),
    ]
}

/// Runs a test on every implementation.
async fn each(test: impl AsyncFn(Arc<dyn ObjectStore>)) {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(folder.path()) {
        eprintln!("store: {name}");
        test(store).await;
    }
}

/// A key in exactly this spelling.
fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

async fn put(store: &dyn ObjectStore, name: &str, bytes: &'static str) -> PutResult {
    store.put(&key(name), bytes.into()).await.unwrap()
}

async fn get(store: &dyn ObjectStore, name: &str) -> object_store::Result<String> {
    let bytes = store.get(&key(name)).await?.bytes().await?;
    Ok(String::from_utf8(bytes.into()).unwrap())
}

async fn names(store: &dyn ObjectStore, prefix: Option<&str>) -> Vec<String> {
    let listed = store.list(prefix.map(key).as_ref());
    let names = listed.map_ok(|object| object.location.to_string());
    names.try_collect().await.unwrap()
}
