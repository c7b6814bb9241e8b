//! An answer that is ready to be sent, whole or cut.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use futures::stream;
use serde_json::Value;

/// The status, type and body of an answer; several chunks are sent as a stream.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) content_type: HeaderValue,
    pub(super) chunks: Vec<Bytes>,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

impl Reply {
    pub(super) fn json(status: StatusCode, value: &Value) -> Reply {
        Reply::raw(status, value.to_string().into())
    }

    pub(super) fn error(status: StatusCode, message: impl Into<String>) -> Reply {
        Reply::json(status, &serde_json::json!({ "error": message.into() }))
    }

    pub(super) fn raw(status: StatusCode, body: Bytes) -> Reply {
        Reply {
            status,
            content_type: JSON,
            chunks: vec![body],
        }
    }

    pub(super) fn text(status: StatusCode, body: &'static str) -> Reply {
        Reply {
            status,
            content_type: TEXT,
            chunks: vec![Bytes::from_static(body.as_bytes())],
        }
    }

    pub(super) fn lines(values: &[Value]) -> Reply {
        Reply {
            status: StatusCode::OK,
            content_type: NDJSON,
            chunks: values
                .iter()
                .map(|value| Bytes::from(format!("{value}\n")))
                .collect(),
        }
    }

    /// The whole answer.
    pub(super) fn whole(mut self) -> Response<Body> {
        let body = match self.chunks.len() {
            0 => Body::empty(),
            1 => Body::from(self.chunks.remove(0)),
            _ => Body::from_stream(stream::iter(
                self.chunks.into_iter().map(Ok::<_, std::io::Error>),
            )),
        };
        head(self.status, self.content_type, body)
    }

    /// The first half of the answer under the content-length of the whole; then the connection is
    /// closed.
    pub(super) fn cut(self) -> Response<Body> {
        let whole = self.chunks.concat();
        let half = Bytes::copy_from_slice(&whole[..whole.len() / 2]);
        let body = stream::unfold(Some(half), |half| async move {
            match half {
                Some(half) => Some((Ok(half), None)),
                None => {
                    // The server flushes the first half only when the body is not ready; the
                    // error then makes it close the connection.
                    tokio::task::yield_now().await;
                    Some((Err(std::io::Error::other("cut by the script")), None))
                }
            }
        });
        let mut response = head(self.status, self.content_type, Body::from_stream(body));
        response.headers_mut().insert(
            header::CONTENT_LENGTH,
            HeaderValue::from(whole.len().max(1)),
        );
        response
    }
}

fn head(status: StatusCode, content_type: HeaderValue, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}
