//! The trait of embedding providers.

use std::borrow::Cow;

use async_trait::async_trait;

use super::{EmbedError, Embedding};

/// Texts for one model.
#[derive(Debug, Clone, Copy)]
pub struct EmbedRequest<'a> {
    /// The provider's name for the model.
    pub model: &'a str,
    /// A prefix for every text, which some models need (`search_query: `); usually empty.
    pub prefix: &'a str,
    /// The texts. None is blank; repetitions are allowed.
    pub texts: &'a [Cow<'a, str>],
}

/// A provider of embeddings.
///
/// `embed` returns one vector for each text, in the texts' order, all of one dimension. One bad
/// vector fails the whole request.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// The provider's name, with which its errors begin.
    fn provider(&self) -> &'static str;

    /// Embeds the request's texts.
    ///
    /// # Errors
    /// [`EmbedError::UnknownModel`] if the provider does not serve the model, and
    /// [`EmbedError::Upstream`] if a call to another program failed.
    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError>;

    /// Checks that the provider is reachable.
    ///
    /// # Errors
    /// If it is not.
    async fn check(&self) -> Result<(), EmbedError> {
        Ok(())
    }
}

impl<'a> EmbedRequest<'a> {
    /// The texts with their prefix.
    pub(crate) fn prefixed_texts(&self) -> Vec<Cow<'a, str>> {
        let prefixed = |text: &'a Cow<'a, str>| match self.prefix {
            "" => Cow::Borrowed(&**text),
            prefix => Cow::Owned(format!("{prefix}{text}")),
        };
        self.texts.iter().map(prefixed).collect()
    }
}
