//! Embedders, their cache and the chat providers, with scripted model servers.

mod cache;
mod chat_ollama;
mod counting;
mod embedding;
mod hash;
mod providers;
mod support;
