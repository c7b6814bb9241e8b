//! The provider `openai`: `POST {url}/v1/embeddings` of any compatible server.

use std::{borrow::Cow, time::Duration};

use crate::upstream::{ClientError, Upstream};
use async_trait::async_trait;
use lakehouse_base::UpstreamFault;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{EmbedError, EmbedRequest, Embedder, Embedding, answer};

/// The provider's name.
const PROVIDER: &str = "openai";
/// The path that texts are posted to.
const PATH: &str = "/v1/embeddings";
/// The model for requests that name none.
pub const DEFAULT_MODEL: &str = "text-embedding-3-small";

/// The provider `openai`.
#[derive(Debug, Clone)]
pub struct OpenAiEmbedder {
    upstream: Upstream,
}

/// The request, members in the contract's order.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: Vec<Cow<'a, str>>,
    encoding_format: &'static str,
}

impl OpenAiEmbedder {
    /// The server at `url`, with or without `/v1` or the whole path at its end, which may need a key; a complete answer must arrive within `timeout`.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(url: &str, timeout: Duration, api_key: Option<String>) -> Result<Self, ClientError> {
        let url = url.trim_end_matches('/');
        let endings = [PATH, "/v1"];
        let own_path = endings.iter().find_map(|ending| url.strip_suffix(ending));
        let url = own_path.unwrap_or(url);
        let upstream = Upstream::new(PROVIDER, url, timeout, api_key)?;
        Ok(Self { upstream })
    }
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    fn provider(&self) -> &'static str {
        self.upstream.provider()
    }

    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError> {
        let body = Body {
            model: request.model,
            input: request.prefixed_texts(),
            encoding_format: "float",
        };
        let body = serde_json::to_string(&body).expect("texts are JSON");
        let bytes = answer::post(&self.upstream, PATH, body, request).await?;
        read(&bytes, request.texts.len())
            .ok_or_else(|| self.upstream.error(UpstreamFault::Malformed).into())
    }

    async fn check(&self) -> Result<(), EmbedError> {
        Ok(self.upstream.check().await?)
    }
}

/// Reads `{"data":[{"index":0,"embedding":[…]},…]}`, with every index below `count` exactly once.
fn read(bytes: &[u8], count: usize) -> Option<Vec<Embedding>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let data: Vec<&RawValue> = serde_json::from_str(answer::member(text, "data")?.get()).ok()?;
    if data.len() != count {
        return None;
    }
    let mut vectors: Vec<Option<Vec<f64>>> = vec![None; count];
    for entry in data {
        let slot = vectors.get_mut(index(answer::member(entry.get(), "index")?)?)?;
        if slot.is_some() {
            return None;
        }
        *slot = Some(serde_json::from_str(answer::member(entry.get(), "embedding")?.get()).ok()?);
    }
    answer::unit_vectors(vectors.into_iter().collect::<Option<_>>()?, count)
}

/// An integer of at least 0, in any notation: `1.0`, `1e0`.
fn index(number: &RawValue) -> Option<usize> {
    let value: f64 = serde_json::from_str(number.get()).ok()?;
    (value >= 0.0 && value.fract() == 0.0 && value < 4096.0).then_some(value as usize)
}
