//! Texts to vectors, and documents found by what a coordinator says.
//!
//! [`Embedder`] is what a provider implements: [`HashEmbedder`] (built in, lexical),
//! [`OllamaEmbedder`] and [`OpenAiEmbedder`] (both over HTTP). [`Cached`] wraps any of them and
//! is one itself. [`Embedders`] is what a server holds: it picks the provider by the name of the
//! model. Every vector is an [`Embedding`]: of length 1, with its JSON text ready-made.
//!
//! [`Matrix`] searches corpora of documents, and remembers in its [`playbook`] what was a good
//! answer. The [`role`] of a query decides what of that may count for it, and a [`judge`] what
//! may be added; [`sql_filter`] reads filters that are written as in SQL.

pub mod cache;
pub mod embedder;
pub mod embedders;
pub mod embedding;
pub mod error;
pub mod hash;
pub mod judge;
pub mod matrix;
pub mod ollama;
pub mod openai;
pub mod playbook;
pub mod role;
pub mod sql_filter;

mod answer;
mod words;

pub use cache::{CacheStats, Cached, EmbedCache};
pub use embedder::{EmbedRequest, Embedder};
pub use embedders::{Embedded, Embedders};
pub use embedding::Embedding;
pub use error::EmbedError;
pub use hash::HashEmbedder;
pub use matrix::{Matrix, MatrixError, MatrixParts, MatrixQuery};
pub use ollama::OllamaEmbedder;
pub use openai::OpenAiEmbedder;
pub use sql_filter::{SqlFilterError, read_sql_filter};
