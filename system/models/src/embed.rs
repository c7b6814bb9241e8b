//! Texts to vectors.
//!
//! [`Embedder`] is the trait of a provider: [`HashEmbedder`] (built in, lexical),
//! [`OllamaEmbedder`] and [`OpenAiEmbedder`] (both over HTTP). [`Cached`] wraps any of them and
//! is one itself. [`Embedders`] picks the provider by the name of the model. Every vector is an
//! [`Embedding`]: of length 1, with its JSON text ready-made.

pub mod cache;
pub mod embedder;
pub mod embedders;
pub mod embedding;
pub mod error;
pub mod hash;
pub mod ollama;
pub mod openai;
pub mod words;

mod answer;

pub use cache::{CacheStats, Cached, EmbedCache};
pub use embedder::{EmbedRequest, Embedder};
pub use embedders::{Embedded, Embedders};
pub use embedding::Embedding;
pub use error::EmbedError;
pub use hash::HashEmbedder;
pub use ollama::OllamaEmbedder;
pub use openai::OpenAiEmbedder;
