//! One scripted answer, as a case writes it.
//!
//! ```toml
//! upstream = [
//!   { path = "/api/chat", reply = "text the model says" },
//!   { path = "/api/embed", vectors = [[0.5, 0.5]] },
//!   { status = 500, body = '{"error":"out of memory"}' },
//!   { raw = "not what was asked for" },
//!   { delay_ms = 3000, reply = "late" },
//!   { cut = true },
//! ]
//! ```

use std::time::Duration;

use serde::Deserialize;

/// What an instance answers to one request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Answer {
    /// The only path it answers; without one it answers the next embed or chat request.
    pub path: Option<String>,
    /// What is sent.
    pub content: Content,
    /// Waited before the first byte.
    pub delay: Duration,
    /// Half of the answer is sent, under the content-length of all of it; then the connection is
    /// closed.
    pub cut: bool,
}

/// The body of an [`Answer`].
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// What the request would get without a script.
    Default,
    /// A chat message of the model, streamed when the request asks for that.
    Reply(String),
    /// The vectors of an embed answer, one per text.
    Vectors(Vec<Vec<f64>>),
    /// These bytes under this status.
    Body {
        /// HTTP status.
        status: u16,
        /// Sent as it is.
        body: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: Option<String>,
    reply: Option<String>,
    vectors: Option<Vec<Vec<f64>>>,
    status: Option<u16>,
    body: Option<String>,
    raw: Option<String>,
    delay_ms: Option<u64>,
    #[serde(default)]
    cut: bool,
}

impl TryFrom<Written> for Answer {
    type Error = String;

    fn try_from(written: Written) -> Result<Answer, String> {
        if let Some(path) = &written.path
            && !path.starts_with('/')
        {
            return Err(format!(
                "`path` is `{path}`; it starts with a slash, as in `/api/embed`"
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
            (None, None, None, None, Some(body)) => Content::Body { status: 200, body },
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
        })
    }
}

fn body_with_status(status: u16, body: Option<String>) -> Result<Content, String> {
    if !(200..=599).contains(&status) {
        return Err(format!("`status` is {status}; it is one of 200 to 599"));
    }
    match body {
        Some(body) => Ok(Content::Body { status, body }),
        None if status >= 400 => Ok(Content::Body {
            status,
            body: format!(r#"{{"error":"scripted status {status}"}}"#),
        }),
        None => Err(format!(
            "`status` {status} needs a `body`; for an ordinary answer write `reply` or `vectors`"
        )),
    }
}

fn finite(vectors: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, String> {
    if vectors.iter().flatten().all(|number| number.is_finite()) {
        Ok(vectors)
    } else {
        Err("`vectors` holds a number that JSON cannot write; write the whole body as `raw`".into())
    }
}
