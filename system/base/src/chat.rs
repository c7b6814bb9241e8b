//! What is asked of a chat model, whoever provides it.

use async_trait::async_trait;

use crate::UpstreamError;

/// A chat provider, bound to its name, address and limits.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// The model's reply to a conversation.
    ///
    /// # Errors
    /// When no whole, well-formed reply came; every retry there may be is the provider's own.
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
    /// Who speaks.
    pub role: Role,
    /// What they say.
    pub content: String,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The house, to set the task.
    System,
    /// The coordinator, and the corrections.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// How the model is to reply; what is absent is left to the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChatOptions {
    /// The number's own text, 0 to 2: it is carried over.
    pub temperature: Option<String>,
    /// The most tokens of a reply, 1 to 32768.
    pub max_tokens: Option<i64>,
}
