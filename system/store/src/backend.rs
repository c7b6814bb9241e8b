//! The stores over `object_store`, and what they have in common.

use std::io;
use std::ops::Range;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutOptions, PutPayload};

use crate::{Key, ObjectInfo, PutMode, StoreError};

mod local;
mod memory;

pub use local::LocalStore;
pub use memory::MemoryStore;

/// The calls that are the same for every backend of `object_store`.
#[derive(Debug)]
struct Objects<O>(O);

impl<O: ObjectStore> Objects<O> {
    async fn put(&self, key: &Key, bytes: Bytes, mode: PutMode) -> Result<(), StoreError> {
        let options = PutOptions::from(match mode {
            PutMode::Overwrite => object_store::PutMode::Overwrite,
            PutMode::Create => object_store::PutMode::Create,
        });
        let payload = PutPayload::from(bytes);
        match self.0.put_opts(&path(key), payload, options).await {
            Ok(_) => Ok(()),
            Err(error) => Err(StoreError::from_backend("write", key, error)),
        }
    }

    async fn get(&self, key: &Key) -> Result<Bytes, StoreError> {
        let read = async { self.0.get(&path(key)).await?.bytes().await };
        read.await
            .map_err(|e| StoreError::from_backend("read", key, e))
    }

    async fn get_range(&self, key: &Key, range: Range<u64>) -> Result<Bytes, StoreError> {
        let size = self.head(key).await?.size;
        if range.is_empty() || range.end > size {
            let key = key.clone();
            return Err(StoreError::OutOfRange { key, range, size });
        }
        let options = GetOptions::new().with_range(Some(GetRange::Bounded(range)));
        let read = async { self.0.get_opts(&path(key), options).await?.bytes().await };
        read.await
            .map_err(|e| StoreError::from_backend("read", key, e))
    }

    async fn head(&self, key: &Key) -> Result<ObjectInfo, StoreError> {
        match self.0.head(&path(key)).await {
            Ok(meta) => Ok(ObjectInfo {
                key: key.clone(),
                size: meta.size,
            }),
            Err(error) => Err(StoreError::from_backend("look at", key, error)),
        }
    }

    async fn list(&self, folder: Option<&Key>) -> Result<Vec<ObjectInfo>, StoreError> {
        let prefix = folder.map(path);
        let found: Result<Vec<_>, _> = self.0.list(prefix.as_ref()).try_collect().await;
        let found = found.map_err(|error| StoreError::Backend {
            action: "list",
            subject: folder.map_or("/", Key::as_str).to_owned(),
            source: Box::new(error),
        })?;
        // A file that somebody else put there may have a name that is no key.
        let known = found.into_iter().filter_map(|meta| {
            let key = Key::parse(meta.location.as_ref()).ok()?;
            let size = meta.size;
            Some(ObjectInfo { key, size })
        });
        let mut objects: Vec<_> = known.collect();
        objects.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        Ok(objects)
    }

    async fn delete(&self, key: &Key) -> Result<(), StoreError> {
        match self.0.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::from_backend("delete", key, error)),
        }
    }
}

fn path(key: &Key) -> ObjectPath {
    // A key is checked for more than `object_store` asks for.
    ObjectPath::parse(key.as_str()).expect("every key is a path of `object_store`")
}

/// Runs what blocks where it does not hold up the tasks of a runtime, if there is one.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime
            .spawn_blocking(work)
            .await
            .map_err(io::Error::other)?,
        Err(_) => work(),
    }
}
