//! A store that fails before it succeeds.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path as Key;
use object_store::{
    CopyMode, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, RenameOptions, Result,
};

/// Fails `failures` calls, lets one through to the store inside, and so on.
#[derive(Debug)]
pub(crate) struct Flaky<S> {
    inner: Arc<S>,
    failures: u32,
    calls: Arc<AtomicU32>,
    fails_creating: bool,
    breaks_bodies: bool,
}

impl<S> Flaky<S> {
    /// Calls that create an object only if it is absent do not fail, and bodies are whole.
    pub(crate) fn new(inner: S, failures: u32) -> Self {
        Self {
            inner: Arc::new(inner),
            failures,
            calls: Arc::default(),
            fails_creating: false,
            breaks_bodies: false,
        }
    }

    pub(crate) fn failing_creating(self) -> Self {
        Self {
            fails_creating: true,
            ..self
        }
    }

    /// Every body breaks off after its first half.
    pub(crate) fn breaking_bodies(self) -> Self {
        Self {
            breaks_bodies: true,
            ..self
        }
    }

    fn call(&self) -> Result<&S> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        match number % (self.failures + 1) == self.failures {
            true => Ok(&self.inner),
            false => Err(timeout()),
        }
    }

    fn create(&self) -> Result<&S> {
        match self.fails_creating {
            true => self.call(),
            false => Ok(&self.inner),
        }
    }
}

pub(crate) fn timeout() -> Error {
    Error::Generic {
        store: "Flaky",
        source: Box::new(io::Error::from(io::ErrorKind::TimedOut)),
    }
}

/// The first half of a body, then a failure.
fn broken(result: GetResult) -> GetResult {
    let (range, meta, attributes) = (
        result.range.clone(),
        result.meta.clone(),
        result.attributes.clone(),
    );
    let chunks = stream::once(result.bytes()).map_ok(|bytes| {
        let half = bytes.slice(..bytes.len().div_ceil(2));
        let rest = (half.len() < bytes.len()).then(|| Err(timeout()));
        stream::iter([Ok(half)].into_iter().chain(rest))
    });
    GetResult {
        payload: GetResultPayload::Stream(chunks.try_flatten().boxed()),
        meta,
        range,
        attributes,
    }
}

impl<S> fmt::Display for Flaky<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flaky")
    }
}

#[async_trait]
impl<S: ObjectStore> ObjectStore for Flaky<S> {
    async fn put_opts(&self, key: &Key, payload: PutPayload, o: PutOptions) -> Result<PutResult> {
        let store = match o.mode {
            PutMode::Overwrite => self.call()?,
            _ => self.create()?,
        };
        store.put_opts(key, payload, o).await
    }

    async fn put_multipart_opts(
        &self,
        key: &Key,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.call()?.put_multipart_opts(key, options).await
    }

    async fn get_opts(&self, key: &Key, options: GetOptions) -> Result<GetResult> {
        let result = self.call()?.get_opts(key, options).await?;
        Ok(match self.breaks_bodies {
            true => broken(result),
            false => result,
        })
    }

    async fn get_ranges(&self, key: &Key, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.call()?.get_ranges(key, ranges).await
    }

    fn delete_stream(
        &self,
        keys: BoxStream<'static, Result<Key>>,
    ) -> BoxStream<'static, Result<Key>> {
        let inner = self.call().map(|_| Arc::clone(&self.inner));
        keys.then(move |key| {
            let inner = match &inner {
                Ok(inner) => Ok(Arc::clone(inner)),
                Err(_) => Err(timeout()),
            };
            async move {
                let key = key?;
                inner?.delete(&key).await?;
                Ok(key)
            }
        })
        .boxed()
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.call() {
            Ok(inner) => inner.list(prefix),
            Err(error) => stream::once(async { Err(error) }).boxed(),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.call()?.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        let store = match options.mode {
            CopyMode::Overwrite => self.call()?,
            CopyMode::Create => self.create()?,
        };
        store.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Key, to: &Key, options: RenameOptions) -> Result<()> {
        self.create()?.rename_opts(from, to, options).await
    }
}
