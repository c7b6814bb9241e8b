//! The interface of chat models, independent of the provider.

use async_trait::async_trait;

use crate::UpstreamError;

/// A chat provider with its address and limits.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// The model's reply to a conversation.
    ///
    /// # Errors
    /// There was no complete, well-formed reply, after whatever retries the provider makes.
    async fn reply(
        &self,
        model: &str,
        messages: &[Message],
        options: &ChatOptions,
    ) -> Result<Reply, UpstreamError>;
}

/// A model's reply, without the reasoning that its server separates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The text.
    pub text: String,
    /// Whether it ended at a limit of its length.
    pub is_cut_off: bool,
}

impl Reply {
    /// A reply that the model ended itself.
    pub fn whole(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_cut_off: false,
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The author.
    pub role: Role,
    /// The text.
    pub content: String,
}

/// The author of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The system, which sets the task.
    System,
    /// The coordinator, who also sends corrections.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// Settings for a reply; the provider decides absent ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatOptions {
    /// A number from 0 to 2 as the text of the request, which is passed on unchanged.
    pub temperature: Option<String>,
    /// The maximum length of the reply in tokens, 1 to 32768.
    pub max_tokens: Option<i64>,
}
