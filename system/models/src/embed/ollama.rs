//! The provider `ollama`: `POST {url}/api/embed`.

use std::{borrow::Cow, time::Duration};

use crate::upstream::{ClientError, Upstream};
use async_trait::async_trait;
use lakehouse_base::UpstreamFault;
use serde::Serialize;

use super::{EmbedError, EmbedRequest, Embedder, Embedding, answer};

/// The provider's name.
const PROVIDER: &str = "ollama";
/// The model for requests that name none.
pub const DEFAULT_MODEL: &str = "nomic-embed-text";

/// The provider `ollama`.
#[derive(Debug, Clone)]
pub struct OllamaEmbedder {
    upstream: Upstream,
}

/// The request, members in the contract's order.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: Vec<Cow<'a, str>>,
    truncate: bool,
}

impl OllamaEmbedder {
    /// The Ollama at `url`; a complete answer must arrive within `timeout`.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(url: &str, timeout: Duration) -> Result<Self, ClientError> {
        let upstream = Upstream::new(PROVIDER, url, timeout, None)?;
        Ok(Self { upstream })
    }
}

#[async_trait]
impl Embedder for OllamaEmbedder {
    fn provider(&self) -> &'static str {
        self.upstream.provider()
    }

    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError> {
        let body = Body {
            model: request.model,
            input: request.prefixed_texts(),
            truncate: false,
        };
        let body = serde_json::to_string(&body).expect("texts and a boolean are JSON");
        let bytes = answer::post(&self.upstream, "/api/embed", body, request).await?;
        read(&bytes, request.texts.len())
            .ok_or_else(|| self.upstream.error(UpstreamFault::Malformed).into())
    }

    async fn check(&self) -> Result<(), EmbedError> {
        Ok(self.upstream.check().await?)
    }
}

/// Reads `{"embeddings":[[…],…]}`, one vector for each of `count` texts.
fn read(bytes: &[u8], count: usize) -> Option<Vec<Embedding>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let embeddings = answer::member(text, "embeddings")?;
    answer::unit_vectors(serde_json::from_str(embeddings.get()).ok()?, count)
}
