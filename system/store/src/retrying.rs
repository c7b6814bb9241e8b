//! Retries over any store.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyMode, CopyOptions, GetOptions, GetRange, GetResult, GetResultPayload, ListResult,
    MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, RenameOptions, Result,
};

use crate::error::is_transient;

/// The number of deletions that run at the same time.
const DELETIONS: usize = 10;

/// How often a call is tried, and the pauses in between.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The number of tries, at least 1. Default: 4.
    pub tries: u32,
    /// The pause before the second try; it doubles for each further one. Default: 50 ms.
    pub first_pause: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            tries: 4,
            first_pause: Duration::from_millis(50),
        }
    }
}

impl Backoff {
    /// Calls until an outcome is not a transient error, or the tries are used up.
    pub(crate) async fn retry<T, F: Future<Output = Result<T>>>(
        mut self,
        mut call: impl FnMut() -> F,
    ) -> Result<T> {
        loop {
            match call().await {
                Err(error) if self.pause(&error).await => {}
                result => return result,
            }
        }
    }

    /// Waits for the next try; returns false at once when there is none.
    async fn pause(&mut self, error: &object_store::Error) -> bool {
        if self.tries <= 1 || !is_transient(error) {
            return false;
        }
        self.tries -= 1;
        let (tries_left, pause_ms) = (self.tries, self.first_pause.as_millis());
        tracing::warn!(%error, tries_left, pause_ms, "retrying a call to the store");
        tokio::time::sleep(self.first_pause).await;
        self.first_pause *= 2;
        true
    }
}

/// A store that retries calls whose error is transient.
///
/// Calls that are not idempotent are tried once: creating and updating objects, renaming, and the
/// parts of an upload. After an unknown outcome a second try could find the first one's object and
/// report it as another writer's. A body that breaks off is resumed where it stopped, provided the
/// object is still the same. A listing is retried until its first item.
#[derive(Debug)]
pub struct Retrying<S> {
    inner: Arc<S>,
    backoff: Backoff,
}

impl<S: ObjectStore> Retrying<S> {
    /// Retries the calls to `inner`.
    pub fn new(inner: S, backoff: Backoff) -> Self {
        Self {
            inner: Arc::new(inner),
            backoff,
        }
    }

    fn retry_list(
        &self,
        list: impl Fn(&S) -> BoxStream<'static, Result<ObjectMeta>> + Send + Sync + 'static,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        let (inner, backoff) = (Arc::clone(&self.inner), self.backoff);
        let started = async move {
            let start = async || {
                let mut items = list(&inner);
                let first = items.try_next().await?;
                Ok(stream::iter(first.map(Ok)).chain(items))
            };
            backoff.retry(start).await
        };
        stream::once(started).try_flatten().boxed()
    }
}

impl<S: ObjectStore> fmt::Display for Retrying<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}

#[async_trait]
impl<S: ObjectStore> ObjectStore for Retrying<S> {
    async fn put_opts(
        &self,
        key: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        if options.mode != PutMode::Overwrite {
            return self.inner.put_opts(key, payload, options).await;
        }
        let put = || self.inner.put_opts(key, payload.clone(), options.clone());
        self.backoff.retry(put).await
    }

    async fn put_multipart_opts(
        &self,
        key: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let put = || self.inner.put_multipart_opts(key, options.clone());
        self.backoff.retry(put).await
    }

    async fn get_opts(&self, key: &Path, options: GetOptions) -> Result<GetResult> {
        let get = || self.inner.get_opts(key, options.clone());
        let mut result = self.backoff.retry(get).await?;
        if let GetResultPayload::Stream(chunks) = result.payload {
            let body = Body {
                store: Arc::clone(&self.inner),
                backoff: self.backoff,
                resumptions: self.backoff,
                meta: result.meta.clone(),
                version: options.version,
                left: result.range.clone(),
                chunks,
            };
            result.payload = GetResultPayload::Stream(body.resumed());
        }
        Ok(result)
    }

    async fn get_ranges(&self, key: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let get = || self.inner.get_ranges(key, ranges);
        self.backoff.retry(get).await
    }

    fn delete_stream(
        &self,
        keys: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let (inner, backoff) = (Arc::clone(&self.inner), self.backoff);
        keys.map(move |key| {
            let inner = Arc::clone(&inner);
            async move {
                let key = key?;
                backoff.retry(|| inner.delete(&key)).await?;
                Ok(key)
            }
        })
        .buffered(DELETIONS)
        .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let prefix = prefix.cloned();
        self.retry_list(move |inner| inner.list(prefix.as_ref()))
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        let (prefix, offset) = (prefix.cloned(), offset.clone());
        self.retry_list(move |inner| inner.list_with_offset(prefix.as_ref(), &offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let list = || self.inner.list_with_delimiter(prefix);
        self.backoff.retry(list).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        if options.mode != CopyMode::Overwrite {
            return self.inner.copy_opts(from, to, options).await;
        }
        let copy = || self.inner.copy_opts(from, to, options.clone());
        self.backoff.retry(copy).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.inner.rename_opts(from, to, options).await
    }
}

/// The body of an object on its way.
struct Body<S> {
    store: Arc<S>,
    backoff: Backoff,
    /// The remaining backoff since the last chunk.
    resumptions: Backoff,
    meta: ObjectMeta,
    version: Option<String>,
    /// The bytes that have not been received.
    left: Range<u64>,
    chunks: BoxStream<'static, Result<Bytes>>,
}

impl<S: ObjectStore> Body<S> {
    /// The chunks, across interruptions.
    fn resumed(self) -> BoxStream<'static, Result<Bytes>> {
        stream::try_unfold(self, |mut body| async move {
            while !body.left.is_empty() {
                match body.chunks.try_next().await {
                    Ok(Some(chunk)) => {
                        body.left.start += chunk.len() as u64;
                        body.resumptions = body.backoff;
                        return Ok(Some((chunk, body)));
                    }
                    Ok(None) => break,
                    Err(error) => body.resume(error).await?,
                }
            }
            Ok(None)
        })
        .boxed()
    }

    /// Requests the missing bytes, or returns the error when there is no use in it.
    async fn resume(&mut self, error: object_store::Error) -> Result<()> {
        // Without an ETag the object could be another one by now.
        if self.meta.e_tag.is_none() || !self.resumptions.pause(&error).await {
            return Err(error);
        }
        let options = GetOptions::new()
            .with_range(Some(GetRange::Bounded(self.left.clone())))
            .with_if_match(self.meta.e_tag.clone())
            .with_version(self.version.clone());
        let key = &self.meta.location;
        let get = || self.store.get_opts(key, options.clone());
        self.chunks = self.backoff.retry(get).await?.into_stream();
        Ok(())
    }
}
