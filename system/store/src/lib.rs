//! Objects by key, in durable local files or in memory, behind `object_store`'s trait.
//!
//! - [`open`]: opens the [`Store`] at a URL or path. Its [`objects`](Store::objects) are an
//!   `object_store::ObjectStore`; it also moves local files into the store, and returns objects as
//!   local files that can be mapped.
//! - [`LocalStore`]: objects as local files. A write is durable when it returns: the file and its
//!   folders have been synced to the disk.
//! - [`CheckedKeys`], [`Retrying`]: wrappers over any `ObjectStore`.
//! - [`StoreError`]: an error with its action, its key and its [`ErrorCode`].
//!
//! Every store lists its objects in the order of their keys, so a listing can be read in pages
//! with `list_with_offset`. Deleting an absent object succeeds. Nothing here knows what the
//! objects are.
//!
//! [`ErrorCode`]: lakehouse_base::ErrorCode

mod checked_keys;
mod error;
mod key;
mod local;
mod location;
mod retrying;
mod store;

pub use checked_keys::CheckedKeys;
pub use error::StoreError;
pub use key::InvalidKey;
pub use local::LocalStore;
pub use retrying::{Backoff, Retrying};
pub use store::{Store, open};
