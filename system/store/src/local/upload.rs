//! Uploads in parts.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use futures::FutureExt;
use object_store::{MultipartUpload, PutPayload, PutResult, Result, UploadPart};

use super::{LocalStore, Staged, failed};

/// An upload into a staged file, which is removed unless the upload completes.
#[derive(Debug)]
pub(super) struct Upload {
    store: LocalStore,
    path: PathBuf,
    offset: u64,
    state: Option<Arc<State>>,
}

#[derive(Debug)]
struct State {
    staged: Staged,
    has_failed: AtomicBool,
}

impl Upload {
    pub(super) fn new(store: LocalStore, staged: Staged, path: PathBuf) -> Self {
        Self {
            store,
            path,
            offset: 0,
            state: Some(Arc::new(State {
                staged,
                has_failed: AtomicBool::new(false),
            })),
        }
    }

    fn take(&mut self) -> Result<Arc<State>> {
        let ended = || failed(&self.path, io::Error::other("the upload has ended"));
        self.state.take().ok_or_else(ended)
    }
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let offset = self.offset;
        self.offset += data.content_length() as u64;
        let (store, path, state) = (self.store.clone(), self.path.clone(), self.state.clone());
        async move {
            let write = move |inner: &super::Inner| {
                let state = state.ok_or_else(|| io::Error::other("the upload has ended"));
                let written = state.and_then(|state| {
                    let mut at = offset;
                    for bytes in &data {
                        let written = inner.disk.write_at(&state.staged, bytes, at);
                        written.inspect_err(|_| state.has_failed.store(true, Ordering::Relaxed))?;
                        at += bytes.len() as u64;
                    }
                    Ok(())
                });
                written.map_err(|e| failed(&path, e))
            };
            store.blocking(write).await
        }
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let (state, path) = (self.take()?, self.path.clone());
        let complete = move |inner: &super::Inner| {
            if state.has_failed.load(Ordering::Relaxed) {
                inner.discard(&state.staged);
                return Err(failed(&path, io::Error::other("a part was not written")));
            }
            inner.publish(&state.staged, &path, false)
        };
        self.store.blocking(complete).await
    }

    async fn abort(&mut self) -> Result<()> {
        let state = self.take()?;
        let discard = move |inner: &super::Inner| {
            inner.discard(&state.staged);
            Ok(())
        };
        self.store.blocking(discard).await
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(state) = self.state.take() {
            self.store.0.discard(&state.staged);
        }
    }
}
