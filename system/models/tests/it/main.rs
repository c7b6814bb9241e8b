//! Embedders, their cache and the chat providers, with scripted model servers.

mod cache;
mod chat_ollama;
mod counting;
mod embedding;
#[cfg(feature = "encoder")]
mod encoder;
mod hash;
mod local;
mod model_folder;
mod providers;
mod support;
