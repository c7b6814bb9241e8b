//! Model servers and the models built in: texts to vectors, and chat.
//!
//! - [`embed`]: the embedders and the cache in front of them.
//! - [`chat`]: the chat providers.
//! - [`upstream`]: one HTTP call to a model server, and how it fails.

pub mod chat;
pub mod embed;
pub mod upstream;
