//! Texts to vectors.
//!
//! [`Embedder`] is the trait of a provider: [`HashEmbedder`] (built in, lexical),
//! [`LocalEmbedder`] (a model in this process), [`OllamaEmbedder`] and [`OpenAiEmbedder`] (both over
//! HTTP). [`Cached`] adds a cache to any of them. [`Embedders`] selects the provider by the model's
//! name. Every vector is an [`Embedding`]: a unit vector with its JSON text.

pub mod cache;
pub mod embedder;
pub mod embedders;
pub mod embedding;
pub mod error;
pub mod hash;
pub mod local;
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
pub use local::LocalEmbedder;
pub use ollama::OllamaEmbedder;
pub use openai::OpenAiEmbedder;
