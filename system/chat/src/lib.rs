//! Chat providers: each is a [`ChatModel`](lakehouse_validate::iterate::ChatModel).

pub mod ollama;

mod upstream;

pub use ollama::OllamaChat;
pub use upstream::ClientError;
