//! Forwarding a request to a real model server.

use axum::body::Body;
use axum::http::{Method, Response, StatusCode, header};
use bytes::Bytes;

use super::reply::Reply;

/// The server that requests outside a script go to.
#[derive(Debug)]
pub(super) struct Forward {
    base: String,
    client: reqwest::Client,
}

impl Forward {
    pub(super) fn new(base: String) -> Forward {
        Forward {
            base: base.trim_end_matches('/').to_owned(),
            client: reqwest::Client::new(),
        }
    }

    /// The answer of the real server, its body passed through as it arrives; 502 without one.
    pub(super) async fn send(&self, method: Method, path: &str, body: Bytes) -> Response<Body> {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                return Reply::error(
                    StatusCode::BAD_GATEWAY,
                    format!("cannot forward to `{}`: {error}", self.base),
                )
                .whole();
            }
        };
        let status = answer.status();
        let content_type = answer.headers().get(header::CONTENT_TYPE).cloned();
        let mut response = Response::new(Body::from_stream(answer.bytes_stream()));
        *response.status_mut() = status;
        if let Some(content_type) = content_type {
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, content_type);
        }
        response
    }
}
