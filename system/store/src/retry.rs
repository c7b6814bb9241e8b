//! Retries, over any store.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Key, ObjectInfo, PutMode, Store, StoreError};

const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A store that tries again what was [`StoreError::Unavailable`], after a pause that doubles.
///
/// [`PutMode::Create`] is tried once only: when its outcome is not known, a second try could
/// find its own object and call it somebody else's.
#[derive(Debug)]
pub struct Retrying<S> {
    inner: S,
    tries: u32,
    first_pause: Duration,
}

impl<S: Store> Retrying<S> {
    /// Four tries, the first pause 50 ms.
    pub fn new(inner: S) -> Self {
        Self::with(inner, 4, FIRST_PAUSE)
    }

    /// That many tries in all, and the pause before the second.
    pub fn with(inner: S, tries: u32, first_pause: Duration) -> Self {
        Self {
            inner,
            tries,
            first_pause,
        }
    }

    async fn retry<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        mut call: impl FnMut() -> F,
    ) -> Result<T, StoreError> {
        let mut pause = self.first_pause;
        for left in (1..self.tries).rev() {
            match call().await {
                Err(error @ StoreError::Unavailable { .. }) => {
                    let pause_ms = pause.as_millis();
                    tracing::warn!(%error, tries_left = left, pause_ms, "trying the store again");
                }
                result => return result,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        call().await
    }
}

#[async_trait]
impl<S: Store> Store for Retrying<S> {
    async fn put(&self, key: &Key, bytes: Bytes, mode: PutMode) -> Result<(), StoreError> {
        match mode {
            PutMode::Create => self.inner.put(key, bytes, mode).await,
            PutMode::Overwrite => {
                self.retry(|| self.inner.put(key, bytes.clone(), mode))
                    .await
            }
        }
    }

    async fn put_file(&self, key: &Key, file: &Path) -> Result<(), StoreError> {
        self.retry(|| self.inner.put_file(key, file)).await
    }

    async fn get(&self, key: &Key) -> Result<Bytes, StoreError> {
        self.retry(|| self.inner.get(key)).await
    }

    async fn get_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError> {
        self.retry(|| self.inner.get_range(key, range.clone()))
            .await
    }

    async fn head(&self, key: &Key) -> Result<ObjectInfo, StoreError> {
        self.retry(|| self.inner.head(key)).await
    }

    async fn list(&self, folder: Option<&Key>) -> Result<Vec<ObjectInfo>, StoreError> {
        self.retry(|| self.inner.list(folder)).await
    }

    async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        self.retry(|| self.inner.delete(key)).await
    }

    async fn local(&self, key: &Key) -> Result<PathBuf, StoreError> {
        self.retry(|| self.inner.local(key)).await
    }
}
