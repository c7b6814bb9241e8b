//! Chat providers: each is a [`ChatModel`](lakehouse_base::chat::ChatModel).

pub mod ollama;

pub use ollama::OllamaChat;
