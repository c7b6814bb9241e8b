//! The provider `ollama`: `POST {url}/api/chat`, without streaming.

use std::time::Duration;

use crate::upstream::{ClientError, Upstream};
use async_trait::async_trait;
use lakehouse_base::{
    UpstreamError, UpstreamFault,
    chat::{ChatModel, ChatOptions, Message, Reply},
};
use lakehouse_json as json;
use lakehouse_json::{ArrayWriter, Json, ObjectWriter};

/// The provider's name.
pub const PROVIDER: &str = "ollama";

/// The maximum nesting of an answer, which is read recursively.
const ANSWER_DEPTH: usize = 128;

/// The provider `ollama`.
#[derive(Debug, Clone)]
pub struct OllamaChat {
    upstream: Upstream,
}

impl OllamaChat {
    /// The Ollama at `url`; a complete reply must arrive within `timeout`.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(url: &str, timeout: Duration) -> Result<Self, ClientError> {
        Ok(Self {
            upstream: Upstream::new(PROVIDER, url, timeout, None)?,
        })
    }
}

#[async_trait]
impl ChatModel for OllamaChat {
    async fn reply(
        &self,
        model: &str,
        messages: &[Message],
        options: &ChatOptions,
    ) -> Result<Reply, UpstreamError> {
        let body = request_body(model, messages, options);
        let answer = self.upstream.post("/api/chat", body).await?;
        read(&answer).ok_or_else(|| self.upstream.error(UpstreamFault::Malformed))
    }
}

/// The request, members in the contract's order.
fn request_body(model: &str, messages: &[Message], options: &ChatOptions) -> String {
    let mut out = String::new();
    let mut body = ObjectWriter::new(&mut out);
    body.string("model", model);
    body.member("messages", |out| {
        let mut array = ArrayWriter::new(out);
        for Message { role, content } in messages {
            array.element(|out| {
                let mut object = ObjectWriter::new(out);
                object
                    .string("role", role.as_str())
                    .string("content", content);
                object.finish();
            });
        }
        array.finish();
    });
    body.bool("stream", false);
    let ChatOptions {
        temperature,
        max_tokens,
    } = options;
    if temperature.is_some() || max_tokens.is_some() {
        body.member("options", |out| {
            let mut object = ObjectWriter::new(out);
            if let Some(temperature) = temperature {
                object.raw("temperature", temperature);
            }
            if let Some(max_tokens) = max_tokens {
                object.integer("num_predict", *max_tokens);
            }
            object.finish();
        });
    }
    body.finish();
    out
}

/// Reads the string `message.content`, and whether `done_reason` is `length`. Reasoning in other
/// members of the message is not part of the reply.
fn read(answer: &[u8]) -> Option<Reply> {
    let text = std::str::from_utf8(answer).ok()?;
    let json = json::parse(text, ANSWER_DEPTH).ok()?;
    let answer = json.as_object()?;
    let message = answer.get("message")?.as_object()?;
    let done_reason = answer.get("done_reason").and_then(Json::as_str);
    Some(Reply {
        text: message.get("content")?.as_str()?.to_owned(),
        is_cut_off: done_reason == Some("length"),
    })
}
