//! What a provider of embeddings is.

use std::borrow::Cow;

use async_trait::async_trait;

use super::{EmbedError, Embedding};

/// Texts for one model.
#[derive(Debug, Clone, Copy)]
pub struct EmbedRequest<'a> {
    /// The model's name as the provider knows it.
    pub model: &'a str,
    /// Put before every text (some models want `search_query: `); empty for none.
    pub prefix: &'a str,
    /// The texts, none of them blank; repeated ones are allowed.
    pub texts: &'a [Cow<'a, str>],
}

/// A provider of embeddings.
///
/// `embed` answers one vector for each text, in the texts' order, all of one dimension. It never
/// answers part of what was asked: one bad vector fails the whole request.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// The provider's name, with which its failures begin.
    fn provider(&self) -> &'static str;

    /// Embeds the request's texts.
    ///
    /// # Errors
    /// [`EmbedError::UnknownModel`] when the provider does not serve the model, and
    /// [`EmbedError::Upstream`] when another program was asked and failed.
    async fn embed(&self, request: EmbedRequest<'_>) -> Result<Vec<Embedding>, EmbedError>;

    /// Whether the provider could be asked now.
    ///
    /// # Errors
    /// What stands in the way.
    async fn check(&self) -> Result<(), EmbedError> {
        Ok(())
    }
}

impl<'a> EmbedRequest<'a> {
    /// The texts as a model is to see them.
    pub(crate) fn prefixed_texts(&self) -> Vec<Cow<'a, str>> {
        let prefixed = |text: &'a Cow<'a, str>| match self.prefix {
            "" => Cow::Borrowed(&**text),
            prefix => Cow::Owned(format!("{prefix}{text}")),
        };
        self.texts.iter().map(prefixed).collect()
    }
}
