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
    ) -> Result<String, UpstreamError>;
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
