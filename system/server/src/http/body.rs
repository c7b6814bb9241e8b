//! Reading the whole body of a request, up to the limit.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use futures::StreamExt;
use lakehouse_base::Limits;
use lakehouse_json::{self as json, BodyError, Json};

use crate::http::problem::Problem;

/// How many times the limit is read and discarded before the answer. A client that is still
/// sending when the connection closes sees a broken connection instead of the status 413.
pub(crate) const DRAIN_FACTOR: usize = 16;

/// The body of a request, no larger than the configuration allows.
pub(crate) struct WholeBody {
    bytes: Bytes,
    limits: Limits,
}

impl WholeBody {
    /// The body as JSON.
    ///
    /// # Errors
    /// When the body is not UTF-8, not JSON, or nested too deeply.
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

/// The limits on the body, which the router attaches to each request.
pub(crate) fn limits_of(request: &Request) -> Limits {
    request.extensions().get().copied().unwrap_or_default()
}

/// The problem of a body that ends before its length.
pub(crate) fn cut_off(_: axum::Error) -> Problem {
    Problem::bad_request("request body was cut off")
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let mut kept = Bytes::new();
    let mut length = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(cut_off)?;
        length += chunk.len();
        if length > limit {
            kept = Bytes::new();
            if length > limit.saturating_mul(DRAIN_FACTOR) {
                break;
            }
        } else if kept.is_empty() {
            // A small body is one chunk and is not copied.
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

/// `head` followed by `tail`; `head` grows in place when no other handle to it exists.
fn joined(head: Bytes, tail: &[u8]) -> Bytes {
    let mut whole = bytes::BytesMut::from(head);
    whole.extend_from_slice(tail);
    whole.freeze()
}
