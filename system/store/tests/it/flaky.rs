//! A store that is not there the first times it is asked.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use lakehouse_store::{Key, ObjectInfo, PutMode, Store, StoreError};

/// Fails `failures` calls, lets one through to the store inside, and so on.
#[derive(Debug)]
pub(crate) struct Flaky<S> {
    inner: S,
    failures: u32,
    calls: AtomicU32,
}

impl<S> Flaky<S> {
    pub(crate) fn new(inner: S, failures: u32) -> Self {
        let calls = AtomicU32::new(0);
        Self {
            inner,
            failures,
            calls,
        }
    }

    fn call(&self) -> Result<&S, StoreError> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        if number % (self.failures + 1) == self.failures {
            return Ok(&self.inner);
        }
        Err(StoreError::Unavailable {
            action: "reach",
            subject: "the store".to_owned(),
            source: Box::new(io::Error::from(io::ErrorKind::TimedOut)),
        })
    }
}

#[async_trait]
impl<S: Store> Store for Flaky<S> {
    async fn put(&self, key: &Key, bytes: Bytes, mode: PutMode) -> Result<(), StoreError> {
        self.call()?.put(key, bytes, mode).await
    }

    async fn put_file(&self, key: &Key, file: &Path) -> Result<(), StoreError> {
        self.call()?.put_file(key, file).await
    }

    async fn get(&self, key: &Key) -> Result<Bytes, StoreError> {
        self.call()?.get(key).await
    }

    async fn get_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError> {
        self.call()?.get_range(key, range).await
    }

    async fn head(&self, key: &Key) -> Result<ObjectInfo, StoreError> {
        self.call()?.head(key).await
    }

    async fn list(&self, folder: Option<&Key>) -> Result<Vec<ObjectInfo>, StoreError> {
        self.call()?.list(folder).await
    }

    async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        self.call()?.delete(key).await
    }

    async fn local(&self, key: &Key) -> Result<PathBuf, StoreError> {
        self.call()?.local(key).await
    }
}
