//! Taking a request's body whole, up to the limit.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use futures::StreamExt;
use lakehouse_base::Limits;
use lakehouse_json::{self as json, BodyError, Json};

use crate::http::problem::Problem;

/// How much more than the limit is read and thrown away before the answer: a client that is still
/// sending when the connection closes sees a broken connection rather than the status 413.
pub(crate) const DRAIN_FACTOR: usize = 16;

/// A request's body: at most as many bytes as the configuration allows.
pub(crate) struct WholeBody {
    bytes: Bytes,
    limits: Limits,
}

impl WholeBody {
    /// The body as JSON.
    ///
    /// # Errors
    /// The contract's words for what is not UTF-8, not JSON, or nested too deeply.
    pub(crate) fn json(&self) -> Result<Json<'_>, Problem> {
        Ok(json::read_body(&self.bytes, &self.limits)?)
    }
}

impl<S: Send + Sync> FromRequest<S> for WholeBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let limits = limits_of(&request);
        let bytes = read(request.into_body(), limits.body_bytes).await?;
        Ok(Self { bytes, limits })
    }
}

/// The limits on the request's body, which the router has attached to it.
pub(crate) fn limits_of(request: &Request) -> Limits {
    request.extensions().get().copied().unwrap_or_default()
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let mut kept = Bytes::new();
    let mut length = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::bad_request("request body was cut off"))?;
        length += chunk.len();
        if length > limit {
            kept = Bytes::new();
            if length > limit.saturating_mul(DRAIN_FACTOR) {
                break;
            }
        } else if kept.is_empty() {
            // Small bodies come in one piece and are not copied.
            kept = chunk;
        } else {
            kept = joined(kept, &chunk);
        }
    }
    if length > limit {
        return Err(BodyError::TooLarge { limit }.into());
    }
    Ok(kept)
}

/// `head` with `tail` behind it; grown in place when nobody else holds `head`.
fn joined(head: Bytes, tail: &[u8]) -> Bytes {
    let mut whole = bytes::BytesMut::from(head);
    whole.extend_from_slice(tail);
    whole.freeze()
}
