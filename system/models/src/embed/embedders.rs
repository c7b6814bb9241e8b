//! The embedders of a process: the built-in one, and a configured one for other models.

use std::{borrow::Cow, sync::Arc};

use lakehouse_base::is_blank;

use super::{
    CacheStats, Cached, EmbedCache, EmbedError, EmbedRequest, Embedder, Embedding, HashEmbedder,
    hash,
};

/// The embedders, with one cache.
#[derive(Clone)]
pub struct Embedders {
    hash: Cached,
    configured: Option<Cached>,
    default_model: String,
    cache: Arc<EmbedCache>,
}

/// Vectors and the model that computed them.
#[derive(Debug, Clone)]
pub struct Embedded<'a> {
    /// The model's name.
    pub model: &'a str,
    /// One vector for each text, in order, all of one dimension.
    pub embeddings: Vec<Embedding>,
}

impl Embedders {
    /// The built-in embedder alone, which only knows the model `hash-768`.
    pub fn built_in(cache: Arc<EmbedCache>) -> Self {
        Self {
            hash: Cached::new(Arc::new(HashEmbedder), Arc::clone(&cache)),
            configured: None,
            default_model: hash::MODEL.to_owned(),
            cache,
        }
    }

    /// The built-in embedder for `hash-768`, and `provider` for all other models; `default_model` is
    /// used for requests that name none.
    pub fn with_provider(
        cache: Arc<EmbedCache>,
        provider: Arc<dyn Embedder>,
        default_model: impl Into<String>,
    ) -> Self {
        Self {
            configured: Some(Cached::new(provider, Arc::clone(&cache))),
            default_model: default_model.into(),
            ..Self::built_in(cache)
        }
    }

    /// Embeds `texts`, through the cache.
    ///
    /// # Errors
    /// [`EmbedError::EmptyText`] for the first blank text, then an error of the provider.
    pub async fn embed<'a>(
        &'a self,
        model: Option<&'a str>,
        texts: &[Cow<'_, str>],
    ) -> Result<Embedded<'a>, EmbedError> {
        if let Some(index) = texts.iter().position(|text| is_blank(text)) {
            return Err(EmbedError::EmptyText { index });
        }
        let model = model.unwrap_or(&self.default_model);
        let embedder = match &self.configured {
            Some(configured) if model != hash::MODEL => configured,
            _ => &self.hash,
        };
        let embeddings = embedder
            .embed(EmbedRequest {
                model,
                prefix: "",
                texts,
            })
            .await?;
        Ok(Embedded { model, embeddings })
    }

    /// Embeds one text, through the cache.
    ///
    /// # Errors
    /// As [`embed`](Self::embed).
    pub async fn embed_one(
        &self,
        model: Option<&str>,
        text: &str,
    ) -> Result<Embedding, EmbedError> {
        let embedded = self.embed(model, &[Cow::Borrowed(text)]).await?;
        let mut embeddings = embedded.embeddings.into_iter();
        Ok(embeddings.next().expect("a text has a vector"))
    }

    /// The model for requests that name none.
    pub fn default_model(&self) -> &str {
        &self.default_model
    }

    /// Checks that the configured provider is reachable.
    ///
    /// # Errors
    /// If it is not.
    pub async fn check(&self) -> Result<(), EmbedError> {
        self.configured.as_ref().unwrap_or(&self.hash).check().await
    }

    /// The statistics of the cache.
    pub fn cache_stats(&self) -> CacheStats {
        self.cache.stats()
    }
}
