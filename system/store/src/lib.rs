//! Objects by key: on local files or in memory.
//!
//! - [`Store`]: what a store does; every implementation runs the same suite.
//! - [`open`]: the store at a URL or path, retries included.
//! - [`Key`]: the name of an object, checked once.
//! - [`Retrying`]: retries as a wrapper over any store.
//! - [`StoreError`]: what went wrong, with the key it went wrong with.
//!
//! What a call has written is durable when it returns: on local files both the file and its
//! folders have been forced to the disk. Nothing here knows what the objects are.

mod backend;
mod error;
mod key;
mod open;
mod retry;
mod store;

pub use backend::{LocalStore, MemoryStore};
pub use error::StoreError;
pub use key::Key;
pub use open::open;
pub use retry::Retrying;
pub use store::{ObjectInfo, PutMode, Store};
