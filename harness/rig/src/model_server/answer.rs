//! One scripted answer, as a case writes it.
//!
//! ```toml
//! upstream = [
//!   { path = "/api/chat", reply = "text of the model" },
//!   { path = "/api/embed", vectors = [[0.5, 0.5]] },
//!   { status = 500, body = '{"error":"out of memory"}' },
//!   { raw = "not JSON" },
//!   { delay_ms = 3000, reply = "late" },
//!   { cut = true },
//!   { hold = true },
//! ]
//! ```

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;

/// The answer of an instance to one request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Answer {
    /// The only path it answers; without one it answers the next embed or chat request.
    pub path: Option<String>,
    /// The status and the body.
    pub content: Content,
    /// The pause before the first byte.
    pub delay: Duration,
    /// Whether only the first half is sent, under the content-length of the whole, before the
    /// connection is closed.
    pub cut: bool,
    /// Whether it waits until the instance releases it.
    pub hold: bool,
}

/// The status and the body of an [`Answer`].
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Content {
    /// The answer that the request would get without a script.
    #[default]
    Default,
    /// A chat message of the model, streamed when the request asks for that.
    Reply(String),
    /// The vectors of an embed answer, one per text.
    Vectors(Vec<Vec<f64>>),
    /// These bytes.
    Body {
        /// HTTP status.
        status: u16,
        /// The body.
        body: Bytes,
    },
}

impl Answer {
    /// An answer with this status and body.
    #[must_use]
    pub fn body(status: u16, body: impl Into<Bytes>) -> Answer {
        let body = body.into();
        Answer {
            content: Content::Body { status, body },
            ..Answer::default()
        }
    }

    /// The same answer, for this path only.
    #[must_use]
    pub fn to(mut self, path: &str) -> Answer {
        self.path = Some(path.to_owned());
        self
    }
}

/// A scripted answer of the model server.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The only path that it answers; without one it answers the next embed or chat request.
    path: Option<String>,
    /// A chat message of the model.
    reply: Option<String>,
    /// The vectors of an embed answer, one per text.
    vectors: Option<Vec<Vec<f64>>>,
    /// The HTTP status; needs a `body` below 400.
    status: Option<u16>,
    /// The body for a `status`.
    body: Option<String>,
    /// The body of an answer with status 200.
    raw: Option<String>,
    /// The pause before the first byte.
    delay_ms: Option<u64>,
    /// Whether only the first half is sent before the connection is closed.
    #[serde(default)]
    cut: bool,
    /// Whether it waits until the case is over.
    #[serde(default)]
    hold: bool,
}

impl JsonSchema for Answer {
    fn schema_name() -> Cow<'static, str> {
        "Answer".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Written::json_schema(generator)
    }
}

impl TryFrom<Written> for Answer {
    type Error = String;

    fn try_from(written: Written) -> Result<Answer, String> {
        if let Some(path) = &written.path
            && !path.starts_with('/')
        {
            return Err(format!(
                "`path` is `{path}`; it must start with a slash, as in `/api/embed`"
            ));
        }
        let content = match (
            written.reply,
            written.vectors,
            written.status,
            written.body,
            written.raw,
        ) {
            (None, None, None, None, None) => Content::Default,
            (Some(reply), None, None, None, None) => Content::Reply(reply),
            (None, Some(vectors), None, None, None) => Content::Vectors(finite(vectors)?),
            (None, None, None, None, Some(raw)) => Content::Body {
                status: 200,
                body: raw.into(),
            },
            (None, None, Some(status), body, None) => body_with_status(status, body)?,
            (None, None, None, Some(_), None) => {
                return Err("`body` needs a `status`; for 200 write `raw`".to_owned());
            }
            _ => {
                return Err(
                    "an answer has one of `reply`, `vectors`, `raw` or `status` with `body`"
                        .to_owned(),
                );
            }
        };
        Ok(Answer {
            path: written.path,
            content,
            delay: Duration::from_millis(written.delay_ms.unwrap_or(0)),
            cut: written.cut,
            hold: written.hold,
        })
    }
}

fn body_with_status(status: u16, body: Option<String>) -> Result<Content, String> {
    if !(200..=599).contains(&status) {
        return Err(format!("`status` is {status}; it must be from 200 to 599"));
    }
    let body = match body {
        Some(body) => body.into(),
        None if status >= 400 => format!(r#"{{"error":"scripted status {status}"}}"#).into(),
        None => {
            return Err(format!(
                "`status` {status} needs a `body`; for an ordinary answer write `reply` or `vectors`"
            ));
        }
    };
    Ok(Content::Body { status, body })
}

fn finite(vectors: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, String> {
    if vectors.iter().flatten().all(|number| number.is_finite()) {
        Ok(vectors)
    } else {
        Err(
            "`vectors` contains a number that JSON cannot express; write the whole body as `raw`"
                .to_owned(),
        )
    }
}
