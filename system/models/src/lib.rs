//! Models, built in or behind model servers: embedders and chat.
//!
//! - [`embed`]: the embedders and their cache.
//! - [`chat`]: the chat providers.
//! - [`upstream`]: HTTP calls to model servers, and their errors.

pub mod chat;
pub mod embed;
pub mod upstream;
