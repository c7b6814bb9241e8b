//! Embedders, their cache and the chat providers, against model servers made here.

mod cache;
mod chat_ollama;
mod counting;
mod embedding;
mod hash;
mod providers;
mod support;
