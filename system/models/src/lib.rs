//! Models, built in or behind model servers: embedders and chat.
//!
//! - [`embed`]: the embedders and their cache.
//! - [`chat`]: the chat providers.
//! - `upstream`: HTTP calls to model servers, which the providers share.

pub mod chat;
pub mod embed;

mod upstream;

pub use upstream::ClientError;
